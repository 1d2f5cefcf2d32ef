import type { Model } from '../../datamodel/model.ts'
import { orderFingerprint } from '../../operations/read/cursor.ts'
import { hasKeyset, rowsAfter } from '../../operations/read/keyset.ts'
import { type OrderTerm, reverseOrder, toPrismaOrder, translateOrder } from '../../operations/read/order.ts'
import { createPage, type Page } from '../../operations/read/page.ts'
import { conditionSql, type Emission, NotCompilable } from '../emission.ts'
import type { SelectedField, Selection } from '../plan/plan.ts'
import type { ConnectionPart, MatchingRows } from './emit-connection.ts'
import { emitRow } from './emit-row.ts'
import { positionValueText } from './key-value.ts'
import { orderSql } from './order-sql.ts'
import { andSql, base64urlText, joinText, objectText, orNull, orRefuse, type Part } from './text-sql.ts'

/** The fields of a connection that are about the rows of its page. */
export const pageFieldKinds: ReadonlySet<string> = new Set(['rows', 'edges', 'pageInfo'])

/** Which page of a list, in which order. */
export interface PagePlace {
  readonly order: readonly OrderTerm[]
  readonly page: Page
}

interface PageRead extends PagePlace {
  readonly emission: Emission
  readonly rows: MatchingRows
}

/** @throws RefractError for an order that the viewer may not have, a page that is none, and a cursor of another order */
export function placeOf(emission: Emission, list: SelectedField, model: Model): PagePlace {
  const { values: given } = emission.argumentsOf(list)
  const order = translateOrder(emission.scope, model, given.orderBy as Parameters<typeof translateOrder>[2])
  return { order, page: createPage(emission.scope, order, given) }
}

/** The page of a list: one subquery that reads its rows, with what is asked of each, and puts them together. */
export function emitPage(
  emission: Emission,
  place: PagePlace,
  fields: readonly SelectedField[],
  rows: MatchingRows,
): ConnectionPart {
  const read = { ...place, emission, rows }
  const { page } = place
  const items = fields.filter(({ mark }) => mark.kind !== 'pageInfo')
  const facts = new Set(fields.flatMap(pageFactsOf))
  const hasCursor = asksForCursor(items) || facts.has('startCursor') || facts.has('endCursor')
  const hasMore = facts.has(page.isBackward ? 'hasPreviousPage' : 'hasNextPage')
  const alias = emission.context.nextAlias()
  const isNumbered = hasMore || page.isBackward || facts.has('startCursor') || facts.has('endCursor')
  const source = readRows(read, hasCursor, hasMore, isNumbered)
  const texts = items.map(item => itemText(read, item, source))
  const columns = [
    ...texts.map((text, index) => `${text} AS "item${index}"`),
    ...(hasCursor ? [`${source.cursor} AS "cursor"`] : []),
    ...(isNumbered ? [`"${rows.alias}"."refract number" AS "number"`] : []),
  ]
  const inner = `(SELECT ${columns.length === 0 ? '1' : columns.join(', ')} FROM ${source.from}) AS "${alias}"`
  const outer = emission.context.nextAlias()
  const gathered = gather(read, items.length, facts, alias, hasMore ? source.limit : null)
  const from = `(SELECT ${gathered.map(([name, sql]) => `${sql} AS "${name}"`).join(', ')} FROM ${inner}) AS "${outer}"`
  const values = new Map<SelectedField, Part>()
  items.forEach((item, index) => {
    values.set(item, { sql: `"${outer}"."list${index}"` })
  })
  for (const field of fields)
    if (field.mark.kind === 'pageInfo') values.set(field, { sql: pageInfoText(read, field.selection, outer) })
  return { from, values }
}

function pageFactsOf({ mark, selection }: SelectedField): readonly string[] {
  if (mark.kind !== 'pageInfo') return []
  return selection.flatMap(item => (item.mark?.kind === 'fact' ? [item.mark.name] : []))
}

function asksForCursor(items: readonly SelectedField[]): boolean {
  return items.some(
    ({ mark, selection }) => mark.kind === 'edges' && selection.some(item => item.mark?.kind === 'cursor'),
  )
}

interface RowSource {
  readonly from: string
  /** The place of the page's size. */
  readonly limit: string
  /** The cursor of a row, as text without quotes. */
  readonly cursor: string
}

/**
 * The rows of the page. The planner has to know about how many rows are wanted, which a parameter does not tell it: hence
 * a limit of the next power of two, of which there are few, inside of the exact one.
 */
function readRows(read: PageRead, hasCursor: boolean, hasMore: boolean, isNumbered: boolean): RowSource {
  const { emission, rows, page } = read
  const { context } = emission
  const terms = page.isBackward ? reverseOrder(read.order) : read.order
  if (terms.some(({ path }) => path.length > 0)) toPrismaOrder(terms) // says which places of nulls there are not
  const { joins, terms: orderBy, values } = orderSql(context, rows.model, terms, rows.alias)
  const condition = andSql([rows.where, ...keysetConditions(read, terms)])
  const wanted = page.limit + (hasMore ? 1 : 0)
  const roomy = 2 ** Math.ceil(Math.log2(Math.max(wanted, 1)))
  const extra = hasCursor ? foreignValues(read.order, values) : []
  const columns = [`"${rows.alias}".*`, ...extra.map(({ name, sql }) => `${sql} AS "${name}"`)]
  const offset = page.offset > 0 ? ` OFFSET ${context.parameter(String(page.offset), 'int8')}` : ''
  const found =
    `(SELECT ${columns.join(', ')} FROM ${rows.from}${joins} WHERE ${condition} ` +
    `ORDER BY ${orderBy} LIMIT ${roomy}${offset}) AS "${rows.alias}"`
  const limit = context.parameter(String(page.limit), 'int8')
  const exact = hasMore ? `${limit} + 1` : limit
  const number = isNumbered ? `, row_number() OVER () AS "refract number"` : ''
  return {
    from: `(SELECT "${rows.alias}".*${number} FROM ${found} LIMIT ${exact}) AS "${rows.alias}"`,
    limit,
    cursor: hasCursor ? cursorText(read, extra) : '',
  }
}

interface ForeignValue {
  readonly term: OrderTerm
  readonly name: string
  readonly sql: string
}

/** The values of an order that are no columns of the row itself; cursors need them. */
function foreignValues(order: readonly OrderTerm[], values: readonly string[]): readonly ForeignValue[] {
  return order.flatMap((term, index) =>
    term.path.length > 0 || term.by.kind === 'relation'
      ? [{ term, name: `refract value ${index}`, sql: values[index] ?? '' }]
      : [],
  )
}

function keysetConditions(
  { emission, rows, page }: PageRead,
  terms: readonly OrderTerm[],
): readonly string[] {
  if (page.from === null && page.until === null) return []
  if (!hasKeyset(terms))
    throw new NotCompilable('Prisma has no condition for this order, so rows are cut in memory.')
  const { datamodel } = emission.scope
  const after = page.from ? [rowsAfter(datamodel, terms, page.from)] : []
  const before = page.until ? [rowsAfter(datamodel, reverseOrder(terms), page.until)] : []
  return [...after, ...before].map(where => {
    const condition = conditionSql(emission, rows.model, where, rows.alias)
    return condition === 'TRUE' ? condition : `(${condition})`
  })
}

/** As `encodeCursor` makes it. */
function cursorText({ emission, order, rows }: PageRead, foreign: readonly ForeignValue[]): string {
  const parts = order.flatMap((term): Part[] => {
    const name = foreign.find(value => value.term === term)?.name
    if (term.by.kind === 'relation') return [{ constant: ',' }, { sql: `"${rows.alias}"."${name}"::text` }]
    const value = `"${rows.alias}"."${(name ?? term.by.column).replaceAll('"', '""')}"`
    const text = positionValueText(emission.datamodel, term.by, value)
    return [{ constant: ',' }, { sql: term.isNullable ? orNull(text) : orRefuse(text) }]
  })
  const list = joinText([{ constant: `["${orderFingerprint(order)}"` }, ...parts, { constant: ']' }])
  return base64urlText(list)
}

/** A row of the page as one item of `nodes` or `edges`. */
function itemText(
  { emission, rows }: PageRead,
  { mark, selection }: SelectedField,
  source: RowSource,
): string {
  if (mark.kind === 'rows') return emitRow(emission, rows.model, selection, rows.alias)
  return objectText(
    selection.map((item): [string, Part] => {
      if (item.mark === null) return [item.responseName, { constant: `"${item.typeName}"` }]
      if (item.mark.kind === 'edgeRow')
        return [item.responseName, { sql: emitRow(emission, rows.model, item.selection, rows.alias) }]
      if (item.mark.kind === 'cursor') return [item.responseName, { sql: `('"' || ${source.cursor} || '"')` }]
      throw new NotCompilable(`${item.definition.name} is no field of an edge.`)
    }),
  )
}

/** The lists of the page's items, and what is asked of the page, under names for the object. */
function gather(
  { page }: PageRead,
  items: number,
  facts: ReadonlySet<string>,
  alias: string,
  limit: string | null,
): readonly (readonly [name: string, sql: string])[] {
  const filter = limit === null ? '' : ` FILTER (WHERE "${alias}"."number" <= ${limit})`
  const order = page.isBackward ? ` ORDER BY "${alias}"."number" DESC` : ''
  const lists = Array.from({ length: items }, (_, index): [string, string] => [
    `list${index}`,
    `'[' || coalesce(string_agg("${alias}"."item${index}", ','${order})${filter}, '') || ']'`,
  ])
  // in the lists' own order: another one would be that of the lists too, where PostgreSQL sorts for all aggregates at once
  const cursorAt = (place: string) => `(array_agg("${alias}"."cursor"${order})${filter})[${place}]`
  const made = [
    ...lists,
    ...(limit === null ? [] : [['more', `count(*) > ${limit}`] as const]),
    ...(facts.has('startCursor') ? [['start', cursorAt('1')] as const] : []),
    ...(facts.has('endCursor') ? [['end', cursorAt(`(count(*)${filter})::int`)] as const] : []),
  ]
  return made.length === 0 ? [['nothing', 'count(*)']] : made
}

function pageInfoText({ page, rows }: PageRead, selection: Selection, outer: string): string {
  const hasEarlier = String(!rows.isNone && (page.from !== null || page.offset > 0))
  const more = { sql: `("${outer}"."more")::text` }
  const cursor = (name: string) => ({ sql: orNull(`'"' || "${outer}"."${name}" || '"'`) })
  const facts: Readonly<Record<string, Part>> = {
    hasNextPage: page.isBackward ? { constant: hasEarlier } : more,
    hasPreviousPage: page.isBackward ? more : { constant: hasEarlier },
    startCursor: cursor('start'),
    endCursor: cursor('end'),
  }
  return objectText(
    selection.map((item): [string, Part] => {
      if (item.mark === null) return [item.responseName, { constant: `"${item.typeName}"` }]
      const fact = item.mark.kind === 'fact' ? facts[item.mark.name] : undefined
      if (!fact) throw new NotCompilable(`${item.definition.name} is no field of PageInfo.`)
      return [item.responseName, fact]
    }),
  )
}
