import { everyRow } from '../../../policy/logic.ts'
import type { Row } from '../../client.ts'
import { keyText } from '../../key.ts'
import { findLinkedRows } from '../find-targets.ts'
import type { NestedContext } from './nested-context.ts'

/** The row is the one that a to-one relation holds. */
export async function isLinked({ scope, plan, link }: NestedContext, row: Row): Promise<boolean> {
  if (plan.relation.ownsKey) return false
  const held = { path: plan.path, where: null, condition: everyRow }
  const [current] = await findLinkedRows(scope, plan.target, link, [held])
  const names = plan.target.primaryKey?.fields ?? []
  return !!current && keyText(plan.target, names, current) === keyText(plan.target, names, row)
}
