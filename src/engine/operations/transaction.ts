import { setTimeout } from 'node:timers/promises'
import { RefractError } from '../../errors.ts'
import type { Model } from '../datamodel/model.ts'
import { describeDatabaseError } from './database-errors/describe-database-error.ts'
import { LocatedError, type WriteLocation } from './database-errors/located-error.ts'
import { isTransactionConflict, readDatabaseError } from './database-errors/read-database-error.ts'
import { type Scope, withTransaction } from './scope.ts'
import { createRows } from './write/create-rows.ts'
import { type Planning, planInput } from './write/planning.ts'
import { updateRow } from './write/update-row.ts'
import { forbiddenError, type WriteError, WriteFailure } from './write/write-error.ts'
import type { WriteScope } from './write/write-scope.ts'

/** What became of a mutation: its result, or what the caller can mend. */
export type WriteOutcome<Result> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly errors: readonly WriteError[] }

/** How often a mutation is done again because another transaction was in its way. */
const maximumRetries = 3

/** At random, so that two which were in each other's way are not again. */
const longestPause = 50 // milliseconds

const writers = { createRows, updateRow }

interface Attempt {
  /** Conflicts with other transactions so far. */
  readonly conflicts: number
  readonly isRowByRow: boolean
  /** It was done again because somebody else took a unique key between a look-up and the write. */
  readonly isAfterRace: boolean
}

/**
 * Plans a mutation, which refuses what is wrong with its input before any statement runs, and then runs it.
 *
 * @see runWrite
 */
export async function runPlanned<Plan, Result>(
  scope: Scope,
  model: Model,
  makePlan: (planning: Planning) => Plan,
  work: (scope: WriteScope, plan: Plan) => Promise<Result>,
): Promise<WriteOutcome<Result>> {
  const planned = planInput(scope, makePlan)
  return planned.ok ? runWrite(scope, model, inner => work(inner, planned.plan)) : planned
}

/**
 * Runs a mutation in one transaction: everything is written, or nothing. What `work` throws rolls it back.
 *
 * Conflicts with other transactions are retried. A statement that wrote several rows and failed is done again row by
 * row, so that the error names the row. Afterwards the request's loaders are empty, since they hold rows as they were.
 *
 * @param model the mutation's own, for what only the COMMIT finds wrong
 * @param work may run several times, so it does nothing but write to the scope's client
 * @throws what is no fault of the input, unchanged
 */
export async function runWrite<Result>(
  scope: Scope,
  model: Model,
  work: (scope: WriteScope) => Promise<Result>,
): Promise<WriteOutcome<Result>> {
  let attempt: Attempt | null = { conflicts: 0, isRowByRow: false, isAfterRace: false }
  let failure: unknown
  while (attempt) {
    if (attempt.conflicts > 0) await setTimeout(Math.random() * longestPause)
    try {
      return { ok: true, result: await runOnce(scope, work, attempt.isRowByRow) }
    } catch (error) {
      failure = error
      attempt = nextAttempt(attempt, error)
    } finally {
      scope.loaders.clear()
    }
  }
  return { ok: false, errors: await describeFailure(scope, model, failure) }
}

function runOnce<Result>(
  scope: Scope,
  work: (scope: WriteScope) => Promise<Result>,
  isRowByRow: boolean,
): Promise<Result> {
  return scope.database.$transaction(
    transaction => work({ ...withTransaction(scope, transaction), isRowByRow, writers }),
    { timeout: scope.settings.transactionTimeout },
  )
}

function nextAttempt(attempt: Attempt, error: unknown): Attempt | null {
  const cause = error instanceof LocatedError ? error.cause : error
  if (isTransactionConflict(cause)) {
    return attempt.conflicts < maximumRetries ? { ...attempt, conflicts: attempt.conflicts + 1 } : null
  }
  if (!(error instanceof LocatedError)) return null
  const state = readDatabaseError(cause)?.state
  if (error.location.isBatch && state !== undefined && !attempt.isRowByRow)
    return { ...attempt, isRowByRow: true }
  const isTaken = error.location.isRace && state === '23505'
  return isTaken && !attempt.isAfterRace ? { ...attempt, isAfterRace: true } : null
}

async function describeFailure(scope: Scope, model: Model, failure: unknown): Promise<readonly WriteError[]> {
  if (failure instanceof WriteFailure) return failure.errors
  const isLocated = failure instanceof LocatedError
  // a constraint that is deferred speaks at the COMMIT, when no statement is to blame any more
  const location = isLocated ? failure.location : atCommit(model)
  const cause = isLocated ? failure.cause : failure
  if (cause instanceof RefractError && cause.code === 'FORBIDDEN') {
    return [forbiddenError(location.path, cause.message)]
  }
  const described = await describeDatabaseError(scope, cause, location)
  if (!described) throw cause
  return [described]
}

function atCommit(model: Model): WriteLocation {
  return { model, action: 'update', path: [], origins: new Map(), isBatch: false }
}
