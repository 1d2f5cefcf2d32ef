import { delegateOf, type Row, type Select, type Where } from '../client.ts'
import { atLocation } from '../database-errors/located-error.ts'
import { keyWhere } from '../key.ts'
import { assertReferences } from './assert-references.ts'
import { authorizeUpdate } from './authorize.ts'
import { createDraft, draftData, hasJoins, linkSelect, type RowDraft } from './row-draft.ts'
import type { RowPlan } from './row-plan.ts'
import { runAfter, runBefore } from './run-relations.ts'
import { versionBump, versionTouch } from './version-bump.ts'
import { writePoints } from './write-points.ts'
import type { WriteScope } from './write-scope.ts'

/**
 * Changes a row and all that is nested in the change. A plan that says nothing writes nothing.
 *
 * @param current the row, which exists for the caller, read with its link columns
 * @returns the row's link columns as they are now
 * @throws WriteFailure (ForbiddenError) where the policy does not let the caller change it, even where nothing of its own
 *   is changed
 */
export async function updateRow(scope: WriteScope, current: Row, plan: RowPlan): Promise<Row> {
  const draft = createDraft(plan)
  await runBefore(scope, draft, current)
  const { model, path } = plan
  const checkAfter = await authorizeUpdate(scope, model, [{ row: current, path }], changedBy(draft), [
    ...plan.fields,
    ...plan.linked,
  ])
  await assertReferences(scope, [draft], [current])
  const row = await writeColumns(scope, draft, keyWhere(model, current), current)
  await checkAfter([{ row, path }])
  await writePoints(scope, plan, row)
  await runAfter(scope, draft, row, false)
  return row
}

/**
 * Changes the columns of a row that has no relation or point to be written: one statement.
 *
 * @param where names the row by a unique key
 */
export function updateColumns(scope: WriteScope, where: Where, plan: RowPlan, select: Select): Promise<Row> {
  return writeDraft(scope, createDraft(plan), where, select)
}

/** The columns and many-to-many relations that a draft sets. */
function changedBy({ values, joins }: RowDraft): readonly string[] {
  return [...Object.keys(values), ...[...joins.keys()].map(relation => relation.name)]
}

/** The change is of the row's own columns only, and there is one. */
export function isPlain(plan: RowPlan): boolean {
  return plan.relations.length === 0 && plan.points.length === 0 && Object.keys(plan.values).length > 0
}

async function writeColumns(scope: WriteScope, draft: RowDraft, where: Where, current: Row): Promise<Row> {
  const { values, plan } = draft
  const isUntouched = Object.keys(values).length === 0 && !hasJoins(draft) && plan.points.length === 0
  return isUntouched ? current : writeDraft(scope, draft, where, linkSelect(plan.model))
}

function writeDraft(scope: WriteScope, draft: RowDraft, where: Where, select: Select): Promise<Row> {
  const { model, path } = draft.plan
  const bump = Object.keys(draft.values).length > 0 ? versionBump : versionTouch
  const data = {
    ...draftData(draft, relation => scope.datamodel.model(relation.target)),
    ...bump(model, draft.values),
  }
  return atLocation({ model, action: 'update', path, origins: draft.origins, isBatch: false }, () =>
    delegateOf(scope.database, model).update({ where, data, select, relationLoadStrategy: 'query' }),
  )
}
