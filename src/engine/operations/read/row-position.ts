import { parseMoment } from '../../../lib/exact-moment.ts'
import { hasMicroseconds } from '../../datamodel/column-kind.ts'
import type { Datamodel, Model } from '../../datamodel/model.ts'
import type { Row } from '../client.ts'
import { keyFields, keyText } from '../key.ts'
import type { Scope } from '../scope.ts'
import { sqlKeys } from '../sql-keys.ts'
import { quoteIdentifier, quoteTable } from '../sql-name.ts'
import { type OrderTerm, orderValue } from './order.ts'
import { readerOf } from './reader.ts'

/** The order values of a row, in step with the terms: its position in the list. */
export type Position = readonly unknown[]

/** Prisma cuts a term's values: they hold microseconds. */
function isCut(term: OrderTerm): boolean {
  return term.by.kind === 'scalar' && hasMicroseconds(term.by)
}

/** Whether a position in this order takes a statement of its own to be read. */
export function needsExactRead(terms: readonly OrderTerm[]): boolean {
  return terms.some(isCut)
}

/** The position that the values of the row itself give. */
export function positionOf(terms: readonly OrderTerm[], row: Row): Position {
  return terms.map(term => orderValue(term, row))
}

/**
 * The positions of rows to the last digit: one statement of our own reads the moments that Prisma has cut to
 * milliseconds, as PostgreSQL writes them.
 */
export async function findPositions(
  scope: Scope,
  model: Model,
  terms: readonly OrderTerm[],
  rows: readonly Row[],
): Promise<readonly Position[]> {
  const cut = terms.filter(isCut)
  const keys = sqlKeys(scope.datamodel, model, rows, 't')
  const { columns, joins } = exactColumns(scope.datamodel, cut)
  const found = await readerOf(scope).query(
    `SELECT ${keys.select}, ${columns} FROM ${quoteTable(model)} t${joins} WHERE ${keys.condition}`,
    keys.values,
  )
  const exact = rowsByKey(found, keys.textOf)
  const names = keyFields(model).map(field => field.name)
  return rows.map(row => {
    const values = exact.get(keyText(model, names, row))
    return terms.map(term =>
      isCut(term) ? exactMoment(term, row, values?.[`value ${cut.indexOf(term)}`]) : orderValue(term, row),
    )
  })
}

/** Several rows can have the same key to the millisecond: then none of them is known to be the one. */
function rowsByKey(rows: readonly Row[], textOf: (row: Row) => string): ReadonlyMap<string, Row> {
  const byKey = new Map(rows.map(row => [textOf(row), row]))
  for (const row of rows) if (byKey.get(textOf(row)) !== row) byKey.delete(textOf(row))
  return byKey
}

/** Each term's column as text, with the to-one relations on the way to it joined. */
function exactColumns(datamodel: Datamodel, terms: readonly OrderTerm[]) {
  const joins: string[] = []
  const columns = terms.map((term, index) => {
    const table = term.path.reduce((parent, relation, step) => {
      const target = datamodel.model(relation.target)
      const child = `j${index}_${step}`
      const column = (name: string, model: Model) =>
        quoteIdentifier(model.scalars.find(field => field.name === name)?.column ?? name)
      const source = datamodel.models.find(model => model.relations.includes(relation)) as Model
      const pairs = relation.from.map(
        (name, position) =>
          `${child}.${column(relation.to[position] ?? '', target)} = ${parent}.${column(name, source)}`,
      )
      joins.push(` LEFT JOIN ${quoteTable(target)} ${child} ON ${pairs.join(' AND ')}`)
      return child
    }, 't')
    const column = term.by.kind === 'scalar' ? term.by.column : ''
    return `${table}.${quoteIdentifier(column)}::text AS "value ${index}"`
  })
  return { columns: columns.join(', '), joins: joins.join('') }
}

/**
 * The exact text where it is that of the value which Prisma read. Where the row has changed in between, a text that
 * rather repeats rows of the same millisecond than leaves some out.
 */
function exactMoment(term: OrderTerm, row: Row, exact: unknown): unknown {
  const read = orderValue(term, row)
  if (!(read instanceof Date)) return null
  const milliseconds = typeof exact === 'string' ? parseMoment(exact) : null
  if (milliseconds !== null && Object.is(milliseconds, read.getTime())) return exact
  const text = read.toISOString().replace('T', ' ').replace('Z', '')
  const moment = term.by.kind === 'scalar' && term.by.graphqlType === 'Time' ? text.slice(11) : text
  return term.direction === 'asc' ? moment : `${moment}999`
}
