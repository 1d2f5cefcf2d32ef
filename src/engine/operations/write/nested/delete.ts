import { authorizeDelete } from '../authorize.ts'
import { findLinked } from '../find-targets.ts'
import type { NestedContext, StepOf } from './nested-context.ts'

/** Deletes linked rows. */
export async function deleteNested(
  { scope, plan, link }: NestedContext,
  { targets }: StepOf<'delete'>,
): Promise<void> {
  const rows = await findLinked(scope, plan.target, link, targets)
  await authorizeDelete(scope, plan.target, rows)
  await link.remove(rows)
}
