import { afterLookUp } from '../../database-errors/located-error.ts'
import { findLinkedRows } from '../find-targets.ts'
import { createNested } from './create.ts'
import type { NestedContext, StepOf } from './nested-context.ts'

/** Changes a linked row, or creates and links one where there is none. */
export async function upsertNested(context: NestedContext, { targets }: StepOf<'upsert'>): Promise<void> {
  const { scope, plan, link } = context
  for (const { create, update, ...target } of targets) {
    const [row] = await findLinkedRows(scope, plan.target, link, [target])
    if (row) await scope.writers.updateRow(scope, row, update)
    else await afterLookUp(() => createNested(context, { rows: [create] }))
  }
}
