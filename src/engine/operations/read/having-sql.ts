import type { Datamodel, Model, ScalarField } from '../../datamodel/model.ts'
import type { Row, Where } from '../client.ts'
import { scalarField } from '../key.ts'
import { joined } from '../sql/join-conditions.ts'
import { toColumn } from '../sql-keys.ts'

/** What a having's conditions are about, as expressions of SQL, and where its values go. */
export interface HavingSql {
  readonly datamodel: Datamodel
  readonly model: Model
  column(field: ScalarField): string
  aggregate(name: string, field: ScalarField): string
  /** Adds a parameter and returns its place, `$3`. */
  parameter(value: unknown, compared: Compared): string
}

/** What a value is compared with: the count, an aggregate of a field, or the field itself, `text` where it is searched in. */
export interface Compared {
  readonly by: 'count' | 'sum' | 'avg' | 'min' | 'max' | 'key' | 'text'
  readonly field: ScalarField
}

/** Prisma's `having` as a condition of SQL, for the statements that Prisma cannot make. */
export function havingSql(sql: HavingSql, having: Where): string {
  const parts = Object.entries(having).map(([name, value]) => {
    const inner = () => (value as readonly Where[]).map(part => havingSql(sql, part))
    if (name === 'AND') return joined(inner(), 'AND', 'TRUE')
    if (name === 'OR') return joined(inner(), 'OR', 'FALSE')
    if (name === 'NOT') return `NOT ${joined(inner(), 'AND', 'TRUE')}`
    return fieldCondition(sql, scalarField(sql.model, name), value as Row)
  })
  return joined(parts, 'AND', 'TRUE')
}

/** Of one field: its aggregates (`_sum`) and, where it is grouped by, the value itself. */
function fieldCondition(sql: HavingSql, field: ScalarField, filter: Row): string {
  const parts = Object.entries(filter).flatMap(([name, value]) => {
    if (name === 'mode') return []
    if (!name.startsWith('_')) {
      const by = name in patterns || filter.mode === 'insensitive' ? 'text' : 'key'
      const item = (given: unknown) => sql.parameter(toColumn(sql.datamodel, field, given), { by, field })
      return [comparison(sql.column(field), name, value, item, filter.mode === 'insensitive')]
    }
    const by = name.slice(1) as Compared['by']
    const expression = by === 'count' ? 'count(*)' : sql.aggregate(by, field)
    return Object.entries(value as Row).map(([operator, given]) =>
      comparison(expression, operator, given, item => sql.parameter(item, { by, field }), false),
    )
  })
  return joined(parts, 'AND', 'TRUE')
}

const operators: Readonly<Record<string, string>> = {
  equals: '=',
  not: '<>',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
}
const patterns: Readonly<Record<string, (place: string) => string>> = {
  contains: place => `'%' || ${place} || '%'`,
  startsWith: place => `${place} || '%'`,
  endsWith: place => `'%' || ${place}`,
}

function comparison(
  expression: string,
  operator: string,
  value: unknown,
  parameter: (value: unknown) => string,
  ignoresCase: boolean,
): string {
  if (value === null) return `${expression} IS ${operator === 'equals' ? '' : 'NOT '}NULL`
  if (operator === 'in' || operator === 'notIn') {
    const places = (value as readonly unknown[]).map(item => folded(parameter(item), ignoresCase))
    if (places.length === 0) return operator === 'in' ? 'FALSE' : 'TRUE'
    return `${folded(expression, ignoresCase)} ${operator === 'in' ? 'IN' : 'NOT IN'} (${places.join(', ')})`
  }
  const pattern = patterns[operator]
  if (pattern)
    return `${expression}::text ${ignoresCase ? 'ILIKE' : 'LIKE'} ${pattern(`${parameter(value)}::text`)}`
  const symbol = operators[operator]
  if (!symbol) throw new Error(`The comparison ${operator} is not one of having's.`)
  return `${expression} ${symbol} ${parameter(value)}`
}

function folded(expression: string, ignoresCase: boolean): string {
  return ignoresCase ? `lower(${expression}::text)` : expression
}
