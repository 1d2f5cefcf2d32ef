import { delegateOf } from '../../client.ts'
import { atLocation } from '../../database-errors/located-error.ts'
import { allOf } from '../../where/logic.ts'
import { translateFilter } from '../../where/translate-filter.ts'
import { linkSelect } from '../row-draft.ts'
import type { NestedContext, StepOf } from './nested-context.ts'

/** Deletes every linked row that a filter matches: one statement for each filter. */
export async function deleteManyNested(
  { scope, plan, link }: NestedContext,
  { filters }: StepOf<'deleteMany'>,
): Promise<void> {
  const model = plan.target
  for (const { path, filter } of filters) {
    if (link.filter === null) continue
    const where = allOf([link.filter, await translateFilter(scope, model, filter)])
    if (plan.relation.isManyToMany) {
      // the link has to know which rows are gone
      const rows = await delegateOf(scope.database, model).findMany({ where, select: linkSelect(model) })
      await link.remove(rows.map(row => ({ row, path })))
      continue
    }
    await atLocation({ model, action: 'delete', path, origins: new Map(), isBatch: false }, () =>
      delegateOf(scope.database, model).deleteMany({ where }),
    )
  }
}
