import type { AccessEntry, ConnectionEntry } from './access-log.ts'

/** Counts what a server does: the same as its access log has, without what a client could choose. */
export interface ServerMetrics {
  request(entry: AccessEntry): void
  connection(entry: ConnectionEntry): void
}

/** Counts nothing. */
export const noMetrics: ServerMetrics = Object.freeze({
  request: () => undefined,
  connection: () => undefined,
})
