import { delegateOf } from '../../client.ts'
import { atLocation } from '../../database-errors/located-error.ts'
import { allOf } from '../../where/logic.ts'
import { translateFilter } from '../../where/translate-filter.ts'
import { versionBump } from '../version-bump.ts'
import type { NestedContext, StepOf } from './nested-context.ts'

/** Changes every linked row that a filter matches: one statement for each filter. */
export async function updateManyNested(
  { scope, plan, link }: NestedContext,
  { changes }: StepOf<'updateMany'>,
): Promise<void> {
  const { target } = plan
  for (const { filter, data } of changes) {
    if (link.filter === null || Object.keys(data.values).length === 0) continue
    const where = allOf([link.filter, await translateFilter(scope, target, filter)])
    const values = { ...data.values, ...versionBump(target, data.values) }
    const { path, origins } = data
    await atLocation({ model: target, action: 'update', path, origins, isBatch: false }, () =>
      delegateOf(scope.database, target).updateMany({ where, data: values }),
    )
  }
}
