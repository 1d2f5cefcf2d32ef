import type { Model } from '../../datamodel/model.ts'
import type { Where } from '../client.ts'
import { joined } from '../sql/join-conditions.ts'
import { relatedRows } from '../sql/relation-sql.ts'
import type { SqlContext } from '../sql/sql-context.ts'
import { whereSql } from '../sql/where-sql.ts'
import { after, equalTo, hasKeyset, rowsAfter } from './keyset.ts'
import { type OrderTerm, reverseOrder } from './order.ts'
import type { Page } from './page.ts'
import type { Position } from './row-position.ts'

/**
 * Where the rows of a page are in a list, as conditions of SQL on a row that has the alias: one for each of its cursors.
 *
 * @param terms the order in which the page is read
 */
export function pageSql(
  context: SqlContext,
  model: Model,
  terms: readonly OrderTerm[],
  { from, until }: Pick<Page, 'from' | 'until'>,
  alias: string,
): readonly string[] {
  return [
    ...(from ? [afterSql(context, model, terms, from, alias)] : []),
    ...(until ? [afterSql(context, model, reverseOrder(terms), until, alias)] : []),
  ]
}

/** The rows behind a position, as `rowsAfter` has them for Prisma. */
function afterSql(
  context: SqlContext,
  model: Model,
  terms: readonly OrderTerm[],
  position: Position,
  alias: string,
): string {
  // with its hidden columns
  const everything = context.datamodel.model(model.name)
  const where = (condition: Where) => whereSql(context, everything, condition, alias)
  if (hasKeyset(terms)) return where(rowsAfter(context.datamodel, terms, position))
  const alternatives = terms.map((term, index) => {
    const equal = terms.slice(0, index).map((earlier, place) => {
      const value = position[place]
      return countSql(context, everything, earlier, '=', value, alias) ?? where(equalTo(earlier, value))
    })
    const symbol = term.direction === 'asc' ? '>' : '<'
    const beyond =
      countSql(context, everything, term, symbol, position[index], alias) ??
      where(after(context.datamodel, term, position[index]))
    return joined([...equal, beyond], 'AND', 'TRUE')
  })
  return joined(alternatives, 'OR', 'FALSE')
}

/** A comparison with how many rows a relation has, none where one on the way to it is absent; null for a column. */
function countSql(
  context: SqlContext,
  model: Model,
  { path, by }: OrderTerm,
  symbol: string,
  value: unknown,
  alias: string,
): string | null {
  if (by.kind === 'scalar') return null
  let near = { model, alias }
  const steps = [...path, by].map(field => {
    const related = relatedRows(context, { ...near, field })
    near = { model: related.target, alias: related.alias }
    return related
  })
  const from = steps.map(step => step.from).join(', ')
  const link = steps.map(step => step.link).join(' AND ')
  return `(SELECT count(*) FROM ${from} WHERE ${link}) ${symbol} ${context.parameter(String(value), 'int8')}`
}
