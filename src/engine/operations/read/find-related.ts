import type { Model, RelationField } from '../../datamodel/model.ts'
import { isNoRow } from '../../policy/logic.ts'
import type { Row } from '../client.ts'
import { keyFields, keyText, selectFields, whereRead } from '../key.ts'
import type { Scope } from '../scope.ts'
import {
  alongOf,
  isReadByKeys,
  type ListRead,
  type PageRequest,
  type PageResult,
  toPage,
  toPageResult,
  toPrismaArguments,
} from './list-query.ts'
import { findRelatedPageKeys } from './page-keys.ts'
import { readerOf } from './reader.ts'
import { selectsDecimal } from './selects-decimal.ts'

/** What is wanted of a list relation for each of several parents. */
export interface RelatedRead {
  readonly parentModel: Model
  readonly relation: RelationField
  readonly list: ListRead
  readonly wantsPage: boolean
  readonly wantsCount: boolean
}

export interface RelatedResult {
  readonly page: PageResult
  readonly count: number
}

const emptyPage: PageResult = Object.freeze({ rows: [], hasNextPage: false, hasPreviousPage: false })

/**
 * A page of a list relation, and the count of its rows, for each parent: one statement for all parents, with a LATERAL
 * join so that each parent's page has its own LIMIT. Where a Decimal is selected it is two statements: in the JSON that
 * Prisma's join builds, a Decimal passes through a float and would lose digits.
 */
export async function findRelated(
  scope: Scope,
  read: RelatedRead,
  parents: readonly Row[],
): Promise<readonly RelatedResult[]> {
  if (isNoRow(read.list.where)) return parents.map(() => ({ page: emptyPage, count: 0 }))
  if (read.wantsPage && isReadByKeys(read.list)) return findBehindCursor(scope, read, parents)
  const isSafe = !selectsDecimal(scope.datamodel, read.list.model, alongOf(scope, read.list).select)
  const results = await findPages(scope, isSafe ? read : withKeysOnly(read), parents)
  return isSafe || !read.wantsPage ? results : loadRows(scope, read, results)
}

/** The pages' keys, then their rows; and the counts, which Prisma knows. */
async function findBehindCursor(
  scope: Scope,
  read: RelatedRead,
  parents: readonly Row[],
): Promise<readonly RelatedResult[]> {
  const { parentModel, relation, list, wantsCount } = read
  const [keys, counted] = await Promise.all([
    findRelatedPageKeys(scope, parentModel, relation, list, parents),
    wantsCount ? findPages(scope, { ...read, wantsPage: false }, parents) : [],
  ])
  const results = keys.map((rows, index) => ({ page: toPage(list, rows), count: counted[index]?.count ?? 0 }))
  return loadRows(scope, read, results)
}

function withKeysOnly(read: RelatedRead): RelatedRead {
  const select = selectFields(keyFields(read.list.model).map(field => field.name))
  return { ...read, list: { ...read.list, select } }
}

async function findPages(
  scope: Scope,
  read: RelatedRead,
  parents: readonly Row[],
): Promise<readonly RelatedResult[]> {
  const { parentModel, relation, list } = read
  const names = keyFields(parentModel).map(field => field.name)
  const found = await readerOf(scope)
    .of(parentModel)
    .findMany({
      where: whereRead(
        parentModel,
        names,
        parents.map(parent => names.map(name => parent[name])),
      ),
      select: {
        ...selectFields(names),
        ...(read.wantsPage ? { [relation.name]: toJoinedArguments(scope, list) } : {}),
        ...(read.wantsCount ? { _count: { select: { [relation.name]: { where: list.where } } } } : {}),
      },
      relationLoadStrategy: pageStrategy(list.model),
    })
  const byKey = new Map(found.map(row => [keyText(parentModel, names, row), row]))
  return parents.map(parent => {
    const row = byKey.get(keyText(parentModel, names, parent))
    const rows = row?.[relation.name] as readonly Row[] | undefined
    const counts = row?._count as Readonly<Record<string, number>> | undefined
    return {
      page: rows ? toPageResult(scope, list, rows) : emptyPage,
      count: counts?.[relation.name] ?? 0,
    }
  })
}

/**
 * Prisma's join has only those columns of the list that are asked for or ordered by, though the count of a relation is found
 * by others where that does not lead to the key. Behind the key they order nothing.
 */
function toJoinedArguments(scope: Scope, list: ListRead): PageRequest {
  const { orderBy, ...rest } = toPrismaArguments(scope, list)
  const own = list.order.flatMap(({ path, by }) => (path.length === 0 ? [by] : []))
  const columns = own.flatMap(by => (by.kind === 'relation' ? by.from : []))
  const missing = [...new Set(columns)].filter(name => !own.some(by => by.name === name))
  return { ...rest, orderBy: [...orderBy, ...missing.map(name => ({ [name]: 'asc' }))] }
}

/** Keys that are Decimals would lose digits in the join as well: then Prisma loads all keys and cuts the pages itself. */
function pageStrategy(model: Model): 'join' | 'query' {
  return keyFields(model).some(field => field.scalar === 'Decimal') ? 'query' : 'join'
}

/** The rows of pages of keys: the second statement. */
async function loadRows(
  scope: Scope,
  read: RelatedRead,
  results: readonly RelatedResult[],
): Promise<readonly RelatedResult[]> {
  const { model } = read.list
  const names = keyFields(model).map(field => field.name)
  const keys = new Map(
    results.flatMap(result => result.page.rows.map(row => [keyText(model, names, row), row] as const)),
  )
  if (keys.size === 0) return results
  const along = alongOf(scope, read.list)
  const found = await readerOf(scope)
    .of(model)
    .findMany({
      where: whereRead(
        model,
        names,
        [...keys.values()].map(row => names.map(name => row[name])),
      ),
      select: along.select,
      relationLoadStrategy: along.strategy,
    })
  along.finish(found)
  const byKey = new Map(found.map(row => [keyText(model, names, row), row]))
  return results.map(({ page, count }) => ({
    count,
    page: {
      ...page,
      rows: page.rows.map(row => byKey.get(keyText(model, names, row))).filter(row => row !== undefined),
    },
  }))
}
