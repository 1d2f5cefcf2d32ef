import type { Row } from '../client.ts'
import { atLocation } from '../database-errors/located-error.ts'
import { scalarField } from '../key.ts'
import { quoteIdentifier, quoteTable } from '../sql-name.ts'
import type { RowPlan } from './row-plan.ts'
import type { WriteScope } from './write-scope.ts'

/** Writes the `point` columns of a row, which Prisma cannot: one statement, if the plan has any. */
export async function writePoints(scope: WriteScope, plan: RowPlan, row: Row): Promise<void> {
  const { model, path, points } = plan
  if (points.length === 0) return
  const values: unknown[] = []
  const parameter = (value: unknown) => `$${values.push(value)}`
  const assignments = points.map(({ field, point }) => {
    const value =
      point === null ? 'NULL' : `point(${parameter(point.x)}::float8, ${parameter(point.y)}::float8)`
    return `${quoteIdentifier(field.column)} = ${value}`
  })
  const key = (model.primaryKey?.fields ?? []).map(
    name => `${quoteIdentifier(scalarField(model, name).column)} = ${parameter(row[name])}`,
  )
  const sql = `UPDATE ${quoteTable(model)} SET ${assignments.join(', ')} WHERE ${key.join(' AND ')}`
  const origins = new Map(points.map(({ field }) => [field.name, [...path, field.graphqlName]]))
  await atLocation({ model, action: 'update', path, origins, isBatch: false }, () =>
    scope.database.$executeRawUnsafe(sql, ...values),
  )
}
