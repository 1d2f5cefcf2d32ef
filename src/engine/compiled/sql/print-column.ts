import type { Datamodel, ScalarField } from '../../datamodel/model.ts'
import { printFloat, printValue } from './print-value.ts'
import { objectText, orRefuse, refusal } from './text-sql.ts'

/**
 * A column as JSON text: NULL where the column is, though a list is empty then.
 *
 * @returns null for types that only the ordinary path prints
 */
export function printColumn(datamodel: Datamodel, field: ScalarField, column: string): string | null {
  if (!field.isList) return printValue(datamodel, field, column)
  const item = printValue(datamodel, field, 'u.item')
  if (item === null) return null
  const printed = field.scalar === 'Json' ? `coalesce(${item}, 'null')` : orRefuse(item)
  return (
    `(SELECT CASE WHEN array_ndims(${column}) > 1 THEN ${refusal} ` +
    `ELSE '[' || coalesce(string_agg(${printed}, ',' ORDER BY u.place), '') || ']' END ` +
    `FROM unnest(${column}) WITH ORDINALITY AS u(item, place))`
  )
}

/** A `point` as JSON text, NULL where there is none. */
export function printPoint(column: string): string {
  const coordinate = (index: number) => ({ sql: orRefuse(`(${printFloat(`(${column})[${index}]`)})`) })
  const printed = objectText([
    ['x', coordinate(0)],
    ['y', coordinate(1)],
  ])
  return `CASE WHEN ${column} IS NOT NULL THEN ${printed} END`
}
