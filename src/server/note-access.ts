import { logAccess } from '../observe/access-log.ts'
import type { ResolvedOptions } from './options.ts'
import { accessEntry, type RequestRecord } from './request-record.ts'

/** Says in the log and to the metrics that a request has ended. */
export function noteAccess(
  { log, metrics }: Pick<ResolvedOptions, 'log' | 'metrics'>,
  record: RequestRecord,
  status: number,
): void {
  const entry = accessEntry(record, status)
  logAccess(log, entry)
  metrics.request(entry)
}
