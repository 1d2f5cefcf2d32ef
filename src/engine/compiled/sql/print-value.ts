import type { Datamodel, ScalarField } from '../../datamodel/model.ts'
import { quoteText, refusal } from './text-sql.ts'

/**
 * A value as JSON text, exactly as the ordinary path prints it: an expression that is NULL where the value is, and that
 * raises an error where the ordinary path would have one.
 *
 * @param value an expression of the column's type, or of its elements' type
 * @returns null for types that only the ordinary path prints
 */
export function printValue(datamodel: Datamodel, field: ScalarField, value: string): string | null {
  if (field.enumName !== null) return printEnum(datamodel, field.enumName, value)
  const native = field.nativeType?.name
  switch (field.graphqlType) {
    case 'ID':
      return field.scalar === 'String' ? printText(native, value) : quoted(value)
    case 'String':
      return printText(native, value)
    case 'UUID':
      return quoted(value)
    case 'Boolean':
      return `${value}::text`
    case 'Int':
      return native === 'Oid' ? printOid(value) : `${value}::text`
    case 'BigInt':
      return quoted(value)
    case 'Float':
      return printFloat(value)
    case 'Decimal':
      return native === 'Money' ? null : printDecimal(field, value)
    case 'DateTime':
      return printMoment(value, `YYYY-MM-DD"T"HH24:MI:SS.MS"Z"`)
    case 'Date':
      return printMoment(value, 'YYYY-MM-DD')
    case 'Time':
      return native === 'Timetz' ? null : printTime(value)
    case 'JSON':
      return `${value}::text`
    case 'Bytes':
      return quoted(`translate(encode(${value}, 'base64'), E'\\n', '')`)
    default:
      return null
  }
}

/** Prints what has no character that JSON would escape. */
function quoted(value: string): string {
  return `('"' || ${value} || '"')`
}

const plainTexts: ReadonlySet<string | undefined> = new Set([undefined, 'Text', 'VarChar', 'Char', 'Citext'])

function printText(native: string | undefined, value: string): string | null {
  switch (native) {
    case 'Uuid':
      return quoted(value)
    case 'Bit':
    case 'VarBit':
      return quoted(`${value}::text`)
    case 'Inet':
      return quoted(ownText(value))
    case 'Xml':
      return `to_json(${ownText(value)})::text`
    default:
      return plainTexts.has(native) ? `to_json(${value})::text` : null
  }
}

/** As PostgreSQL sends it to clients: a cast gives every address its mask, and XML the encoding that it once had. */
function ownText(value: string): string {
  return `CASE WHEN ${value} IS NOT NULL THEN format('%s', ${value}) END`
}

/** GraphQL's Int ends earlier. */
function printOid(value: string): string {
  return `CASE WHEN ${value}::int8 < ${2 ** 31} THEN ${value}::text WHEN ${value} IS NOT NULL THEN ${refusal} END`
}

function printEnum(datamodel: Datamodel, enumName: string, value: string): string {
  const cases = datamodel
    .enum(enumName)
    .values.map(
      ({ column, graphqlName }) => `WHEN ${quoteText(column)} THEN ${quoteText(`"${graphqlName}"`)}`,
    )
  return `CASE ${value}::text ${cases.join(' ')} ELSE CASE WHEN ${value} IS NOT NULL THEN ${refusal} END END`
}

/**
 * PostgreSQL writes the same shortest digits as JavaScript, but turns to exponents earlier (from 1e15 on, below 1e-4; for
 * `real` from 1e6 on), and writes them with two digits.
 */
export function printFloat(value: string): string {
  const text = `${value}::text`
  const size = `abs(${value})`
  return (
    `CASE WHEN ${value} = 0 THEN '0' ` +
    `WHEN ${size} >= 1e-4 AND ${size} < 1e6 THEN ${text} ` +
    `WHEN ${size} >= 1e-6 AND ${size} < 1e21 THEN ${text}::numeric::text ` +
    `WHEN ${size} < 'Infinity' THEN replace(${text}, 'e-0', 'e-') ` +
    `WHEN ${value} IS NOT NULL THEN ${refusal} END`
  )
}

/** With the zeros at the end that a column with a scale has; else without any. */
function printDecimal({ nativeType }: ScalarField, value: string): string {
  const hasScale = nativeType?.args[1] !== undefined
  return quoted(hasScale ? value : `trim_scale(${value})`)
}

/** A Decimal that is not of its column's scale. */
export function printUnscaledDecimal(value: string): string {
  return quoted(`trim_scale(${value})`)
}

/** JavaScript writes years of four digits as PostgreSQL does; others, and infinity, not. */
function printMoment(value: string, format: string): string {
  return (
    `CASE WHEN ${value} >= '0001-01-01' AND ${value} < '10000-01-01' ` +
    `THEN '"' || to_char(${value}, ${quoteText(format)}) || '"' ` +
    `WHEN ${value} IS NOT NULL THEN ${refusal} END`
  )
}

/** Milliseconds only where there are some. PostgreSQL's 24:00 is no time of JavaScript's. */
function printTime(value: string): string {
  return (
    `CASE WHEN ${value} < '24:00' ` +
    `THEN '"' || replace(to_char(${value}, 'HH24:MI:SS.MS'), '.000', '') || '"' ` +
    `WHEN ${value} IS NOT NULL THEN ${refusal} END`
  )
}
