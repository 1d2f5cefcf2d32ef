import type { Model, UnsupportedField } from '../../datamodel/model.ts'
import { delegateOf, type Row, type Select, type Where } from '../client.ts'
import { keyFields, keyText, selectFields } from '../key.ts'
import { findPoints } from '../read/points.ts'
import { readAlong } from '../read/read-along.ts'
import { visible } from '../scope.ts'
import { withCondition } from '../where/unique-where.ts'
import { keyRowsWhere } from './key-values.ts'
import { pointFields } from './plan-values.ts'
import type { TargetPlan } from './row-plan.ts'
import type { WriteScope } from './write-scope.ts'

/** A mutation's selection of its rows, with the columns that name them. */
export function rowSelect(model: Model, select: Select | undefined): Select {
  return { ...selectFields(keyFields(model).map(field => field.name)), ...select }
}

/** The row of a unique `where`, or null where there is none that exists for the caller. */
export async function readRow(
  scope: WriteScope,
  model: Model,
  where: Where,
  select: Select,
): Promise<Row | null> {
  const along = readAlong(scope, model, select)
  const row = await delegateOf(scope.database, model).findUnique({
    where: withCondition(where, visible(scope, model)),
    select: along.select,
    relationLoadStrategy: along.strategy,
  })
  if (row) along.finish([row])
  return row
}

/** The row that an input names, or null where there is none that exists for the caller. */
export function readTarget(
  scope: WriteScope,
  model: Model,
  { where, condition }: TargetPlan,
  select: Select,
): Promise<Row | null> {
  return readRow(scope, model, withCondition(where, condition), select)
}

/** The rows of the given primary keys, in their order; those that are gone or hidden from the caller are left out. */
export async function readRows(
  scope: WriteScope,
  model: Model,
  keys: readonly Row[],
  select: Select,
): Promise<readonly Row[]> {
  if (keys.length === 0) return []
  const names = model.primaryKey?.fields ?? []
  const where = visible(scope, model, keyRowsWhere(model, keys))
  const along = readAlong(scope, model, select)
  const rows = await delegateOf(scope.database, model).findMany({
    where,
    select: along.select,
    relationLoadStrategy: along.strategy,
  })
  along.finish(rows)
  const byKey = new Map(rows.map(row => [keyText(model, names, row), row]))
  return keys.map(key => byKey.get(keyText(model, names, key))).filter(row => row !== undefined)
}

/** Rows with their `point` columns, which Prisma cannot read, under the fields' names: for rows about to be deleted. */
export async function withPoints(
  scope: WriteScope,
  model: Model,
  rows: readonly Row[],
): Promise<readonly Row[]> {
  if (rows.length === 0) return rows
  let complete = rows
  for (const field of pointFields(model)) complete = await withPoint(scope, model, complete, field)
  return complete
}

async function withPoint(
  scope: WriteScope,
  model: Model,
  rows: readonly Row[],
  field: UnsupportedField,
): Promise<readonly Row[]> {
  const points = await findPoints(scope, model, field, rows)
  return rows.map((row, index) => ({ ...row, [field.name]: points[index] ?? null }))
}
