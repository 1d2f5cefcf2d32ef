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
  /** Whether one of the two was asked for. */
  readonly hasErrors: boolean
}

const none: readonly string[] = Object.freeze([])

const acceptableId = /^[\w.:=+/-]{1,128}$/

/**
 * Starts a record.
 *
 * @param requestId default: the caller's `X-Request-Id` if it is plain and short; otherwise a new one is made
 */
export function createRequestRecord(
  request: IncomingMessage,
  requestId = readRequestId(request),
): RequestRecord {
  const target = request.url ?? '/'
  const queryStart = target.indexOf('?')
  return new Recorded({
    requestId,
    method: request.method ?? 'GET',
    path: queryStart === -1 ? target : target.slice(0, queryStart),
  })
}

/** Starts a record of an operation on the connection that a record is about. */
export function createOperationRecord({ path }: RequestRecord, requestId: string): RequestRecord {
  return new Recorded({ requestId, method: 'WS', path })
}

function readRequestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && acceptableId.test(given) ? given : randomUUID()
}

/** A class for the sets, which few requests have something for. */
class Recorded implements RequestRecord {
  readonly requestId: string
  readonly method: string
  readonly path: string
  readonly startedAt = performance.now()
  operationType: string | undefined = undefined
  operationName: string | undefined = undefined
  viewer: Viewer | undefined = undefined
  cost: number | undefined = undefined
  spender: string | undefined = undefined
  #errorCodes: Set<string> | undefined
  #errorIds: Set<string> | undefined

  constructor({ requestId, method, path }: Pick<RequestRecord, 'requestId' | 'method' | 'path'>) {
    this.requestId = requestId
    this.method = method
    this.path = path
  }

  get errorCodes(): Set<string> {
    this.#errorCodes ??= new Set()
    return this.#errorCodes
  }

  get errorIds(): Set<string> {
    this.#errorIds ??= new Set()
    return this.#errorIds
  }

  get hasErrors(): boolean {
    return this.#errorCodes !== undefined || this.#errorIds !== undefined
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
    errorCodes: record.hasErrors ? [...record.errorCodes] : none,
    errorIds: record.hasErrors ? [...record.errorIds] : none,
  }
}
