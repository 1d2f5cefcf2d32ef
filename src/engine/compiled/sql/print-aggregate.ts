import type { Datamodel, ScalarField } from '../../datamodel/model.ts'
import type { AggregateFunction } from '../../operations/read/aggregate.ts'
import { NotCompilable } from '../emission.ts'
import { printFloat, printUnscaledDecimal, printValue } from './print-value.ts'

/** An aggregate of a column, as an expression of the type that it is printed as. */
export function aggregateSql(by: AggregateFunction, field: ScalarField, column: string): string {
  const call = `${by}(${column})`
  return by === 'avg' && field.scalar !== 'Decimal' ? `${call}::float8` : call
}

/** An aggregate as JSON text, NULL where it is. */
export function printAggregate(
  datamodel: Datamodel,
  by: AggregateFunction,
  field: ScalarField,
  value: string,
): string {
  const printed = print(datamodel, by, field, value)
  if (printed === null) throw new NotCompilable(`${by} of ${field.name} is printed by JavaScript.`)
  return printed
}

function print(
  datamodel: Datamodel,
  by: AggregateFunction,
  field: ScalarField,
  value: string,
): string | null {
  const isWhole = field.scalar === 'Int' || field.scalar === 'BigInt'
  if (by === 'sum' && isWhole) return `('"' || ${value} || '"')`
  if (by === 'avg') return field.scalar === 'Decimal' ? printUnscaledDecimal(value) : printFloat(value)
  return printValue(datamodel, field, value)
}
