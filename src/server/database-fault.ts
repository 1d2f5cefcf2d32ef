/** What kept the database from answering: it could not be reached, or it took too long. */
export type DatabaseFault = 'UNAVAILABLE' | 'TIMEOUT'

/** Prisma's codes, its driver adapters' kinds, Node's socket codes. */
const unavailable: ReadonlySet<string> = new Set([
  ...['P1000', 'P1001', 'P1002', 'P1003', 'P1008', 'P1010', 'P1011', 'P1017', 'P2024', 'P2037'],
  ...[
    'DatabaseNotReachable',
    'ConnectionClosed',
    'SocketTimeout',
    'TooManyConnections',
    'TlsConnectionError',
  ],
  ...['DatabaseDoesNotExist', 'DatabaseAccessDenied', 'AuthenticationFailed'],
  ...['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'],
])

/** PostgreSQL's classes 08 (connection), 53 (resources) and 57P (shut down by an operator). */
const unavailableState = /^(?:08[0-9A-Z]{3}|53[0-9A-Z]{3}|57P0[0-9A-Z])$/

/** Cancelled by statement_timeout, lock_timeout, idle-in-transaction; Prisma's transaction that ran out of time. */
const timedOut: ReadonlySet<string> = new Set(['57014', '55P03', '25P03', 'P2028'])

/** `pg` throws plain errors without a code for these. */
const unavailableMessage =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after calling end)/

const deepest = 8

/** Returns the fault that an error stands for, also when it is wrapped; undefined for any other error. */
export function databaseFault(error: unknown, depth = 0): DatabaseFault | undefined {
  if (typeof error !== 'object' || error === null || depth > deepest) {
    return undefined
  }
  for (const value of [
    read(error, 'code'),
    read(error, 'errorCode'),
    read(error, 'kind'),
    read(error, 'originalCode'),
  ]) {
    if (typeof value !== 'string') {
      continue
    }
    if (unavailable.has(value) || unavailableState.test(value)) {
      return 'UNAVAILABLE'
    }
    if (timedOut.has(value)) {
      return 'TIMEOUT'
    }
  }
  const message = read(error, 'message')
  if (typeof message === 'string' && unavailableMessage.test(message)) {
    return 'UNAVAILABLE'
  }
  const meta = read(error, 'meta')
  return (
    // several addresses of a host that were tried
    (error instanceof AggregateError ? databaseFault(error.errors[0], depth + 1) : undefined) ??
    databaseFault(read(error, 'cause'), depth + 1) ??
    (typeof meta === 'object' && meta !== null
      ? databaseFault(read(meta, 'driverAdapterError'), depth + 1)
      : undefined)
  )
}

function read(value: object, key: string): unknown {
  return key in value ? (value as Readonly<Record<string, unknown>>)[key] : undefined
}
