import type { Model, UnsupportedField } from '../../datamodel/model.ts'
import type { Row } from '../client.ts'
import { keyFields, keyText } from '../key.ts'
import type { Scope } from '../scope.ts'
import { quoteIdentifier, quoteTable } from '../sql-name.ts'

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
  const fields = keyFields(model)
  const names = fields.map(key => key.name)
  const columns = fields.map(key => quoteIdentifier(key.column)).join(', ')
  const column = quoteIdentifier(field.column)
  const values = keys.flatMap(key => names.map(name => key[name]))
  const tuples = keys.map(
    (_, row) => `(${names.map((__, index) => `$${row * names.length + index + 1}`).join(', ')})`,
  )
  const rows = await scope.client.$queryRawUnsafe<Row[]>(
    `SELECT ${columns}, ${column}[0] AS "point x", ${column}[1] AS "point y" FROM ${quoteTable(model)} ` +
      `WHERE ${column} IS NOT NULL AND (${columns}) IN (${tuples.join(', ')})`,
    ...values,
  )
  const points = new Map(
    rows.map(row => {
      const key = Object.fromEntries(fields.map(item => [item.name, row[item.column]]))
      return [keyText(model, names, key), { x: Number(row['point x']), y: Number(row['point y']) }]
    }),
  )
  return keys.map(key => points.get(keyText(model, names, key)) ?? null)
}
