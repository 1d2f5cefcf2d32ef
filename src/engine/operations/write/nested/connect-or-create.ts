import { afterLookUp } from '../../database-errors/located-error.ts'
import { findTarget } from '../find-targets.ts'
import { connectNested } from './connect.ts'
import { createNested } from './create.ts'
import type { NestedContext, StepOf } from './nested-context.ts'

/** Links the row of the key where it exists, else a new one. In order, so that a row created here is found here. */
export async function connectOrCreateNested(
  context: NestedContext,
  { targets }: StepOf<'connectOrCreate'>,
): Promise<void> {
  for (const { create, ...target } of targets) {
    const exists = await findTarget(context.scope, context.plan.target, target)
    if (exists) await connectNested(context, { verb: 'connect', targets: [target] })
    else await afterLookUp(() => createNested(context, { rows: [create] }))
  }
}
