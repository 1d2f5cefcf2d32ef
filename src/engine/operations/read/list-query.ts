import type { Model } from '../../datamodel/model.ts'
import type { Row, Select, Where } from '../client.ts'
import { keyFields, selectFields } from '../key.ts'
import type { Scope } from '../scope.ts'
import { allOf } from '../where/logic.ts'
import { hasKeyset, rowsAfter } from './keyset.ts'
import {
  mergeSelects,
  type OrderTerm,
  orderValue,
  reverseOrder,
  selectOrderValues,
  toPrismaOrder,
} from './order.ts'
import type { Page } from './page.ts'

/** A read of one list, as data: nothing has run yet. */
export interface ListRead {
  readonly model: Model
  readonly where: Where
  readonly order: readonly OrderTerm[]
  readonly page: Page
  readonly select: Select
}

/** What one page came to. */
export interface PageResult {
  readonly rows: readonly Row[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
}

/** Prisma's arguments for a page and one row more, in reading direction. */
export function toPrismaArguments(scope: Scope, read: ListRead): Readonly<Record<string, unknown>> {
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
    select: selectForList(read),
    ...(isCutInMemory(read) ? {} : { take: page.limit + 1, skip: page.offset }),
  }
}

/** The order in which the page is read: reversed for a backward page. */
export function readingOrder(read: ListRead): readonly OrderTerm[] {
  return read.page.isBackward ? reverseOrder(read.order) : read.order
}

/** A cursor in an order by a relation's count or by bytes: Prisma has no condition for it, so the rows are cut after reading. */
export function isCutInMemory(read: ListRead): boolean {
  return !hasKeyset(read.order) && (read.page.from !== null || read.page.until !== null)
}

/** The select with what cursors and loaders need of every row. */
export function selectForList(read: ListRead): Select {
  const key = selectFields(keyFields(read.model).map(field => field.name))
  return mergeSelects(mergeSelects(read.select, key), selectOrderValues(read.order))
}

/** The rows of `toPrismaArguments` to the page in the list's own order. */
export function toPageResult(read: ListRead, found: readonly Row[]): PageResult {
  const { page } = read
  const candidates = isCutInMemory(read) ? cut(read, found) : found
  const hasMore = candidates.length > page.limit
  const rows = candidates.slice(0, page.limit)
  const hasEarlier = page.from !== null || page.offset > 0
  return page.isBackward
    ? { rows: rows.toReversed(), hasNextPage: hasEarlier, hasPreviousPage: hasMore }
    : { rows, hasNextPage: hasMore, hasPreviousPage: hasEarlier }
}

function cut(read: ListRead, rows: readonly Row[]): readonly Row[] {
  const { from, until, offset, limit } = read.page
  const terms = readingOrder(read)
  const start = from ? positionAfter(terms, rows, from) : 0
  const end = until ? positionOf(terms, rows, until) : rows.length
  return rows.slice(start, end).slice(offset, offset + limit + 1)
}

function positionAfter(
  terms: readonly OrderTerm[],
  rows: readonly Row[],
  values: readonly unknown[],
): number {
  const position = positionOf(terms, rows, values)
  const row = rows[position]
  return row && comparePosition(terms, row, values) === 0 ? position + 1 : position
}

/**
 * The index of the row with the given order values, else of the first row beyond them. The row itself is looked for
 * first: JavaScript does not know the collation that the database sorts text by.
 */
function positionOf(terms: readonly OrderTerm[], rows: readonly Row[], values: readonly unknown[]): number {
  const exact = rows.findIndex(row => comparePosition(terms, row, values) === 0)
  if (exact >= 0) return exact
  const beyond = rows.findIndex(row => comparePosition(terms, row, values) > 0)
  return beyond < 0 ? rows.length : beyond
}

/** Below 0 where the row comes before the position, 0 where it is at it, above 0 where it comes after. */
function comparePosition(terms: readonly OrderTerm[], row: Row, position: readonly unknown[]): number {
  for (const [index, term] of terms.entries()) {
    const compared = compareValues(orderValue(term, row), position[index], term)
    if (compared !== 0) return compared
  }
  return 0
}

function compareValues(value: unknown, other: unknown, term: OrderTerm): number {
  if (value === null || other === null) {
    if (value === other) return 0
    return (value === null) === (term.nulls === 'first') ? -1 : 1
  }
  const [a, b] = [comparable(term, value), comparable(term, other)]
  const compared = a < b ? -1 : a > b ? 1 : 0
  return term.direction === 'asc' ? compared : -compared
}

/** Cursor values are in JSON's form: dates and long numbers are text there. */
function comparable(term: OrderTerm, value: unknown): number | string | bigint {
  if (term.by.kind === 'relation') return Number(value)
  switch (term.by.scalar) {
    case 'DateTime':
      return value instanceof Date ? value.getTime() : Date.parse(String(value))
    case 'BigInt':
      return BigInt(String(value))
    case 'Int':
    case 'Float':
    case 'Decimal':
    case 'Boolean':
      return Number(value)
    case 'Bytes':
      return Buffer.from(value as Uint8Array).toString('hex')
    default:
      return String(value)
  }
}
