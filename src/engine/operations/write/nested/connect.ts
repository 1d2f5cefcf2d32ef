import { findTargets } from '../find-targets.ts'
import { isLinked } from './is-linked.ts'
import type { NestedContext, StepOf } from './nested-context.ts'

/** Links rows that exist; those that are linked already stay so. */
export async function connectNested(context: NestedContext, step: StepOf<'connect'>): Promise<void> {
  const { scope, plan, link } = context
  const targets = await findTargets(scope, plan.target, step.targets)
  const [first] = targets
  if (!first || (!plan.relation.isList && (await isLinked(context, first.row)))) return
  await link.makeRoom(first.path)
  await link.attach(targets)
}
