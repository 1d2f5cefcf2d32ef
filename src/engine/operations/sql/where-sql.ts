import type { Model } from '../../datamodel/model.ts'
import { isPlain } from '../../policy/policy-fault.ts'
import type { Where } from '../client.ts'
import { quoteIdentifier } from '../sql-name.ts'
import { joined } from './join-conditions.ts'
import { relationSql } from './relation-sql.ts'
import { scalarSql } from './scalar-sql.ts'
import type { SqlContext } from './sql-context.ts'
import { negated, type Surroundings } from './surroundings.ts'

/**
 * A Prisma `where`, as `translateFilter` makes it of a client's filter and `compilePolicyWhere` of a policy's, as a
 * condition of PostgreSQL: true of the rows that Prisma finds with it, and false or NULL of all others. So a negation has
 * to be in the `where`; a NOT around the SQL would be another one.
 *
 * The row under test can come from anywhere, as long as it has the table's columns: from the table itself, or out of
 * JSON by `jsonb_populate_record(NULL::"public"."issues", $1::jsonb)` (with its schema, since PostgreSQL has types of
 * its own by names such as `box`). An image of a row that `to_jsonb` has made does not tell the JSON value null from
 * NULL, in a column as well as in a list, does not know where the positions of a list begin if not at 1, holds money as
 * `lc_monetary` writes it, and floats as `extra_float_digits` (exactly, unless that is below 1). Everything else that
 * conditions look at comes back as it was.
 *
 * Values are parameters only, each of its column's own type; all values of one operator are one parameter.
 *
 * @param alias the row's in the statement; not one of the context's own
 * @throws Error for operators that neither of the two makes, for unknown fields and for undefined
 */
export function whereSql(context: SqlContext, model: Model, where: Where, alias: string): string {
  return conditions({ context, isNegated: false, isReversed: false }, model, where, alias)
}

function conditions(surroundings: Surroundings, model: Model, where: Where, alias: string): string {
  const parts = Object.entries(where).map(([name, value]) => {
    if (value === undefined) throw new Error(`${model.name}.${name} is undefined. Expected a condition.`)
    return isLogic(name)
      ? logicSql(surroundings, model, name, value, alias)
      : fieldSql(surroundings, model, name, value, alias)
  })
  return joined(parts, 'AND', 'TRUE')
}

function fieldSql(
  surroundings: Surroundings,
  model: Model,
  name: string,
  value: unknown,
  alias: string,
): string {
  const field = model.fields.find(candidate => candidate.name === name)
  if (field?.kind === 'relation') {
    return relationSql(surroundings, { model, field, alias, translate: conditions }, value)
  }
  if (field?.kind !== 'scalar')
    throw new Error(`${model.name} has no field ${name} that could be filtered by.`)
  const column = `${quoteIdentifier(alias)}.${quoteIdentifier(field.column)}`
  return scalarSql(surroundings.context, field, value, column, surroundings.isReversed)
}

type Logic = 'AND' | 'OR' | 'NOT'

function isLogic(name: string): name is Logic {
  return name === 'AND' || name === 'OR' || name === 'NOT'
}

function logicSql(
  surroundings: Surroundings,
  model: Model,
  name: Logic,
  value: unknown,
  alias: string,
): string {
  const inner = name === 'NOT' ? negated(surroundings) : surroundings
  const parts = itemsOf(value)
    .filter(item => !isEmpty(item))
    .map(item => conditions(inner, model, item, alias))
  if (name === 'OR') return joined(parts, 'OR', 'FALSE')
  // Prisma's NOT of a list negates each of them
  return joined(name === 'NOT' ? parts.map(part => `NOT (${part})`) : parts, 'AND', 'TRUE')
}

/**
 * The conditions inside of AND, OR or NOT, without what Prisma leaves out of them: whatever says nothing, for which it
 * takes an empty OR as well.
 */
function itemsOf(value: unknown): readonly Where[] {
  const items = Array.isArray(value) ? (value as Where[]) : [value as Where]
  return items.map(item =>
    Object.fromEntries(
      Object.entries(item).filter(([name, inner]) =>
        isLogic(name) ? !itemsOf(inner).every(isEmpty) : !isEmpty(inner),
      ),
    ),
  )
}

function isEmpty(value: unknown): boolean {
  return isPlain(value) && Object.keys(value).length === 0
}
