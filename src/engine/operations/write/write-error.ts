import type { Model } from '../../datamodel/model.ts'
import type { Row } from '../client.ts'

/** Where in the arguments of a mutation field a value stands: names, and positions in lists as text. */
export type InputPath = readonly string[]

interface WriteErrorBase {
  /** Says what was expected and what came, in GraphQL's names. */
  readonly message: string
  readonly path: InputPath
}

/** A row with the same values exists. `fields` are GraphQL names; empty where the constraint is not over columns. */
export interface UniqueError extends WriteErrorBase {
  readonly type: 'UniqueError'
  readonly fields: readonly string[]
}

/** A row refers to one that does not exist, or others still refer to it. */
export interface ForeignKeyError extends WriteErrorBase {
  readonly type: 'ForeignKeyError'
}

/** A rule of the database refused the row: a check constraint, or what a trigger raised. */
export interface CheckError extends WriteErrorBase {
  readonly type: 'CheckError'
  readonly constraint: string | null
}

/** A value that can be refused by looking at the input and the schema alone. */
export interface ValidationError extends WriteErrorBase {
  readonly type: 'ValidationError'
}

/** A rule of the policy refused what the caller may see: a change, a deletion, or a row as it would be. */
export interface ForbiddenError extends WriteErrorBase {
  readonly type: 'ForbiddenError'
}

/** No row is there, or none that the caller may see. */
export interface NotFoundError extends WriteErrorBase {
  readonly type: 'NotFoundError'
}

/** The row has changed since the caller read it; `key` is the primary key of the row as it is now. */
export interface ConflictError extends WriteErrorBase {
  readonly type: 'ConflictError'
  readonly model: Model
  readonly key: Row
}

/** More rows than a limit allows. `actual` is null where counting was given up past the limit. */
export interface LimitError extends WriteErrorBase {
  readonly type: 'LimitError'
  readonly limit: number
  readonly actual: number | null
}

/** What the caller of a mutation can mend. */
export type WriteError =
  | UniqueError
  | ForeignKeyError
  | CheckError
  | ValidationError
  | ForbiddenError
  | NotFoundError
  | ConflictError
  | LimitError

/** Thrown inside a mutation's transaction: rolls it back, and is answered as the mutation's `errors`. */
export class WriteFailure extends Error {
  readonly errors: readonly WriteError[]

  constructor(errors: readonly WriteError[]) {
    super(errors.map(error => error.message).join(' '))
    this.name = 'WriteFailure'
    this.errors = errors
  }
}

export function validationError(path: InputPath, message: string): ValidationError {
  return { type: 'ValidationError', path, message }
}

export function forbiddenError(path: InputPath, message: string): ForbiddenError {
  return { type: 'ForbiddenError', path, message }
}

export function notFoundError(path: InputPath, message: string): NotFoundError {
  return { type: 'NotFoundError', path, message }
}

export function limitError(path: InputPath, limit: number, actual: number): LimitError {
  return {
    type: 'LimitError',
    path,
    message: `Expected at most ${limit} rows at once; ${actual} came.`,
    limit,
    actual,
  }
}
