import type { Model } from '../../datamodel/model.ts'
import { isEveryRow } from '../../policy/logic.ts'
import type { Row, Select } from '../client.ts'
import { keyWhere } from '../key.ts'
import { findMatching } from '../read/find-matching.ts'
import { type Scope, visible } from '../scope.ts'
import { runPlanned, type WriteOutcome } from '../transaction.ts'
import { createRows } from './create-rows.ts'
import { planCreate } from './plan-row.ts'
import type { Input } from './planning.ts'
import { readRow, rowSelect } from './read-row.ts'
import { hasAfter, linkSelect } from './row-draft.ts'
import type { RowPlan } from './row-plan.ts'
import type { WriteScope } from './write-scope.ts'

/** Creates a row and all that is nested in its input: `createIssue`. */
export function createOne(
  scope: Scope,
  model: Model,
  data: Input,
  select: Select | undefined,
): Promise<WriteOutcome<Row | null>> {
  return runPlanned(
    scope,
    model,
    planning => planCreate(planning, model, data, ['data']),
    (inner, plan) => createPlanned(inner, plan, rowSelect(model, select)),
  )
}

/**
 * Creates a planned row and reads it as it is when everything nested is there. Null where the row is not one that exists
 * for the caller: not everybody may read what he may create.
 */
export async function createPlanned(scope: WriteScope, plan: RowPlan, select: Select): Promise<Row | null> {
  const { model } = plan
  const creation = { plan, preset: {} }
  const isRead = isEveryRow(visible(scope, model))
  if (isRead && !hasAfter(plan)) return (await createRows(scope, [creation], select))[0] ?? null
  // a row without a primary key cannot be found again
  const columns = model.primaryKey ? linkSelect(model) : { ...linkSelect(model), ...select }
  const [row] = await createRows(scope, [creation], columns)
  if (!row) return null
  if (model.primaryKey) return readRow(scope, model, keyWhere(model, row), select)
  const [isVisible] = await findMatching(scope, model, visible(scope, model), [row])
  return isVisible ? row : null
}
