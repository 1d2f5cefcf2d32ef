import type { ScalarField } from '../../datamodel/model.ts'
import { columnType, valueText } from './column-type.ts'
import { joined } from './join-conditions.ts'
import type { SqlContext } from './sql-context.ts'
import { unknownOperator } from './unknown-operator.ts'

/** Prisma's filter on a column that holds a list; NULL leaves every operator but `equals: null` undecided. */
export function listSql(
  context: SqlContext,
  field: ScalarField,
  filter: Readonly<Record<string, unknown>>,
  column: string,
): string {
  const type = columnType(context.datamodel, field)
  const text = (value: unknown) => valueText(context.datamodel, field, value)
  const list = (values: unknown) => context.parameter((values as readonly unknown[]).map(text), `${type}[]`)
  const parts = Object.entries(filter).map(([operator, operand]) => {
    if (operand === null && operator === 'equals') return `${column} IS NULL`
    switch (operator) {
      case 'isEmpty':
        return `${column} ${operand === true ? '=' : '<>'} '{}'`
      case 'has':
        return `${column} @> ${list([operand])}`
      case 'hasEvery':
        return `${column} @> ${list(operand)}`
      case 'hasSome':
        return `${column} && ${list(operand)}`
      case 'equals':
        // Prisma's way with lists of JSON, in which NULL and the JSON value null are then the same
        return field.scalar === 'Json'
          ? `to_jsonb(${column}) = ${context.parameter(JSON.stringify(operand), type)}`
          : `${column} = ${list(operand)}`
      default:
        throw unknownOperator(field.name, operator)
    }
  })
  return joined(parts, 'AND', 'TRUE')
}
