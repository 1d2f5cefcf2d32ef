import { findLinked } from '../find-targets.ts'
import type { NestedContext, StepOf } from './nested-context.ts'

/** Deletes linked rows. */
export async function deleteNested(
  { scope, plan, link }: NestedContext,
  { targets }: StepOf<'delete'>,
): Promise<void> {
  await link.remove(await findLinked(scope, plan.target, link, targets))
}
