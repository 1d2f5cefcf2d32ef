import { findLinked, findLinkedRows } from '../find-targets.ts'
import type { NestedContext, StepOf } from './nested-context.ts'

/** Unlinks rows, which stay. A to-one relation that holds none is left as it is. */
export async function disconnectNested(
  { scope, plan, link }: NestedContext,
  { targets }: StepOf<'disconnect'>,
): Promise<void> {
  if (plan.relation.isList) {
    await link.detach(await findLinked(scope, plan.target, link, targets))
    return
  }
  const [row] = await findLinkedRows(scope, plan.target, link, targets)
  await link.detach(targets.flatMap(({ path }) => (row ? [{ row, path }] : [])))
}
