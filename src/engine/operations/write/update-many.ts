import type { Model } from '../../datamodel/model.ts'
import { delegateOf, type Row, type Select } from '../client.ts'
import { atLocation } from '../database-errors/located-error.ts'
import type { Scope } from '../scope.ts'
import { runPlanned, type WriteOutcome } from '../transaction.ts'
import { assertReferences } from './assert-references.ts'
import { authorizeUpdate } from './authorize.ts'
import { checkAtMost, findMatches } from './find-matches.ts'
import { keyRowsWhere } from './key-values.ts'
import { planUpdate } from './plan-row.ts'
import type { Input } from './planning.ts'
import { readRows, rowSelect } from './read-row.ts'
import { createDraft, linkSelect } from './row-draft.ts'
import type { RowPlan } from './row-plan.ts'
import { isPlain, updateRow } from './update-row.ts'
import { versionBump } from './version-bump.ts'
import type { WriteScope, WrittenRows } from './write-scope.ts'

export interface UpdateManyInput {
  /** The GraphQL filter. */
  readonly where: Input
  readonly data: Input
  /** More matches than this: nothing happens. */
  readonly atMost: number
}

/** Changes every row that a filter matches in the same way: `updateIssues`. They come back in the order of their keys. */
export function updateMany(
  scope: Scope,
  model: Model,
  { where, data, atMost }: UpdateManyInput,
  select: Select | undefined,
): Promise<WriteOutcome<WrittenRows>> {
  return runPlanned(
    scope,
    model,
    planning => {
      checkAtMost(planning, atMost)
      return planUpdate(planning, model, data, ['data'])
    },
    async (inner, plan) => {
      const found = await findMatches(inner, model, where, atMost, linkSelect(model))
      const keys = await changeRows(inner, plan, found)
      return { rows: await readRows(inner, model, keys, rowSelect(model, select)), count: keys.length }
    },
  )
}

/** Returns the keys that the rows have now. */
async function changeRows(scope: WriteScope, plan: RowPlan, rows: readonly Row[]): Promise<readonly Row[]> {
  const { model, path, origins, values } = plan
  const setsKey = model.primaryKey?.fields.some(name => name in values)
  if (rows.length === 0) return rows
  if (!isPlain(plan) || setsKey) {
    const changed: Row[] = []
    for (const row of rows) changed.push(await updateRow(scope, row, plan))
    return changed
  }
  const named = rows.map(row => ({ row, path: ['where'] }))
  const checkAfter = await authorizeUpdate(scope, model, named, Object.keys(values), plan.fields)
  await assertReferences(
    scope,
    rows.map(() => createDraft(plan)),
    rows,
  )
  const data = { ...values, ...versionBump(model, values) }
  await atLocation({ model, action: 'update', path, origins, isBatch: false }, () =>
    delegateOf(scope.database, model).updateMany({ where: keyRowsWhere(model, rows), data }),
  )
  await checkAfter(named)
  return rows
}
