import type { ScalarField } from '../../datamodel/model.ts'
import { isPlain } from '../../policy/policy-fault.ts'
import { columnType, valueText } from './column-type.ts'
import { joined } from './join-conditions.ts'
import { jsonSql } from './json-sql.ts'
import { listSql } from './list-sql.ts'
import type { SqlContext } from './sql-context.ts'
import { unknownOperator } from './unknown-operator.ts'

type Filter = Readonly<Record<string, unknown>>

/**
 * Prisma's filter on one column. `isReversed`: Prisma would make it within an odd number of negations, which it treats
 * otherwise in JSON.
 *
 * @param column the column as an expression of SQL
 * @throws Error for operators that neither clients' filters nor policies become
 */
export function scalarSql(
  context: SqlContext,
  field: ScalarField,
  value: unknown,
  column: string,
  isReversed: boolean,
): string {
  const filter: Filter = isPlain(value) ? value : { equals: value }
  if (field.isList) return listSql(context, field, filter, column)
  if (field.scalar === 'Json') return jsonSql(context, field, filter, column, isReversed)
  const { mode, ...operators } = filter
  const compared = { context, field, column }
  const parts = Object.entries(operators).map(([operator, operand]) => {
    if (operand === null) return nullSql(field, operator, column)
    return mode === 'insensitive'
      ? insensitiveSql(compared, operator, operand)
      : comparisonSql(compared, operator, operand)
  })
  return joined(parts, 'AND', 'TRUE')
}

interface Compared {
  readonly context: SqlContext
  readonly field: ScalarField
  readonly column: string
}

function nullSql(field: ScalarField, operator: string, column: string): string {
  if (operator === 'equals') return `${column} IS NULL`
  if (operator === 'not') return `${column} IS NOT NULL`
  throw unknownOperator(field.name, `${operator}: null`)
}

const symbols: Readonly<Record<string, string>> = {
  equals: '=',
  not: '<>',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
}

const patterns: Readonly<Record<string, (place: string) => string>> = {
  contains: place => `('%' || ${place} || '%')`,
  startsWith: place => `(${place} || '%')`,
  endsWith: place => `('%' || ${place})`,
}

function comparisonSql({ context, field, column }: Compared, operator: string, operand: unknown): string {
  const type = columnType(context.datamodel, field)
  const text = (value: unknown) => valueText(context.datamodel, field, value)
  if (operator === 'in' || operator === 'notIn') {
    const place = context.parameter((operand as readonly unknown[]).map(text), `${type}[]`)
    return operator === 'in' ? `${column} = ANY(${place})` : `${column} <> ALL(${place})`
  }
  const pattern = patterns[operator]
  if (pattern) return `${column}::text LIKE ${pattern(context.parameter(String(operand), 'text'))}`
  const symbol = symbols[operator]
  if (symbol === undefined || isPlain(operand)) throw unknownOperator(field.name, operator)
  return `${column} ${symbol} ${context.parameter(text(operand), type)}`
}

/**
 * Where case is ignored. A `char(n)` keeps the spaces that fill it up in ILIKE, as in Prisma's statements.
 *
 * @throws Error for `equals` and `not`, which Prisma takes for patterns and which are therefore never asked for
 */
function insensitiveSql({ context, field, column }: Compared, operator: string, operand: unknown): string {
  if (operator === 'in' || operator === 'notIn') {
    const place = context.parameter((operand as readonly unknown[]).map(String), 'text[]')
    const folded = `ARRAY(SELECT lower(item) FROM unnest(${place}) item)`
    return operator === 'in' ? `lower(${column}) = ANY(${folded})` : `lower(${column}) <> ALL(${folded})`
  }
  const pattern = patterns[operator]
  const symbol = symbols[operator]
  const isEquality = operator === 'equals' || operator === 'not'
  if (isEquality || (!pattern && symbol === undefined)) {
    throw unknownOperator(field.name, `${operator} in the mode insensitive`)
  }
  const place = context.parameter(String(operand), 'text')
  return pattern ? `${column} ILIKE ${pattern(place)}` : `lower(${column}) ${symbol} lower(${place})`
}
