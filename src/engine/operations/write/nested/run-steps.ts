import type { NestedStep } from '../row-plan.ts'
import { connectNested } from './connect.ts'
import { connectOrCreateNested } from './connect-or-create.ts'
import { createNested } from './create.ts'
import { deleteNested } from './delete.ts'
import { deleteManyNested } from './delete-many.ts'
import { disconnectNested } from './disconnect.ts'
import type { NestedContext } from './nested-context.ts'
import { setNested } from './set.ts'
import { updateNested } from './update.ts'
import { updateManyNested } from './update-many.ts'
import { upsertNested } from './upsert.ts'

/** Does what the plan says with the rows at the other end of one relation. */
export async function runSteps(context: NestedContext): Promise<void> {
  for (const step of context.plan.steps) await runStep(context, step)
}

function runStep(context: NestedContext, step: NestedStep): Promise<void> {
  switch (step.verb) {
    case 'create':
      return createNested(context, step)
    case 'connect':
      return connectNested(context, step)
    case 'connectOrCreate':
      return connectOrCreateNested(context, step)
    case 'disconnect':
      return disconnectNested(context, step)
    case 'set':
      return setNested(context, step)
    case 'update':
      return updateNested(context, step)
    case 'upsert':
      return upsertNested(context, step)
    case 'delete':
      return deleteNested(context, step)
    case 'updateMany':
      return updateManyNested(context, step)
    case 'deleteMany':
      return deleteManyNested(context, step)
  }
}
