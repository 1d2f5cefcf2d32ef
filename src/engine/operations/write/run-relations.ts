import type { Row } from '../client.ts'
import { createForeignLink } from './links/foreign-link.ts'
import { createJoinLink } from './links/join-link.ts'
import { createOwnedLink } from './links/owned-link.ts'
import { runSteps } from './nested/run-steps.ts'
import { isBefore, type RowDraft } from './row-draft.ts'
import type { WriteScope } from './write-scope.ts'

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
