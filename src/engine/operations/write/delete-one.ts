import type { Model } from '../../datamodel/model.ts'
import { delegateOf, type Row, type Select } from '../client.ts'
import { atLocation, LocatedError } from '../database-errors/located-error.ts'
import { isRowMissing } from '../database-errors/read-database-error.ts'
import type { Scope } from '../scope.ts'
import { runPlanned, type WriteOutcome } from '../transaction.ts'
import { authorizeDelete } from './authorize.ts'
import { deleteRow } from './delete-row.ts'
import { missingTarget } from './find-targets.ts'
import { lockVersion } from './lock-row.ts'
import { planUnique } from './plan-unique.ts'
import { pointFields } from './plan-values.ts'
import type { Input } from './planning.ts'
import { readTarget, rowSelect, withPoints } from './read-row.ts'
import type { TargetPlan } from './row-plan.ts'
import { WriteFailure } from './write-error.ts'
import type { WriteScope } from './write-scope.ts'

export interface DeleteOneInput {
  /** The unique input of GraphQL. */
  readonly where: Input
  /** The version that the row must have. */
  readonly ifVersion?: string | null
}

/**
 * Deletes a row: `deleteIssue`.
 *
 * @returns the row as it was. Its to-one relations can still be followed; its lists hold what the delete has left.
 */
export function deleteOne(
  scope: Scope,
  model: Model,
  { where, ifVersion }: DeleteOneInput,
  select: Select | undefined,
): Promise<WriteOutcome<Row>> {
  return runPlanned(
    scope,
    model,
    planning => planUnique(planning, model, where, ['where']),
    async (inner, target) => {
      if (typeof ifVersion === 'string') await lockVersion(inner, model, target, ifVersion)
      return pointFields(model).length > 0 || !inner.access.isFull
        ? readAndDelete(inner, model, target, rowSelect(model, select))
        : deleteAtOnce(inner, model, target, rowSelect(model, select))
    },
  )
}

async function deleteAtOnce(
  scope: WriteScope,
  model: Model,
  target: TargetPlan,
  select: Select,
): Promise<Row> {
  const { path, where } = target
  try {
    return await atLocation({ model, action: 'delete', path, origins: new Map(), isBatch: false }, () =>
      delegateOf(scope.database, model).delete({ where, select, relationLoadStrategy: 'query' }),
    )
  } catch (error) {
    const isMissing = error instanceof LocatedError && isRowMissing(error.cause)
    throw isMissing ? new WriteFailure([missingTarget(model, target)]) : error
  }
}

async function readAndDelete(
  scope: WriteScope,
  model: Model,
  target: TargetPlan,
  select: Select,
): Promise<Row> {
  const row = await readTarget(scope, model, target, select)
  if (!row) throw new WriteFailure([missingTarget(model, target)])
  await authorizeDelete(scope, model, [{ row, path: target.path }])
  const [complete = row] = await withPoints(scope, model, [row])
  await deleteRow(scope, model, row, target.path)
  return complete
}
