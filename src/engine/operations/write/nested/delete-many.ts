import { allOf, isEveryRow } from '../../../policy/logic.ts'
import { delegateOf } from '../../client.ts'
import { atLocation } from '../../database-errors/located-error.ts'
import { visible } from '../../scope.ts'
import { translateFilter } from '../../where/translate-filter.ts'
import { authorizeDelete } from '../authorize.ts'
import { linkSelect } from '../row-draft.ts'
import type { NestedContext, StepOf } from './nested-context.ts'

/** Deletes every linked row that a filter matches, out of those that exist for the caller. */
export async function deleteManyNested(
  { scope, plan, link }: NestedContext,
  { filters }: StepOf<'deleteMany'>,
): Promise<void> {
  const model = plan.target
  for (const { path, filter } of filters) {
    if (link.filter === null) continue
    const where = visible(scope, model, allOf([link.filter, await translateFilter(scope, model, filter)]))
    const isRestricted = !isEveryRow(scope.access.of(model).delete)
    if (plan.relation.isManyToMany || isRestricted) {
      // the link has to know which rows are gone, and the policy which ones would be
      const rows = await delegateOf(scope.database, model).findMany({ where, select: linkSelect(model) })
      const targets = rows.map(row => ({ row, path }))
      await authorizeDelete(scope, model, targets)
      await link.remove(targets)
      continue
    }
    await atLocation({ model, action: 'delete', path, origins: new Map(), isBatch: false }, () =>
      delegateOf(scope.database, model).deleteMany({ where }),
    )
  }
}
