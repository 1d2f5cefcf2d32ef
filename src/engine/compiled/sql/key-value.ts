import { hasMicroseconds } from '../../datamodel/column-kind.ts'
import type { Datamodel, ScalarField } from '../../datamodel/model.ts'
import { NotCompilable } from '../emission.ts'
import { printValue } from './print-value.ts'
import { quoteText, refusal } from './text-sql.ts'

/**
 * A value in cursors, as the JSON text of what `toJsonValue` makes of it, with all digits of a moment: NULL where the value
 * is.
 */
export function positionValueText(datamodel: Datamodel, field: ScalarField, value: string): string {
  if (hasMicroseconds(field)) return `('"' || ${value}::text || '"')`
  return keyValueText(datamodel, field, value)
}

/** A value in node ids, as the JSON text of what `toJsonValue` makes of it: NULL where the value is. */
export function keyValueText(datamodel: Datamodel, field: ScalarField, value: string): string {
  const printed = printKeyValue(datamodel, field, value)
  if (printed === null) throw new NotCompilable(`${field.name} is written into ids by JavaScript.`)
  return printed
}

function printKeyValue(datamodel: Datamodel, field: ScalarField, value: string): string | null {
  if (field.enumName !== null) return printEnumName(datamodel, field.enumName, value)
  switch (field.scalar) {
    case 'Int':
    case 'Boolean':
      return `${value}::text`
    case 'BigInt':
      return `('"' || ${value} || '"')`
    case 'Decimal':
      return field.nativeType?.name === 'Money' ? null : `('"' || trim_scale(${value}) || '"')`
    case 'String':
    case 'Float':
    case 'Bytes':
      return printValue(datamodel, { ...field, graphqlType: graphqlTypes[field.scalar] }, value)
    case 'DateTime':
      return printKeyMoment(datamodel, field, value)
    default:
      return null
  }
}

const graphqlTypes = { String: 'String', Float: 'Float', Bytes: 'Bytes' } as const

/** All that Prisma reads as moments is an ISO text to it, in milliseconds. */
function printKeyMoment(datamodel: Datamodel, field: ScalarField, value: string): string | null {
  const native = field.nativeType?.name
  if (native === 'Timetz') return null
  if (native === 'Time') return printTimeOfDay(value)
  return printValue(datamodel, { ...field, graphqlType: 'DateTime' }, value)
}

/** On the day from which JavaScript counts. */
function printTimeOfDay(value: string): string {
  return (
    `CASE WHEN ${value} < '24:00' THEN '"1970-01-01T' || to_char(${value}, 'HH24:MI:SS.MS') || 'Z"' ` +
    `WHEN ${value} IS NOT NULL THEN ${refusal} END`
  )
}

/** Ids have Prisma's names of values, answers GraphQL's. */
function printEnumName(datamodel: Datamodel, enumName: string, value: string): string {
  const cases = datamodel
    .enum(enumName)
    .values.map(({ column, name }) => `WHEN ${quoteText(column)} THEN ${quoteText(`"${name}"`)}`)
  return `CASE ${value}::text ${cases.join(' ')} END`
}
