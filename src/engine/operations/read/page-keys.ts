import type { Model, RelationField, ScalarField } from '../../datamodel/model.ts'
import type { Row } from '../client.ts'
import { keyFields, keyText } from '../key.ts'
import type { Scope } from '../scope.ts'
import { orderSql } from '../sql/order-sql.ts'
import { relatedRows } from '../sql/relation-sql.ts'
import { createSqlContext, type SqlContext } from '../sql/sql-context.ts'
import { whereSql } from '../sql/where-sql.ts'
import { fromColumn, sqlKeys } from '../sql-keys.ts'
import { quoteIdentifier, quoteTable } from '../sql-name.ts'
import { type ListRead, readingOrder, rowsWanted } from './list-query.ts'
import { pageSql } from './page-sql.ts'
import { readerOf } from './reader.ts'

/** The keys of a page's rows, and of one more where it is wanted, in reading direction: one statement of our own. */
export async function findPageKeys(scope: Scope, read: ListRead): Promise<readonly Row[]> {
  const context = createSqlContext(scope.access.datamodel)
  const from = `${quoteTable(read.model)} AS "t"`
  const rows = await readerOf(scope).query(keysSql(context, read, from, 'TRUE', 't'), context.values)
  return rows.map(row => toKey(scope, read.model, row))
}

/** The same of a list relation, for each parent. */
export async function findRelatedPageKeys(
  scope: Scope,
  parentModel: Model,
  relation: RelationField,
  read: ListRead,
  parents: readonly Row[],
): Promise<readonly (readonly Row[])[]> {
  const keys = sqlKeys(scope.datamodel, parentModel, parents, 'p')
  const context = createSqlContext(scope.access.datamodel, { values: keys.values })
  const related = relatedRows(context, { model: parentModel, field: relation, alias: 'p' })
  const page = keysSql(context, read, related.from, related.link, related.alias)
  const rows = await readerOf(scope).query(
    `SELECT ${keys.select}, l.* FROM ${quoteTable(parentModel)} AS p CROSS JOIN LATERAL ` +
      `(SELECT k.*, row_number() OVER () AS "number" FROM (${page}) AS k) AS l WHERE ${keys.condition} ORDER BY l."number"`,
    context.values,
  )
  const byParent = new Map<string, Row[]>()
  for (const row of rows) {
    const text = keys.textOf(row)
    byParent.set(text, [...(byParent.get(text) ?? []), toKey(scope, read.model, row)])
  }
  const names = keyFields(parentModel).map(({ name }) => name)
  return parents.map(parent => byParent.get(keyText(parentModel, names, parent)) ?? [])
}

function keysSql(context: SqlContext, read: ListRead, from: string, link: string, alias: string): string {
  const { model, page } = read
  const terms = readingOrder(read)
  const order = orderSql(context, model, terms, alias)
  const columns = keyFields(model).map((field, index) => `${columnSql(field, alias)} AS "row ${index}"`)
  const where = [
    link,
    whereSql(context, context.datamodel.model(model.name), read.where, alias),
    ...pageSql(context, model, terms, page, alias),
  ]
  return (
    `SELECT ${columns.join(', ')} FROM ${from}${order.joins} WHERE ${where.map(part => `(${part})`).join(' AND ')} ` +
    `ORDER BY ${order.terms} LIMIT ${rowsWanted(read)} OFFSET ${page.offset}`
  )
}

function columnSql(field: ScalarField, alias: string): string {
  return `${quoteIdentifier(alias)}.${quoteIdentifier(field.column)}`
}

function toKey({ datamodel }: Scope, model: Model, row: Row): Row {
  return Object.fromEntries(
    keyFields(model).map((field, index) => [field.name, fromColumn(datamodel, field, row[`row ${index}`])]),
  )
}
