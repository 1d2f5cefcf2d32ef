import { allOf, anyOf, noneOf } from '../../../policy/logic.ts'
import type { Row } from '../../client.ts'
import { keyText } from '../../key.ts'
import { authorizeLink } from '../authorize.ts'
import { deleteRow } from '../delete-row.ts'
import { keyRowsWhere } from '../key-values.ts'
import { type JoinChange, joinChangeOf, type RowDraft } from '../row-draft.ts'
import type { RelationPlan } from '../row-plan.ts'
import type { WriteScope } from '../write-scope.ts'
import type { Link, LinkTarget } from './link.ts'

/**
 * A many-to-many relation: Prisma writes the join table along with the row that is being written. Until then the draft
 * holds the changes, and `filter` takes them into account.
 */
export function createJoinLink(
  scope: WriteScope,
  { relation, target }: RelationPlan,
  draft: RowDraft,
  current: Row | null,
): Link {
  const change = joinChangeOf(draft, relation)
  const textOf = (row: Row) => keyText(target, target.primaryKey?.fields ?? [], row)
  const add = async (targets: readonly LinkTarget[]) => {
    for (const { row } of targets) move(textOf(row), row, change.disconnect, change.connect)
  }
  const attach = async (targets: readonly LinkTarget[]) => {
    await authorizeLink(scope, target, relation.inverse, targets)
    await add(targets)
  }
  const detach = async (targets: readonly LinkTarget[]) => {
    await authorizeLink(scope, target, relation.inverse, targets)
    for (const { row } of targets) move(textOf(row), row, change.connect, change.disconnect)
  }
  const key = current && Object.fromEntries(relation.from.map(name => [name, current[name]]))
  return {
    preset: {},
    get filter() {
      const linked = key ? [{ [relation.inverse]: { some: key } }] : []
      const added = keyRowsOf(change.connect)
      const removed = keyRowsOf(change.disconnect)
      if (linked.length + added.length === 0) return null
      return allOf([anyOf([...linked, ...added]), ...removed.map(noneOf)])
    },
    adopt: add,
    attach,
    detach,
    makeRoom: async () => undefined,
    remove: async targets => {
      for (const { row, path } of targets) {
        await deleteRow(scope, target, row, path)
        change.connect.delete(textOf(row))
        change.disconnect.delete(textOf(row))
      }
    },
  }

  function keyRowsOf(rows: JoinChange['connect']) {
    return rows.size > 0 ? [keyRowsWhere(target, [...rows.values()])] : []
  }
}

/** What was to be unlinked is linked again, and the other way round: it stays as it is in the database. */
function move(text: string, row: Row, from: Map<string, Row>, to: Map<string, Row>): void {
  if (!from.delete(text)) to.set(text, row)
}
