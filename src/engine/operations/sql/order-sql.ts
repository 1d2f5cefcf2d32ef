import type { Model } from '../../datamodel/model.ts'
import { scalarField } from '../key.ts'
import type { OrderTerm } from '../read/order.ts'
import { quoteIdentifier } from '../sql-name.ts'
import { relatedRows } from './relation-sql.ts'
import type { SqlContext } from './sql-context.ts'

/** An order of rows as SQL. */
export interface OrderSql {
  /** What FROM needs besides the rows themselves. */
  readonly joins: string
  /** ORDER BY, without the words. */
  readonly terms: string
  /** The value of each term. */
  readonly values: readonly string[]
}

/** The order of a model's rows that have the alias, along to-one relations and by counts of list relations. */
export function orderSql(
  context: SqlContext,
  model: Model,
  order: readonly OrderTerm[],
  alias: string,
): OrderSql {
  const joins = new Map<string, { readonly sql: string; readonly alias: string; readonly target: Model }>()
  const values = order.map(term => {
    let [path, table, last] = ['', alias, model]
    for (const relation of term.path) {
      path = `${path}.${relation.name}`
      let join = joins.get(path)
      if (!join) {
        const related = relatedRows(context, { model: last, field: relation, alias: table })
        const sql = ` LEFT JOIN ${related.from} ON ${related.link}`
        join = { sql, alias: related.alias, target: related.target }
        joins.set(path, join)
      }
      ;[table, last] = [join.alias, join.target]
    }
    if (term.by.kind === 'scalar')
      return `${quoteIdentifier(table)}.${quoteIdentifier(scalarField(last, term.by.name).column)}`
    const counted = relatedRows(context, { model: last, field: term.by, alias: table })
    return `(SELECT count(*) FROM ${counted.from} WHERE ${counted.link})`
  })
  return {
    joins: [...joins.values()].map(({ sql }) => sql).join(''),
    terms: order.map((term, index) => `${values[index]} ${directionSql(term)}`).join(', '),
    values,
  }
}

/** An index has nulls where PostgreSQL's own placement has them: another one is said only where there are some. */
function directionSql({ direction, nulls, isNullable }: OrderTerm): string {
  const isDefault = nulls === (direction === 'asc' ? 'last' : 'first')
  const word = direction === 'asc' ? 'ASC' : 'DESC'
  return isDefault || !isNullable ? word : `${word} NULLS ${nulls === 'first' ? 'FIRST' : 'LAST'}`
}
