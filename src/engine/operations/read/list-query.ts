import { RefractError } from '../../../errors.ts'
import type { Datamodel, Model } from '../../datamodel/model.ts'
import { allOf } from '../../policy/logic.ts'
import type { Row, Select, Where } from '../client.ts'
import { keyFields, selectFields } from '../key.ts'
import type { Scope } from '../scope.ts'
import { comparePosition } from './compare-position.ts'
import { hasKeyset, rowsAfter } from './keyset.ts'
import { mergeSelects, type OrderTerm, reverseOrder, selectOrderValues, toPrismaOrder } from './order.ts'
import type { Page } from './page.ts'
import { type ReadAlong, readAlong } from './read-along.ts'
import type { Position } from './row-position.ts'

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

/** The most rows that are read to find the page behind a cursor in an order that Prisma has no condition for. */
const maximumUncut = 10_000

/** Prisma's arguments for a page, and for one row more where it is wanted, in reading direction. */
export function toPrismaArguments(scope: Scope, read: ListRead): PageRequest {
  const { page } = read
  const terms = readingOrder(read)
  const conditions = [read.where]
  if (hasKeyset(read.order)) {
    if (page.from) conditions.push(rowsAfter(scope.datamodel, terms, page.from))
    if (page.until) conditions.push(rowsAfter(scope.datamodel, reverseOrder(terms), page.until))
  }
  return {
    where: allOf(conditions),
    orderBy: toPrismaOrder(terms),
    select: alongOf(scope, read).select,
    ...(isCutInMemory(read) ? { take: maximumUncut + 1 } : { take: rowsWanted(read), skip: page.offset }),
  }
}

function rowsWanted({ page, wantsMore }: ListRead): number {
  return wantsMore ? page.limit + 1 : page.limit
}

/** The order in which the page is read: reversed for a backward page. */
function readingOrder(read: ListRead): readonly OrderTerm[] {
  return read.page.isBackward ? reverseOrder(read.order) : read.order
}

/** A cursor in an order by a relation's count or by bytes: Prisma has no condition for it, so the rows are cut after reading. */
export function isCutInMemory(read: ListRead): boolean {
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
  const { datamodel } = scope
  const { page } = read
  alongOf(scope, read).finish(found)
  const candidates = isCutInMemory(read) ? cut(datamodel, read, found) : found
  const hasMore = candidates.length > page.limit
  const rows = candidates.slice(0, page.limit)
  const hasEarlier = page.from !== null || page.offset > 0
  return page.isBackward
    ? { rows: rows.toReversed(), hasNextPage: hasEarlier, hasPreviousPage: hasMore }
    : { rows, hasNextPage: hasMore, hasPreviousPage: hasEarlier }
}

function cut(datamodel: Datamodel, read: ListRead, rows: readonly Row[]): readonly Row[] {
  if (rows.length > maximumUncut) {
    throw new RefractError(
      'BAD_USER_INPUT',
      `A cursor in this order works in a list of at most ${maximumUncut} ${read.model.plural}; this one is longer. ` +
        'Narrow it by `where`, or page by `offset`.',
    )
  }
  const { from, until, offset, limit } = read.page
  const terms = readingOrder(read)
  const compare = (row: Row, position: Position) => comparePosition(datamodel, terms, row, position)
  const start = from ? positionAfter(compare, rows, from) : 0
  const end = until ? positionOf(compare, rows, until) : rows.length
  return rows.slice(start, end).slice(offset, offset + limit + 1)
}

type Comparison = (row: Row, position: Position) => number

function positionAfter(compare: Comparison, rows: readonly Row[], values: Position): number {
  const position = positionOf(compare, rows, values)
  const row = rows[position]
  return row && compare(row, values) === 0 ? position + 1 : position
}

/**
 * The index of the row with the given order values, else of the first row beyond them. The row itself is looked for
 * first: JavaScript does not know the collation that the database sorts text by.
 */
function positionOf(compare: Comparison, rows: readonly Row[], values: Position): number {
  const exact = rows.findIndex(row => compare(row, values) === 0)
  if (exact >= 0) return exact
  const beyond = rows.findIndex(row => compare(row, values) > 0)
  return beyond < 0 ? rows.length : beyond
}
