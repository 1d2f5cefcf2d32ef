import type { RelationField, ScalarField } from '../../datamodel/model.ts'
import { allOf, isEveryRow } from '../../policy/logic.ts'
import type { Row } from '../client.ts'
import { joinTable } from '../join-table.ts'
import { scalarField, selectFields, whereIn } from '../key.ts'
import type { Scope } from '../scope.ts'
import { quoteIdentifier, quoteTable } from '../sql-name.ts'
import { type AggregateFunction, aggregateFunctions } from './aggregate.ts'
import type { Group, GroupOrderTerm, GroupRead } from './group-read.ts'
import { parseGroupSort } from './group-sort.ts'
import { havingSql } from './having-sql.ts'
import { readerOf } from './reader.ts'

/**
 * Groups of the related rows of each parent across a many-to-many relation, whose join table Prisma's groupBy cannot
 * reach: one statement of our own, after one of Prisma's for the keys of the rows that match, where there is a filter.
 */
export async function findJoinedGroups(
  scope: Scope,
  relation: RelationField,
  read: GroupRead,
  parents: readonly Row[],
): Promise<readonly (readonly Group[])[]> {
  const [parentField = ''] = relation.from
  const parentKeys = parents.map(parent => parent[parentField])
  const matching = isEveryRow(read.where) ? null : await findMatchingKeys(scope, relation, read, parentKeys)
  if (matching?.length === 0) return parents.map(() => [])
  const values: unknown[] = matching ? [parentKeys, matching] : [parentKeys]
  const rows = await readerOf(scope).query(
    groupStatement(scope, relation, read, matching !== null, value => `$${values.push(value)}`),
    values,
  )
  const byParent = new Map<string, Group[]>()
  for (const row of rows) {
    const text = String(row.parent)
    const groups = byParent.get(text) ?? []
    if (groups.length < read.limit) groups.push(toGroup(scope, read, row))
    byParent.set(text, groups)
  }
  return parentKeys.map(key => byParent.get(String(key)) ?? [])
}

async function findMatchingKeys(
  scope: Scope,
  relation: RelationField,
  read: GroupRead,
  parentKeys: readonly unknown[],
): Promise<readonly unknown[]> {
  const [key = ''] = relation.to
  const linked = whereIn(
    relation.from,
    parentKeys.map(value => [value]),
  )
  const rows = await readerOf(scope)
    .of(read.model)
    .findMany({
      where: allOf([read.where, { [relation.inverse]: { some: linked } }]),
      select: selectFields([key]),
    })
  return rows.map(row => row[key])
}

function groupStatement(
  scope: Scope,
  relation: RelationField,
  read: GroupRead,
  isFiltered: boolean,
  parameter: (value: unknown) => string,
): string {
  const inverse = read.model.relations.find(field => field.name === relation.inverse)
  const parentModel = scope.datamodel.model(inverse?.target ?? '')
  const { nearColumn, farColumn, table } = joinTable(scope.datamodel, parentModel, relation)
  const key = column(scalarField(read.model, relation.to[0] ?? ''))
  const by = read.by.map((field, index) => `${column(field)} AS "key_${index}"`)
  const aggregates = aggregateFunctions.flatMap(name =>
    (read.wish[name] ?? []).map((field, index) => {
      return `${aggregate(name, scalarField(read.model, field))} AS "${name}_${index}"`
    }),
  )
  const having = { datamodel: scope.datamodel, model: read.model, column, aggregate, parameter }
  return [
    `SELECT j.${nearColumn} AS "parent", count(*)::int AS "count"${[...by, ...aggregates].map(part => `, ${part}`).join('')}`,
    `FROM ${table} j JOIN ${quoteTable(read.model)} t ON ${key} = j.${farColumn}`,
    `WHERE j.${nearColumn} = ANY($1)${isFiltered ? ` AND ${key} = ANY($2)` : ''}`,
    `GROUP BY j.${nearColumn}${read.by.map(field => `, ${column(field)}`).join('')}`,
    `HAVING ${havingSql(having, read.having)}`,
    `ORDER BY ${[...read.order.map(orderSql), ...read.by.map(column), `j.${nearColumn}`].join(', ')}`,
  ].join(' ')
}

function orderSql({ by, field, order }: GroupOrderTerm): string {
  const { direction, nulls } = parseGroupSort(order)
  const expression =
    !field || by === 'count' ? 'count(*)' : by === 'key' ? column(field) : aggregate(by, field)
  return `${expression} ${direction} NULLS ${nulls}`
}

function column(field: ScalarField): string {
  return `t.${quoteIdentifier(field.column)}`
}

/** Prisma's result types: the average of whole numbers is a float. */
function aggregate(name: string, field: ScalarField): string {
  const call = `${name}(${column(field)})`
  return name === 'avg' && field.scalar !== 'Decimal' ? `${call}::float8` : call
}

function toGroup(scope: Scope, read: GroupRead, row: Row): Group {
  const part = (name: AggregateFunction) =>
    Object.fromEntries((read.wish[name] ?? []).map((field, index) => [field, row[`${name}_${index}`]]))
  return {
    key: Object.fromEntries(
      read.by.map((field, index) => [field.name, keyValue(scope, field, row[`key_${index}`])]),
    ),
    count: row.count as number,
    sum: part('sum'),
    avg: part('avg'),
    min: part('min'),
    max: part('max'),
  }
}

/** An enum's value comes under the name that the database has for it. */
function keyValue(scope: Scope, field: ScalarField, value: unknown): unknown {
  if (!field.enumName) return value
  return scope.datamodel.enum(field.enumName).values.find(item => item.column === value)?.name ?? value
}
