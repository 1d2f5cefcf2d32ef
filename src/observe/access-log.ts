import type { Log } from './log.ts'

/** What the access log says of one request. */
export interface AccessEntry {
  readonly method: string
  /** Without the query string, which may hold a document and its variables. */
  readonly path: string
  readonly requestId: string
  /** 499 when the client went away before the answer was complete. */
  readonly status: number
  readonly milliseconds: number
  /** `query`, `mutation` or `subscription`, once the document is known. */
  readonly operationType?: string | undefined
  readonly operationName?: string | undefined
  readonly errorCodes: readonly string[]
  /** The ids of masked errors, each of which has a log line of its own. */
  readonly errorIds: readonly string[]
}

const longestText = 200 // characters of anything that a client chose

/** Writes the one line of a request. */
export function logAccess(log: Log, entry: AccessEntry): void {
  const method = clip(entry.method)
  const path = clip(entry.path)
  const operationName = entry.operationName === undefined ? undefined : clip(entry.operationName)
  const milliseconds = Math.round(entry.milliseconds * 10) / 10
  const operation = entry.operationType ? ` ${entry.operationType} ${operationName ?? '(unnamed)'}` : ''
  const codes = entry.errorCodes.length > 0 ? ` ${entry.errorCodes.map(clip).join(',')}` : ''
  log.info(
    `${method} ${path} ${entry.status} ${milliseconds} ms${operation}${codes} ${entry.requestId.slice(0, 8)}`,
    {
      method,
      path,
      requestId: entry.requestId,
      status: entry.status,
      milliseconds,
      operationType: entry.operationType,
      operationName,
      errorCodes: entry.errorCodes.length > 0 ? entry.errorCodes : undefined,
      errorIds: entry.errorIds.length > 0 ? entry.errorIds : undefined,
    },
  )
}

/** What the access log says of one connection that stayed open, at its end. */
export interface ConnectionEntry {
  readonly path: string
  readonly requestId: string
  /** That it was closed with: 1006 for one that broke off. */
  readonly closeCode: number
  readonly reason: string
  readonly milliseconds: number
  /** How many it had. */
  readonly operations: number
  readonly errorCodes: readonly string[]
}

/** Writes the one line of a connection. */
export function logConnection(log: Log, entry: ConnectionEntry): void {
  const path = clip(entry.path)
  const reason = clip(entry.reason)
  const milliseconds = Math.round(entry.milliseconds)
  log.info(
    `WS ${path} closed ${entry.closeCode}${reason ? ` (${reason})` : ''} after ${milliseconds} ms, ${entry.operations} operations ${entry.requestId.slice(0, 8)}`,
    {
      ...entry,
      path,
      reason,
      milliseconds,
      errorCodes: entry.errorCodes.length > 0 ? entry.errorCodes : undefined,
    },
  )
}

function clip(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text
}
