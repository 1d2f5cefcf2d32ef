import type { Model, RelationField } from '../../datamodel/model.ts'
import { allOf, isNoRow } from '../../policy/logic.ts'
import type { Row, Where } from '../client.ts'
import { keyFields, keyText, whereRead } from '../key.ts'
import type { Scope } from '../scope.ts'
import {
  type AggregateResult,
  type AggregateWish,
  noAggregates,
  readAggregates,
  toPrismaAggregates,
  wishedFields,
} from './aggregate.ts'
import { assertAggregable } from './assert-aggregable.ts'
import type { Group, GroupOrderTerm, GroupRead } from './group-read.ts'
import { findJoinedGroups } from './joined-groups.ts'
import { readerOf } from './reader.ts'
import { toRelated } from './relation-link.ts'

/** The groups of the rows that match: one statement. */
export async function findGroups(scope: Scope, read: GroupRead): Promise<readonly Group[]> {
  assertGroupable(scope, read)
  if (isNoRow(read.where) || isNoRow(read.having)) return []
  const rows = await readerOf(scope)
    .of(read.model)
    .groupBy({
      ...toGroupArguments(read, []),
      where: read.where,
      take: read.limit,
    })
  return rows.map(row => toGroup(read, row))
}

/**
 * The groups of the related rows of each parent: one statement for a one-to-many relation; for a many-to-many one, see
 * `findJoinedGroups`.
 */
export async function findRelatedGroups(
  scope: Scope,
  relation: RelationField,
  read: GroupRead,
  parents: readonly Row[],
): Promise<readonly (readonly Group[])[]> {
  assertGroupable(scope, read)
  const isNone = isNoRow(read.where) || isNoRow(read.having)
  if (isNone || parents.length === 0) return parents.map(() => [])
  if (relation.isManyToMany) return findJoinedGroups(scope, relation, read, parents)
  const tuples = parents.map(parent => relation.from.map(name => parent[name]))
  const rows = await readerOf(scope)
    .of(read.model)
    .groupBy({
      ...toGroupArguments(read, relation.to),
      where: allOf([read.where, whereRead(read.model, relation.to, tuples)]),
    })
  const byParent = new Map<string, Group[]>()
  for (const row of rows) {
    const text = keyText(read.model, relation.to, row)
    const groups = byParent.get(text) ?? []
    if (groups.length < read.limit) groups.push(toGroup(read, row))
    byParent.set(text, groups)
  }
  return parents.map(
    parent => byParent.get(keyText(read.model, relation.to, toRelated(relation, parent))) ?? [],
  )
}

/** The aggregates over the related rows of each parent: groups by nothing but the parent. */
export async function findRelatedAggregates(
  scope: Scope,
  relation: RelationField,
  read: { readonly model: Model; readonly where: Where; readonly wish: AggregateWish },
  parents: readonly Row[],
): Promise<readonly AggregateResult[]> {
  const groups = await findRelatedGroups(
    scope,
    relation,
    { ...read, by: [], having: {}, order: [], limit: 1 },
    parents,
  )
  return groups.map(([group]) => group ?? noAggregates)
}

function assertGroupable(scope: Scope, { model, by, order, wish }: GroupRead): void {
  const named = [...by, ...order.flatMap(({ field }) => (field ? [field] : []))].map(field => field.name)
  assertAggregable(scope, model, [...named, ...wishedFields(wish)])
}

function toGroupArguments(read: GroupRead, linkFields: readonly string[]): Readonly<Record<string, unknown>> {
  const by = [...new Set([...linkFields, ...read.by.map(field => field.name)])]
  return {
    by,
    ...toPrismaAggregates(read.wish),
    ...(Object.keys(read.having).length > 0 ? { having: read.having } : {}),
    orderBy: [
      ...read.order.map(term => toGroupOrder(read.model, term)),
      ...by.map(name => ({ [name]: 'asc' })),
    ],
  }
}

function toGroupOrder(model: Model, term: GroupOrderTerm): Where {
  if (term.by === 'key') return { [term.field?.name ?? '']: term.order }
  // Prisma orders by the count of a column; that of the key's is the count of rows, since it is never null
  const name = term.by === 'count' ? keyFields(model)[0]?.name : term.field?.name
  return { [`_${term.by}`]: { [name ?? '']: term.order } }
}

function toGroup(read: GroupRead, row: Row): Group {
  const key = Object.fromEntries(read.by.map(field => [field.name, row[field.name]]))
  return { key, ...readAggregates(row) }
}
