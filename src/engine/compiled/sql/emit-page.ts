import type { Model } from '../../datamodel/model.ts'
import { orderFingerprint, orderText } from '../../operations/read/cursor.ts'
import { type OrderTerm, reverseOrder, toPrismaOrder, translateOrder } from '../../operations/read/order.ts'
import { createPage } from '../../operations/read/page.ts'
import { pageSql } from '../../operations/read/page-sql.ts'
import { orderSql } from '../../operations/sql/order-sql.ts'
import { type Decision, type Emission, NotCompilable, type ReadRequest } from '../emission.ts'
import type { SelectedField, Selection } from '../plan/plan.ts'
import type { ConnectionPart, MatchingRows } from './emit-connection.ts'
import { positionValueText } from './key-value.ts'
import { base64urlText, joinText, objectText, orNull, orRefuse, type Part } from './text-sql.ts'

/** The fields of a connection that are about the rows of its page. */
export const pageFieldKinds: ReadonlySet<string> = new Set(['rows', 'edges', 'pageInfo'])

interface PageRead extends PageShape {
  readonly emission: Emission
  readonly rows: MatchingRows
  /** The place of the page's size. */
  readonly limit: string
  readonly offset: string
  readonly keyset: string
}

/** What the statement of a page is made from. */
interface PageShape {
  readonly order: readonly OrderTerm[]
  /** The order in which rows are read. */
  readonly terms: readonly OrderTerm[]
  readonly isBackward: boolean
  /** There are rows ahead of the page in its own direction. */
  readonly hasEarlier: boolean
  /** The planner has to know about how many rows are wanted, which a parameter does not tell it: the next power of two. */
  readonly roomy: number
}

/** The page of a list: one subquery that reads its rows, with what is asked of each, and puts them together. */
export function emitPage(
  emission: Emission,
  list: SelectedField,
  fields: readonly SelectedField[],
  rows: MatchingRows,
): ConnectionPart {
  const { data: shape, texts } = emission.decide(request => decidePage(request, list, rows))
  const [limit = '', offset = '', keyset = ''] = texts
  const read: PageRead = { ...shape, emission, rows, limit, offset, keyset }
  const items = fields.filter(({ mark }) => mark.kind !== 'pageInfo')
  const facts = new Set(fields.flatMap(pageFactsOf))
  const hasCursor = asksForCursor(items) || facts.has('startCursor') || facts.has('endCursor')
  const hasMore = facts.has(shape.isBackward ? 'hasPreviousPage' : 'hasNextPage')
  const alias = emission.context.nextAlias()
  const isNumbered = hasMore || shape.isBackward || facts.has('startCursor') || facts.has('endCursor')
  const source = readRows(read, hasCursor, hasMore, isNumbered)
  const itemTexts = items.map(item => itemText(read, item, source))
  const columns = [
    ...itemTexts.map((text, index) => `${text} AS "item${index}"`),
    ...(hasCursor ? [`${source.cursor} AS "cursor"`] : []),
    ...(isNumbered ? [`"${rows.alias}"."refract number" AS "number"`] : []),
  ]
  const inner = `(SELECT ${columns.length === 0 ? '1' : columns.join(', ')} FROM ${source.from}) AS "${alias}"`
  const outer = emission.context.nextAlias()
  const gathered = gather(read, items.length, facts, alias, hasMore)
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
  /** The cursor of a row, as text without quotes. */
  readonly cursor: string
}

/** The rows of the page: a limit that the planner knows inside of the exact one. */
function readRows(read: PageRead, hasCursor: boolean, hasMore: boolean, isNumbered: boolean): RowSource {
  const { emission, rows, terms } = read
  const { joins, terms: orderBy, values } = orderSql(emission.context, rows.model, terms, rows.alias)
  const extra = hasCursor ? foreignValues(read.order, values) : []
  const columns = [`"${rows.alias}".*`, ...extra.map(({ name, sql }) => `${sql} AS "${name}"`)]
  const found =
    `(SELECT ${columns.join(', ')} FROM ${rows.from}${joins} WHERE ${rows.where}${read.keyset} ` +
    `ORDER BY ${orderBy} LIMIT ${read.roomy}${read.offset}) AS "${rows.alias}"`
  const exact = hasMore ? `${read.limit} + 1` : read.limit
  const number = isNumbered ? `, row_number() OVER () AS "refract number"` : ''
  return {
    from: `(SELECT "${rows.alias}".*${number} FROM ${found} LIMIT ${exact}) AS "${rows.alias}"`,
    cursor: hasCursor ? cursorText(read, extra) : '',
  }
}

/**
 * Says what is wrong with a page that nothing is asked of.
 *
 * @throws RefractError for an order that the viewer may not have, a page that is none, and a cursor of another order
 */
export function checkPage(emission: Emission, list: SelectedField, model: Model): void {
  emission.decide(request => {
    readPage(request, list, model)
    return { key: '', texts: [], data: null }
  })
}

function readPage(request: ReadRequest, list: SelectedField, model: Model) {
  const { values: given } = request.argumentsOf(list)
  const order = translateOrder(request.scope, model, given.orderBy as Parameters<typeof translateOrder>[2])
  return { order, page: createPage(request.scope, order, given) }
}

/** The texts are the page's size, its offset and the conditions of its cursors. */
function decidePage(
  request: ReadRequest,
  list: SelectedField,
  { model, alias }: MatchingRows,
): Decision<PageShape> {
  const { context } = request
  const { order, page } = readPage(request, list, model)
  const { isBackward } = page
  const terms = isBackward ? reverseOrder(order) : order
  if (terms.some(({ path }) => path.length > 0)) toPrismaOrder(terms) // says which places of nulls there are not
  // one row more tells whether there is another page
  const roomy = 2 ** Math.ceil(Math.log2(page.limit + 1))
  const hasEarlier = page.from !== null || page.offset > 0
  return {
    key: `${orderText(order)} ${isBackward} ${roomy} ${hasEarlier}`,
    texts: [
      context.parameter(String(page.limit), 'int8'),
      page.offset > 0 ? ` OFFSET ${context.parameter(String(page.offset), 'int8')}` : '',
      pageSql(context, model, terms, page, alias)
        .map(condition => ` AND (${condition})`)
        .join(''),
    ],
    data: { order, terms, isBackward, hasEarlier, roomy },
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
  if (mark.kind === 'rows') return emission.row(rows.model, selection, rows.alias)
  return objectText(
    selection.map((item): [string, Part] => {
      if (item.mark === null) return [item.responseName, { constant: `"${item.typeName}"` }]
      if (item.mark.kind === 'edgeRow')
        return [item.responseName, { sql: emission.row(rows.model, item.selection, rows.alias) }]
      if (item.mark.kind === 'cursor') return [item.responseName, { sql: `('"' || ${source.cursor} || '"')` }]
      throw new NotCompilable(`${item.definition.name} is no field of an edge.`)
    }),
  )
}

/** The lists of the page's items, and what is asked of the page, under names for the object. */
function gather(
  { isBackward, limit }: PageRead,
  items: number,
  facts: ReadonlySet<string>,
  alias: string,
  hasMore: boolean,
): readonly (readonly [name: string, sql: string])[] {
  const filter = !hasMore ? '' : ` FILTER (WHERE "${alias}"."number" <= ${limit})`
  const order = isBackward ? ` ORDER BY "${alias}"."number" DESC` : ''
  const lists = Array.from({ length: items }, (_, index): [string, string] => [
    `list${index}`,
    `'[' || coalesce(string_agg("${alias}"."item${index}", ','${order})${filter}, '') || ']'`,
  ])
  // in the lists' own order: another one would be that of the lists too, where PostgreSQL sorts for all aggregates at once
  const cursorAt = (place: string) => `(array_agg("${alias}"."cursor"${order})${filter})[${place}]`
  const made = [
    ...lists,
    ...(hasMore ? [['more', `count(*) > ${limit}`] as const] : []),
    ...(facts.has('startCursor') ? [['start', cursorAt('1')] as const] : []),
    ...(facts.has('endCursor') ? [['end', cursorAt(`(count(*)${filter})::int`)] as const] : []),
  ]
  return made.length === 0 ? [['nothing', 'count(*)']] : made
}

function pageInfoText({ rows, ...page }: PageRead, selection: Selection, outer: string): string {
  const hasEarlier = String(!rows.isNone && page.hasEarlier)
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
