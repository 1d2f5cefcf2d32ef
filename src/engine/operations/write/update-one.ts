import type { Model } from '../../datamodel/model.ts'
import type { Row, Select } from '../client.ts'
import { LocatedError } from '../database-errors/located-error.ts'
import { isRowMissing } from '../database-errors/read-database-error.ts'
import { keyWhere } from '../key.ts'
import type { Scope } from '../scope.ts'
import { runPlanned, type WriteOutcome } from '../transaction.ts'
import { missingTarget } from './find-targets.ts'
import { lockVersion } from './lock-row.ts'
import { planIncrement } from './plan-increment.ts'
import { planUpdate } from './plan-row.ts'
import { planUnique } from './plan-unique.ts'
import type { Input } from './planning.ts'
import { readRow, readTarget, rowSelect } from './read-row.ts'
import { linkSelect } from './row-draft.ts'
import type { RowPlan, TargetPlan } from './row-plan.ts'
import { isPlain, updateColumns, updateRow } from './update-row.ts'
import { WriteFailure } from './write-error.ts'
import type { WriteScope } from './write-scope.ts'

export interface UpdateOneInput {
  /** The unique input of GraphQL. */
  readonly where: Input
  readonly data: Input
  readonly increment?: Input | null
  /** The version that the row must have. */
  readonly ifVersion?: string | null
}

/** Changes a row and all that is nested in its input: `updateIssue`. */
export function updateOne(
  scope: Scope,
  model: Model,
  { where, data, increment, ifVersion }: UpdateOneInput,
  select: Select | undefined,
): Promise<WriteOutcome<Row | null>> {
  return runPlanned(
    scope,
    model,
    planning => ({
      target: planUnique(planning, model, where, ['where']),
      row: planIncrement(planning, planUpdate(planning, model, data, ['data']), increment),
    }),
    (inner, { target, row }) =>
      updatePlanned(inner, target, row, rowSelect(model, select), ifVersion ?? null),
  )
}

async function updatePlanned(
  scope: WriteScope,
  target: TargetPlan,
  plan: RowPlan,
  select: Select,
  ifVersion: string | null,
): Promise<Row | null> {
  const { model } = plan
  // without a policy there is nothing to be known of the row before it is changed
  if (ifVersion === null && isPlain(plan) && scope.access.isFull)
    return updateAtOnce(scope, target, plan, select)
  const current =
    ifVersion === null
      ? await readTarget(scope, model, target, linkSelect(model))
      : await lockVersion(scope, model, target, ifVersion)
  if (!current) throw new WriteFailure([missingTarget(model, target)])
  return updateFound(scope, current, plan, select)
}

/** Changes a row that was read with its link columns, and reads it as it is then. */
export async function updateFound(
  scope: WriteScope,
  current: Row,
  plan: RowPlan,
  select: Select,
): Promise<Row | null> {
  const { model } = plan
  if (isPlain(plan) && scope.access.isFull)
    return updateColumns(scope, keyWhere(model, current), plan, select)
  const row = await updateRow(scope, current, plan)
  return readRow(scope, model, keyWhere(model, row), select)
}

async function updateAtOnce(
  scope: WriteScope,
  target: TargetPlan,
  plan: RowPlan,
  select: Select,
): Promise<Row> {
  try {
    return await updateColumns(scope, target.where, plan, select)
  } catch (error) {
    const isMissing = error instanceof LocatedError && isRowMissing(error.cause)
    throw isMissing ? new WriteFailure([missingTarget(plan.model, target)]) : error
  }
}
