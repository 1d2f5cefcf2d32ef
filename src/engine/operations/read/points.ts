import type { Model, UnsupportedField } from '../../datamodel/model.ts'
import type { Row } from '../client.ts'
import { keyFields, keyText } from '../key.ts'
import type { Scope } from '../scope.ts'
import { sqlKeys } from '../sql-keys.ts'
import { quoteIdentifier, quoteTable } from '../sql-name.ts'
import { readerOf } from './reader.ts'

/**
 * The values of a `point` column for the rows with the given keys, null where there is none: one statement of our own,
 * since Prisma cannot read the type.
 */
export async function findPoints(
  scope: Scope,
  model: Model,
  field: UnsupportedField,
  keys: readonly Row[],
): Promise<readonly ({ readonly x: number; readonly y: number } | null)[]> {
  const names = keyFields(model).map(key => key.name)
  const { select, condition, values, textOf } = sqlKeys(scope.datamodel, model, keys, 't')
  const column = `t.${quoteIdentifier(field.column)}`
  const rows = await readerOf(scope).query(
    `SELECT ${select}, ${column}[0] AS "point x", ${column}[1] AS "point y" FROM ${quoteTable(model)} t ` +
      `WHERE ${column} IS NOT NULL AND ${condition}`,
    values,
  )
  const points = new Map(
    rows.map(row => [textOf(row), { x: Number(row['point x']), y: Number(row['point y']) }]),
  )
  return keys.map(key => points.get(keyText(model, names, key)) ?? null)
}
