import { AnyNull, DbNull } from '@prisma/client/runtime/client'
import type { ScalarField } from '../../datamodel/model.ts'
import { valueText } from './column-type.ts'
import { joined } from './join-conditions.ts'
import type { SqlContext } from './sql-context.ts'
import { unknownOperator } from './unknown-operator.ts'

/**
 * Prisma's filter on a JSON column: `equals` and `not` of a value, DbNull, JsonNull or AnyNull, and `array_contains`, of
 * the whole value or of what is at a path.
 *
 * @throws Error for Prisma's other operators, which neither clients' filters nor policies become
 */
export function jsonSql(
  context: SqlContext,
  field: ScalarField,
  { path, ...operators }: Readonly<Record<string, unknown>>,
  column: string,
  isReversed: boolean,
): string {
  const found =
    path === undefined ? column : `(${column} #> ${context.parameter(path as readonly string[], 'text[]')})`
  const value = `${found}::jsonb`
  const parts = Object.entries(operators).map(([operator, operand]) => {
    if (operator === 'array_contains') return containsSql(context, field, value, operand, isReversed)
    if (operator !== 'equals' && operator !== 'not') throw unknownOperator(field.name, operator)
    return operator === 'equals'
      ? equalsSql(context, field, value, operand)
      : differsSql(context, field, value, operand)
  })
  return joined(parts, 'AND', 'TRUE')
}

function equalsSql(context: SqlContext, field: ScalarField, value: string, operand: unknown): string {
  if (operand === DbNull) return `${value} IS NULL`
  if (operand === AnyNull) return `(${value} = 'null'::jsonb OR ${value} IS NULL)`
  return `${value} = ${context.parameter(valueText(context.datamodel, field, operand), 'jsonb')}`
}

function differsSql(context: SqlContext, field: ScalarField, value: string, operand: unknown): string {
  if (operand === DbNull) return `${value} IS NOT NULL`
  if (operand === AnyNull) return `(${value} <> 'null'::jsonb AND ${value} IS NOT NULL)`
  return `${value} <> ${context.parameter(valueText(context.datamodel, field, operand), 'jsonb')}`
}

/** What is no list contains nothing, and in Prisma's negation it does not contain nothing either. */
function containsSql(
  context: SqlContext,
  field: ScalarField,
  value: string,
  operand: unknown,
  isReversed: boolean,
): string {
  const contains = `${value} @> ${context.parameter(valueText(context.datamodel, field, operand), 'jsonb')}`
  return isReversed
    ? `(${contains} OR jsonb_typeof(${value}) <> 'array')`
    : `(${contains} AND jsonb_typeof(${value}) = 'array')`
}
