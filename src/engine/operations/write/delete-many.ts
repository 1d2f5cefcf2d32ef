import type { Model } from '../../datamodel/model.ts'
import { delegateOf, type Row, type Select } from '../client.ts'
import { atLocation } from '../database-errors/located-error.ts'
import type { Scope } from '../scope.ts'
import { runPlanned, type WriteOutcome } from '../transaction.ts'
import { authorizeDelete } from './authorize.ts'
import { checkAtMost, findMatches } from './find-matches.ts'
import { keyRowsWhere } from './key-values.ts'
import type { Input } from './planning.ts'
import { rowSelect, withPoints } from './read-row.ts'
import type { WriteScope, WrittenRows } from './write-scope.ts'

export interface DeleteManyInput {
  /** The GraphQL filter. */
  readonly where: Input
  /** More matches than this: nothing happens. */
  readonly atMost: number
}

/** Deletes every row that a filter matches: `deleteIssues`. They come back as they were, in the order of their keys. */
export function deleteMany(
  scope: Scope,
  model: Model,
  { where, atMost }: DeleteManyInput,
  select: Select | undefined,
): Promise<WriteOutcome<WrittenRows>> {
  return runPlanned(
    scope,
    model,
    planning => checkAtMost(planning, atMost),
    async inner => {
      const found = await findMatches(inner, model, where, atMost, rowSelect(model, select))
      await authorizeDelete(
        inner,
        model,
        found.map(row => ({ row, path: ['where'] })),
      )
      const rows = await withPoints(inner, model, found)
      await deleteFound(inner, model, found)
      return { rows, count: rows.length }
    },
  )
}

async function deleteFound(scope: WriteScope, model: Model, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return
  const location = { model, action: 'delete', path: ['where'], origins: new Map(), isBatch: false } as const
  await atLocation(location, () =>
    delegateOf(scope.database, model).deleteMany({ where: keyRowsWhere(model, rows) }),
  )
}
