import type { ScalarField } from './model.ts'

type Column = Pick<ScalarField, 'scalar' | 'isList' | 'nativeType'>

/** Rows can be ordered and grouped by it: neither a list nor of a type without an order. */
export function isOrderable(field: Column): boolean {
  return !field.isList && field.scalar !== 'Json' && field.scalar !== 'Bytes' && isComparable(field)
}

/** PostgreSQL has an equality for the type; `xml` has none. */
export function isComparable(field: Pick<Column, 'nativeType'>): boolean {
  return field.nativeType?.name !== 'Xml'
}

const textTypes: ReadonlySet<string> = new Set(['Text', 'VarChar', 'Char', 'Citext'])

/** A text as opposed to what Prisma merely reads as text, such as an address or a string of bits. */
export function isText({ scalar, nativeType }: Pick<Column, 'scalar' | 'nativeType'>): boolean {
  return scalar === 'String' && (nativeType === null || textTypes.has(nativeType.name))
}

/** The column holds moments with more digits than the milliseconds that Prisma reads. */
export function hasMicroseconds({ scalar, nativeType }: Pick<Column, 'scalar' | 'nativeType'>): boolean {
  if (scalar !== 'DateTime' || nativeType === null || nativeType.name === 'Date') return false
  return Number(nativeType.args[0] ?? 6) > 3
}
