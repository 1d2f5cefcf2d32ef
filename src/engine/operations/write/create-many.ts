import type { Model } from '../../datamodel/model.ts'
import type { Row, Select } from '../client.ts'
import type { Scope } from '../scope.ts'
import { runPlanned, type WriteOutcome } from '../transaction.ts'
import { createRows } from './create-rows.ts'
import { planCreate } from './plan-row.ts'
import { type Input, itemsOf } from './planning.ts'
import { readRows, rowSelect } from './read-row.ts'
import { hasAfter, linkSelect } from './row-draft.ts'
import type { RowPlan } from './row-plan.ts'
import type { WriteScope } from './write-scope.ts'

/** Creates rows and all that is nested in their inputs, all or none: `createIssues`. They come back in order. */
export function createMany(
  scope: Scope,
  model: Model,
  data: readonly Input[],
  select: Select | undefined,
): Promise<WriteOutcome<readonly Row[]>> {
  return runPlanned(
    scope,
    model,
    planning =>
      itemsOf(planning, data, ['data']).map(({ item, path }) => planCreate(planning, model, item, path)),
    (inner, plans) => createPlans(inner, model, plans, rowSelect(model, select)),
  )
}

async function createPlans(
  scope: WriteScope,
  model: Model,
  plans: readonly RowPlan[],
  select: Select,
): Promise<readonly Row[]> {
  const creations = plans.map(plan => ({ plan, preset: {} }))
  const isFlat = Object.values(select).every(value => value === true)
  if (!model.primaryKey) return createRows(scope, creations, { ...linkSelect(model), ...select })
  if (isFlat && !plans.some(hasAfter)) return createRows(scope, creations, select)
  return readRows(scope, model, await createRows(scope, creations), select)
}
