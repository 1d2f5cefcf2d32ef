import { allOf, type Where } from '../../../policy/logic.ts'
import { delegateOf } from '../../client.ts'
import { atLocation } from '../../database-errors/located-error.ts'
import { visible } from '../../scope.ts'
import { translateFilter } from '../../where/translate-filter.ts'
import { assertReferences } from '../assert-references.ts'
import { authorizeUpdate } from '../authorize.ts'
import { keyRowsWhere } from '../key-values.ts'
import { createDraft, linkSelect } from '../row-draft.ts'
import type { RowPlan } from '../row-plan.ts'
import { versionBump } from '../version-bump.ts'
import type { WriteScope } from '../write-scope.ts'
import type { NestedContext, StepOf } from './nested-context.ts'

/**
 * Changes every linked row that a filter matches, out of those that exist for the caller: one statement for each filter,
 * and those that the policy takes.
 */
export async function updateManyNested(
  { scope, plan, link }: NestedContext,
  { changes }: StepOf<'updateMany'>,
): Promise<void> {
  const { target } = plan
  for (const { filter, data } of changes) {
    if (link.filter === null || Object.keys(data.values).length === 0) continue
    const where = visible(scope, target, allOf([link.filter, await translateFilter(scope, target, filter)]))
    await changeMatching(scope, where, data)
  }
}

async function changeMatching(scope: WriteScope, where: Where, plan: RowPlan): Promise<void> {
  const { model, path, origins } = plan
  const data = { ...plan.values, ...versionBump(model, plan.values) }
  const write = (rows: Where) =>
    atLocation({ model, action: 'update', path, origins, isBatch: false }, () =>
      delegateOf(scope.database, model).updateMany({ where: rows, data }),
    )
  if (scope.access.isFull) {
    await write(where)
    return
  }
  // the policy has to know which rows are changed
  const found = await delegateOf(scope.database, model).findMany({ where, select: linkSelect(model) })
  const rows = found.map(row => ({ row, path }))
  const checkAfter = await authorizeUpdate(scope, model, rows, Object.keys(plan.values), plan.fields)
  await assertReferences(
    scope,
    found.map(() => createDraft(plan)),
    found,
  )
  await write(keyRowsWhere(model, found))
  await checkAfter(rows.map(({ row }) => ({ row: { ...row, ...plan.values }, path })))
}
