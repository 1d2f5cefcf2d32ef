import type { Model } from '../../datamodel/model.ts'
import { allOf } from '../../policy/logic.ts'
import type { Row, Select, Where } from '../client.ts'
import { keyFields, selectFields } from '../key.ts'
import type { Scope } from '../scope.ts'
import { hasKeyset, rowsAfter } from './keyset.ts'
import { mergeSelects, type OrderTerm, reverseOrder, selectOrderValues, toPrismaOrder } from './order.ts'
import type { Page } from './page.ts'
import { type ReadAlong, readAlong } from './read-along.ts'

/** A read of one list, as data: nothing has run yet. */
export interface ListRead {
  readonly model: Model
  readonly where: Where
  readonly order: readonly OrderTerm[]
  readonly page: Page
  readonly select: Select
  /** It is asked whether there are rows behind the page, in its own direction: one row more tells. */
  readonly wantsMore: boolean
}

/** What one page came to. */
export interface PageResult {
  readonly rows: readonly Row[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
}

/** What Prisma is asked for a page. */
export interface PageRequest extends Readonly<Record<string, unknown>> {
  readonly orderBy: readonly Where[]
}

/** Prisma's arguments for a page, and for one row more where it is wanted, in reading direction. */
export function toPrismaArguments(scope: Scope, read: ListRead): PageRequest {
  const { page } = read
  const terms = readingOrder(read)
  const conditions = [read.where]
  if (page.from) conditions.push(rowsAfter(scope.datamodel, terms, page.from))
  if (page.until) conditions.push(rowsAfter(scope.datamodel, reverseOrder(terms), page.until))
  return {
    where: allOf(conditions),
    orderBy: toPrismaOrder(terms),
    select: alongOf(scope, read).select,
    take: rowsWanted(read),
    skip: page.offset,
  }
}

/**
 * The rows of the page, and one more that tells whether there are more. At least one, since Prisma asks nothing for an empty
 * page, and then PostgreSQL would not say what is wrong with the input.
 */
export function rowsWanted({ page, wantsMore }: ListRead): number {
  return wantsMore ? page.limit + 1 : Math.max(page.limit, 1)
}

/** The order in which the page is read: reversed for a backward page. */
export function readingOrder(read: ListRead): readonly OrderTerm[] {
  return read.page.isBackward ? reverseOrder(read.order) : read.order
}

/** A cursor in an order by a relation's count or by bytes: Prisma has no condition for it, so the page's keys are read without it. */
export function isReadByKeys(read: ListRead): boolean {
  return !hasKeyset(read.order) && (read.page.from !== null || read.page.until !== null)
}

const alongs = new WeakMap<ListRead, ReadAlong>()

/** The select with what cursors, loaders and rules of fields need of every row. */
export function alongOf(scope: Scope, read: ListRead): ReadAlong {
  const known = alongs.get(read)
  if (known) return known
  const key = selectFields(keyFields(read.model).map(field => field.name))
  // a row behind an empty page can have values that Prisma does not read
  const asked = read.page.limit === 0 ? {} : read.select
  const select = mergeSelects(mergeSelects(asked, key), selectOrderValues(read.order))
  const made = readAlong(scope, read.model, select)
  alongs.set(read, made)
  return made
}

/** The rows of `toPrismaArguments` to the page in the list's own order. */
export function toPageResult(scope: Scope, read: ListRead, found: readonly Row[]): PageResult {
  alongOf(scope, read).finish(found)
  return toPage(read, found)
}

/** The rows, or the keys, of the page and of what is behind it to the page in the list's own order. */
export function toPage({ page }: ListRead, found: readonly Row[]): PageResult {
  const hasMore = found.length > page.limit
  const rows = found.slice(0, page.limit)
  const hasEarlier = page.from !== null || page.offset > 0
  return page.isBackward
    ? { rows: rows.toReversed(), hasNextPage: hasEarlier, hasPreviousPage: hasMore }
    : { rows, hasNextPage: hasMore, hasPreviousPage: hasEarlier }
}
