import { delegateOf, type Row } from '../../client.ts'
import { keyText } from '../../key.ts'
import { visible } from '../../scope.ts'
import { findTargets } from '../find-targets.ts'
import { isLinkRequired } from '../nested-verbs.ts'
import { linkSelect } from '../row-draft.ts'
import { validationError, WriteFailure } from '../write-error.ts'
import type { NestedContext, StepOf } from './nested-context.ts'

/** Links exactly the given rows: others that exist for the caller are unlinked. */
export async function setNested(context: NestedContext, step: StepOf<'set'>): Promise<void> {
  const { scope, plan, link } = context
  const names = plan.target.primaryKey?.fields ?? []
  const textOf = (row: Row) => keyText(plan.target, names, row)
  const wanted = await findTargets(scope, plan.target, step.targets)
  const linked = await findAllLinked(context)
  const wantedKeys = new Set(wanted.map(({ row }) => textOf(row)))
  const linkedKeys = new Set(linked.map(textOf))
  const leaving = linked.filter(row => !wantedKeys.has(textOf(row)))
  if (leaving.length > 0 && isLinkRequired(scope.datamodel, plan.relation)) {
    throw new WriteFailure([validationError(step.path, leavingMessage(context, leaving.length))])
  }
  await link.detach(leaving.map(row => ({ row, path: step.path })))
  await link.attach(wanted.filter(({ row }) => !linkedKeys.has(textOf(row))))
}

async function findAllLinked({ scope, plan, link }: NestedContext): Promise<readonly Row[]> {
  if (link.filter === null) return []
  return delegateOf(scope.database, plan.target).findMany({
    where: visible(scope, plan.target, link.filter),
    select: linkSelect(plan.target),
    relationLoadStrategy: 'query',
  })
}

function leavingMessage({ plan }: NestedContext, count: number): string {
  const { relation, target } = plan
  return `${relation.graphqlName}: ${count} rows that are linked now are not in the list, and ${target.typeName} cannot be without this row. Expected them in the list too, or delete.`
}
