/** What PostgreSQL said of a statement that it refused. */
export interface DatabaseError {
  /** SQLSTATE, five characters. */
  readonly state: string
  readonly message: string
  /** The name of the constraint or index, where the driver passes it on. */
  readonly constraint: string | null
}

/** Finds PostgreSQL's error in what Prisma throws: inside `meta`, or, where a COMMIT fails, in the cause. */
export function readDatabaseError(error: unknown): DatabaseError | null {
  const adapterError = property(property(error, 'meta'), 'driverAdapterError') ?? error
  const cause = property(adapterError, 'cause')
  const state = property(cause, 'originalCode')
  if (typeof state !== 'string') return null
  const constraint = property(property(cause, 'constraint'), 'index')
  const message = property(cause, 'originalMessage')
  return {
    state,
    message: typeof message === 'string' ? message : '',
    constraint: typeof constraint === 'string' ? constraint : null,
  }
}

/** Another transaction was in the way: the same work can succeed when it is done again. */
export function isTransactionConflict(error: unknown): boolean {
  const state = readDatabaseError(error)?.state
  return state === '40001' || state === '40P01' || property(error, 'code') === 'P2034'
}

/** Prisma found no row to update or delete. */
export function isRowMissing(error: unknown): boolean {
  return property(error, 'code') === 'P2025'
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
}
