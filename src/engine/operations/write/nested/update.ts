import { findLinked } from '../find-targets.ts'
import type { NestedContext, StepOf } from './nested-context.ts'

/** Changes linked rows. */
export async function updateNested(
  { scope, plan, link }: NestedContext,
  { targets }: StepOf<'update'>,
): Promise<void> {
  for (const { data, ...target } of targets) {
    const [linked] = await findLinked(scope, plan.target, link, [target])
    if (linked) await scope.writers.updateRow(scope, linked.row, data)
  }
}
