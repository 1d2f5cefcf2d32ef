import { ExactMoment, parseMoment } from '../../lib/exact-moment.ts'
import { textFault } from '../../lib/text-fault.ts'
import type { Datamodel, ScalarField } from '../datamodel/model.ts'
import { exactFloat } from './exact-float.ts'

/**
 * A column's value to JSON that `fromJsonValue` turns back without loss: what cursors, node ids and loader keys hold.
 * DateTime as an ISO string (with all of its digits as PostgreSQL writes it, where it is an ExactMoment), BigInt and
 * Decimal as digits, Bytes as base64, a float that JSON has no number for by its name.
 */
export function toJsonValue(field: ScalarField, value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null
  if (value instanceof Date) return momentText(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  switch (typeof value) {
    case 'bigint':
      return String(value)
    case 'number':
      return field.scalar === 'BigInt' || field.scalar === 'Decimal' || !Number.isFinite(value)
        ? String(value)
        : value
    case 'string':
    case 'boolean':
      return value
    default:
      return hasToFixed(value) ? value.toFixed() : String(value)
  }
}

/** Prisma gives an invalid Date for PostgreSQL's infinity and for years that JavaScript does not have. */
function momentText(value: Date): string | null {
  return Number.isNaN(value.getTime()) ? null : String(value.toISOString())
}

/**
 * The value again, as Prisma takes it.
 *
 * @returns undefined where the JSON cannot be a value of the field; null only for null
 */
export function fromJsonValue(datamodel: Datamodel, field: ScalarField, json: unknown): unknown {
  if (json === null) return null
  if (field.enumName) {
    return datamodel.enum(field.enumName).values.some(value => value.name === json) ? json : undefined
  }
  switch (field.scalar) {
    case 'Int':
      return isWholeNumber(json, field.nativeType?.name === 'Oid' ? 2 ** 32 : 2 ** 31) ? json : undefined
    case 'Float':
      return readFloat(json)
    case 'Boolean':
      return typeof json === 'boolean' ? json : undefined
    case 'BigInt':
      return typeof json === 'string' ? readBigInt(json) : undefined
    case 'Decimal':
      return typeof json === 'string' && /^-?\d+(\.\d+)?$/.test(json) ? json : undefined
    case 'DateTime':
      return typeof json === 'string' ? readMoment(json) : undefined
    case 'Bytes':
      return typeof json === 'string' ? new Uint8Array(Buffer.from(json, 'base64')) : undefined
    case 'Json':
      return undefined
    default:
      return typeof json === 'string' && isOfType(field, json) ? json : undefined
  }
}

function isWholeNumber(json: unknown, bound: number): boolean {
  return Number.isInteger(json) && (json as number) >= -bound && (json as number) < bound
}

function readFloat(json: unknown): unknown {
  if (typeof json === 'number') return exactFloat(json, false)
  return json === 'NaN' || json === 'Infinity' || json === '-Infinity' ? Number(json) : undefined
}

function readBigInt(text: string): bigint | undefined {
  if (!/^-?\d{1,19}$/.test(text)) return undefined
  const number = BigInt(text)
  return BigInt.asIntN(64, number) === number ? number : undefined
}

const isoMoment = /^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/
const databaseMoment =
  /^(\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?(\+00)?( BC)?|-?infinity|\d\d:\d\d:\d\d(\.\d{1,6})?([+-]\d\d(:\d\d){0,2})?)$/

function readMoment(text: string): Date | undefined {
  if (databaseMoment.test(text)) return new ExactMoment(text)
  const milliseconds = parseMoment(text)
  return isoMoment.test(text) && !Number.isNaN(milliseconds) ? new Date(milliseconds) : undefined
}

function isOfType(field: ScalarField, text: string): boolean {
  if (textFault(text)) return false
  return field.graphqlType !== 'UUID' || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}

function hasToFixed(value: unknown): value is { toFixed(): string } {
  return typeof value === 'object' && value !== null && 'toFixed' in value
}
