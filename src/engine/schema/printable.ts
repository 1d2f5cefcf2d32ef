import type { ScalarField } from '../datamodel/model.ts'

/**
 * A column's value as it is printed. A Decimal of a column with a scale, `@db.Decimal(10, 2)`, has all of its digits as
 * PostgreSQL prints them: "24.90". Prisma's own Decimal drops the zeros at the end.
 */
export function printable(field: ScalarField, value: unknown): unknown {
  const scale = field.nativeType?.name === 'Decimal' ? field.nativeType.args[1] : undefined
  if (scale === undefined) return value
  return Array.isArray(value)
    ? value.map(item => withScale(item, Number(scale)))
    : withScale(value, Number(scale))
}

function withScale(value: unknown, scale: number): unknown {
  return hasToFixed(value) ? value.toFixed(scale) : value
}

function hasToFixed(value: unknown): value is { toFixed(digits: number): string } {
  return typeof value === 'object' && value !== null && 'toFixed' in value
}
