import type { RelationField } from '../../datamodel/model.ts'
import type { Row } from '../client.ts'
import { createForeignLink } from './links/foreign-link.ts'
import { createJoinLink } from './links/join-link.ts'
import { createOwnedLink } from './links/owned-link.ts'
import { runSteps } from './nested/run-steps.ts'
import { isBefore, type RowDraft } from './row-draft.ts'
import type { RelationPlan, RowPlan } from './row-plan.ts'
import type { RowCreation, WriteScope } from './write-scope.ts'

/**
 * The relations whose links are written with the row itself: they fill in the draft.
 *
 * @param current the row as it is, null for one that is being created
 */
export async function runBefore(scope: WriteScope, draft: RowDraft, current: Row | null): Promise<void> {
  for (const plan of draft.plan.relations.filter(isBefore)) {
    const create = plan.relation.ownsKey ? createOwnedLink : createJoinLink
    await runSteps({ scope, plan, link: create(scope, plan, draft, current) })
  }
}

/** The relations whose foreign key is at the other end: they need the row as it was written. */
export async function runAfter(scope: WriteScope, draft: RowDraft, row: Row, isNew: boolean): Promise<void> {
  for (const plan of draft.plan.relations.filter(relation => !isBefore(relation))) {
    await runSteps({ scope, plan, link: createForeignLink(scope, plan, row, isNew) })
  }
  for (const work of draft.afterwards) await work()
}

/** The same for rows that were created together: what is nested in them and new is created together as well. */
export async function runAfterCreates(
  scope: WriteScope,
  drafts: readonly RowDraft[],
  rows: readonly Row[],
): Promise<void> {
  const isTogether = drafts.length > 1 && drafts.every(onlyCreates)
  if (isTogether) await createChildren(scope, drafts, rows)
  else for (const [index, draft] of drafts.entries()) await runAfter(scope, draft, rows[index] ?? {}, true)
}

function onlyCreates({ plan, afterwards }: RowDraft): boolean {
  const relations = plan.relations.filter(relation => !isBefore(relation))
  return (
    afterwards.length === 0 && relations.every(({ steps }) => steps.every(({ verb }) => verb === 'create'))
  )
}

async function createChildren(
  scope: WriteScope,
  drafts: readonly RowDraft[],
  rows: readonly Row[],
): Promise<void> {
  const byRelation = new Map<RelationField, RowCreation[]>()
  for (const [index, { plan }] of drafts.entries()) {
    for (const nested of plan.relations.filter(relation => !isBefore(relation))) {
      const { preset } = createForeignLink(scope, nested, rows[index] ?? {}, true)
      const creations = byRelation.get(nested.relation) ?? []
      for (const row of newRows(nested)) creations.push({ plan: row, preset })
      byRelation.set(nested.relation, creations)
    }
  }
  for (const creations of byRelation.values()) await scope.writers.createRows(scope, creations)
}

function newRows({ steps }: RelationPlan): readonly RowPlan[] {
  return steps.flatMap(step => (step.verb === 'create' ? step.rows : []))
}
