import type { Model } from '../../datamodel/model.ts'
import { isEveryRow } from '../../policy/logic.ts'
import type { Row, Select } from '../client.ts'
import { findMatching } from '../read/find-matching.ts'
import { type Scope, visible } from '../scope.ts'
import { runPlanned, type WriteOutcome } from '../transaction.ts'
import { createRows } from './create-rows.ts'
import { planCreate } from './plan-row.ts'
import { type Input, itemsOf } from './planning.ts'
import { readRows, rowSelect } from './read-row.ts'
import { hasAfter, linkSelect } from './row-draft.ts'
import type { RowPlan } from './row-plan.ts'
import type { WriteScope, WrittenRows } from './write-scope.ts'

/** Creates rows and all that is nested in their inputs, all or none: `createIssues`. Those that exist for the caller come
 * back in order. */
export function createMany(
  scope: Scope,
  model: Model,
  data: readonly Input[],
  select: Select | undefined,
): Promise<WriteOutcome<WrittenRows>> {
  return runPlanned(
    scope,
    model,
    planning =>
      itemsOf(planning, data, ['data']).map(({ item, path }) => planCreate(planning, model, item, path)),
    async (inner, plans) => ({
      rows: await createPlans(inner, model, plans, rowSelect(model, select)),
      count: plans.length,
    }),
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
  if (!model.primaryKey) {
    const rows = await createRows(scope, creations, { ...linkSelect(model), ...select })
    const areVisible = await findMatching(scope, model, visible(scope, model), rows)
    return rows.filter((_, index) => areVisible[index])
  }
  const isRead = isEveryRow(visible(scope, model))
  if (isRead && isFlat && !plans.some(hasAfter)) return createRows(scope, creations, select)
  return readRows(scope, model, await createRows(scope, creations), select)
}
