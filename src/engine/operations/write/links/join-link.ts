import type { Row } from '../../client.ts'
import { deleteRow } from '../delete-row.ts'
import type { JoinChange, RowDraft } from '../row-draft.ts'
import type { RelationPlan } from '../row-plan.ts'
import type { WriteScope } from '../write-scope.ts'
import type { Link } from './link.ts'

/** A many-to-many relation: Prisma writes the join table along with the row that is being written. */
export function createJoinLink(
  scope: WriteScope,
  { relation, target }: RelationPlan,
  draft: RowDraft,
  current: Row | null,
): Link {
  const changeOf = (): JoinChange => {
    const change = draft.joins.get(relation) ?? { connect: [], disconnect: [] }
    draft.joins.set(relation, change)
    return change
  }
  const attach: Link['attach'] = async targets => {
    if (targets.length > 0) changeOf().connect.push(...targets.map(({ row }) => row))
  }
  const key = current && Object.fromEntries(relation.from.map(name => [name, current[name]]))
  return {
    preset: {},
    filter: key ? { [relation.inverse]: { some: key } } : null,
    adopt: attach,
    attach,
    detach: async targets => {
      if (targets.length > 0) changeOf().disconnect.push(...targets.map(({ row }) => row))
    },
    makeRoom: async () => undefined,
    remove: async targets => {
      for (const { row, path } of targets) await deleteRow(scope, target, row, path)
    },
  }
}
