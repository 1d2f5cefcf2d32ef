import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Viewer } from '../engine/index.ts'
import type { AccessEntry } from '../observe/access-log.ts'

/** What the server notes about a request while it runs; the access line is written from it. */
export interface RequestRecord {
  readonly requestId: string
  readonly method: string
  /** Without the query string. */
  readonly path: string
  /** Of `performance.now()`. */
  readonly startedAt: number
  operationType: string | undefined
  operationName: string | undefined
  /** Who asks, as soon as it is known. */
  viewer: Viewer | undefined
  /** What the operation may cost, as soon as it is known. */
  cost: number | undefined
  /** Whose points the request is still to spend; undefined where nobody's, or when it has. */
  spender: string | undefined
  readonly errorCodes: Set<string>
  readonly errorIds: Set<string>
}

const acceptableId = /^[\w.:=+/-]{1,128}$/

/** Starts a record. The caller's `X-Request-Id` is kept if it is plain and short; otherwise a new id is made. */
export function createRequestRecord(request: IncomingMessage): RequestRecord {
  const given = request.headers['x-request-id']
  const target = request.url ?? '/'
  const queryStart = target.indexOf('?')
  return {
    requestId: typeof given === 'string' && acceptableId.test(given) ? given : randomUUID(),
    method: request.method ?? 'GET',
    path: queryStart === -1 ? target : target.slice(0, queryStart),
    startedAt: performance.now(),
    operationType: undefined,
    operationName: undefined,
    viewer: undefined,
    cost: undefined,
    spender: undefined,
    errorCodes: new Set(),
    errorIds: new Set(),
  }
}

/** What the access log says of a request that has ended. */
export function accessEntry(record: RequestRecord, status: number): AccessEntry {
  return {
    method: record.method,
    path: record.path,
    requestId: record.requestId,
    status,
    milliseconds: performance.now() - record.startedAt,
    operationType: record.operationType,
    operationName: record.operationName,
    errorCodes: [...record.errorCodes],
    errorIds: [...record.errorIds],
  }
}
