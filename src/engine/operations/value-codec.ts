import type { ScalarField } from '../datamodel/model.ts'

/**
 * A column's value to JSON that `fromJsonValue` turns back without loss: what cursors, node ids and loader keys hold.
 * DateTime as an ISO string, BigInt and Decimal as digits, Bytes as base64.
 */
export function toJsonValue(field: ScalarField, value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  switch (typeof value) {
    case 'bigint':
      return String(value)
    case 'number':
      return field.scalar === 'BigInt' || field.scalar === 'Decimal' ? String(value) : value
    case 'string':
    case 'boolean':
      return value
    default:
      return hasToFixed(value) ? value.toFixed() : String(value)
  }
}

/**
 * The value again, as Prisma takes it.
 *
 * @returns undefined where the JSON cannot be a value of the field; null only for null
 */
export function fromJsonValue(field: ScalarField, json: unknown): unknown {
  if (json === null) return null
  switch (field.scalar) {
    case 'Int':
      return Number.isInteger(json) && Math.abs(json as number) < 2 ** 31 ? json : undefined
    case 'Float':
      return typeof json === 'number' ? json : undefined
    case 'Boolean':
      return typeof json === 'boolean' ? json : undefined
    case 'BigInt':
      return typeof json === 'string' && /^-?\d{1,19}$/.test(json) ? BigInt(json) : undefined
    case 'Decimal':
      return typeof json === 'string' && /^-?\d+(\.\d+)?$/.test(json) ? json : undefined
    case 'DateTime':
      return typeof json === 'string' && isIsoMoment(json) ? json : undefined
    case 'Bytes':
      return typeof json === 'string' ? new Uint8Array(Buffer.from(json, 'base64')) : undefined
    case 'Json':
      return undefined
    default:
      return typeof json === 'string' && !json.includes('\u0000') && isOfType(field, json) ? json : undefined
  }
}

function isIsoMoment(text: string): boolean {
  return /^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/.test(text) && !Number.isNaN(Date.parse(text))
}

function isOfType(field: ScalarField, text: string): boolean {
  return field.graphqlType !== 'UUID' || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}

function hasToFixed(value: unknown): value is { toFixed(): string } {
  return typeof value === 'object' && value !== null && 'toFixed' in value
}
