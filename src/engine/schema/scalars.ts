import { GraphQLError, Kind, type ValueNode, valueFromASTUntyped } from 'graphql'
import { ExactMoment } from '../../lib/exact-moment.ts'
import type { EngineBuilder } from './builder.ts'
import { readJson } from './json-value.ts'
import type { Point } from './scalar-shapes.ts'

interface ScalarDefinition<Input, Output> {
  readonly description: string
  readonly specifiedByURL?: string
  /** From JSON, or from a literal turned into JSON; throws a GraphQLError that says what was expected and came. */
  readonly parse: (value: unknown) => Input
  readonly serialize: (value: Output) => unknown
}

const fourDigitYear = /^\d{4}-/
const dateTimePattern = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/i
const longFraction = /\.\d{4,}/
const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/
const timePattern = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?Z?$/
const decimalPattern = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,4})?$/i
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const base64Pattern = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

const minimumBigInt = -(2n ** 63n)
const maximumBigInt = 2n ** 63n - 1n

/** Adds the scalars that GraphQL itself lacks. */
export function addScalars(builder: EngineBuilder): void {
  add(builder, 'BigInt', {
    description:
      'A whole number of 64 bits, sent as a string: "9007199254740993". Taken as a string or a number.',
    parse: parseBigInt,
    serialize: value => String(value),
  })
  add(builder, 'Decimal', {
    description:
      'A decimal number of any precision, sent as a string: "12.50". Taken as a string or a number.',
    parse: parseDecimal,
    serialize: serializeDecimal,
  })
  add(builder, 'DateTime', {
    description: 'A moment in time as RFC 3339 writes it, sent in UTC: "2026-01-31T09:30:00.000Z".',
    specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
    parse: parseDateTime,
    serialize: (value: Date | string) => (value instanceof Date ? value.toISOString() : value),
  })
  add(builder, 'Date', {
    description: 'A day without a time: "2026-01-31".',
    parse: parseDate,
    serialize: (value: Date) => value.toISOString().slice(0, 10),
  })
  add(builder, 'Time', {
    description: 'A time of day without a date: "09:30:00".',
    parse: parseTime,
    serialize: (value: Date) =>
      value
        .toISOString()
        .slice(11, 23)
        .replace(/\.000$/, ''),
  })
  add(builder, 'JSON', {
    description: 'Any JSON value.',
    specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
    parse: value => readJson(value),
    serialize: value => value,
  })
  add(builder, 'Bytes', {
    description: 'Bytes as base64: "aGVsbG8=".',
    specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc4648#section-4',
    parse: parseBytes,
    serialize: (value: Uint8Array) => Buffer.from(value).toString('base64'),
  })
  add(builder, 'UUID', {
    description: 'A UUID: "018f4e9c-7a00-7000-8000-000000000001".',
    specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc9562',
    parse: parseUuid,
    serialize: value => value,
  })
  add(builder, 'Point', {
    description: 'A point in the plane: {x, y}, for a place the longitude and the latitude.',
    parse: parsePoint,
    serialize: value => value,
  })
}

function add<
  Name extends 'BigInt' | 'Decimal' | 'DateTime' | 'Date' | 'Time' | 'JSON' | 'Bytes' | 'UUID' | 'Point',
>(builder: EngineBuilder, name: Name, definition: ScalarDefinition<unknown, never>): void {
  builder.scalarType(name, {
    description: definition.description,
    ...(definition.specifiedByURL ? { specifiedByURL: definition.specifiedByURL } : {}),
    parseValue: definition.parse as never,
    parseLiteral: ((node: ValueNode, variables: Record<string, unknown>) =>
      definition.parse(readLiteral(node, variables))) as never,
    serialize: definition.serialize as never,
  })
}

/** A number that is too large for a double keeps its digits, as text. */
function readLiteral(node: ValueNode, variables: Record<string, unknown>): unknown {
  if (node.kind === Kind.INT || node.kind === Kind.FLOAT) {
    const number = Number(node.value)
    return String(number) === node.value ? number : new NumberLiteral(node.value)
  }
  return valueFromASTUntyped(node, variables)
}

/** The digits of a literal that JavaScript's numbers would change. */
class NumberLiteral {
  readonly digits: string

  constructor(digits: string) {
    this.digits = digits
  }

  toJSON(): number {
    return Number(this.digits)
  }
}

function digitsOf(value: unknown): string | null {
  if (value instanceof NumberLiteral) return value.digits
  if (typeof value === 'string') return value
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value))) return String(value)
  return null
}

function parseBigInt(value: unknown): bigint {
  const digits = digitsOf(value)
  if (digits === null || !/^-?\d{1,20}$/.test(digits)) refuse('BigInt', 'a whole number such as "42"', value)
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    refuse('BigInt', 'a string for a number past 2^53, since JSON numbers lose its digits', value)
  }
  const number = BigInt(digits)
  if (number < minimumBigInt || number > maximumBigInt) refuse('BigInt', 'a number of 64 bits', value)
  return number
}

function parseDecimal(value: unknown): string {
  const digits = digitsOf(value)
  if (digits === null || !decimalPattern.test(digits)) refuse('Decimal', 'a number such as "12.50"', value)
  return digits
}

function serializeDecimal(value: { toFixed(): string } | string | number): string {
  return typeof value === 'object' ? value.toFixed() : String(value)
}

function parseDateTime(value: unknown): Date {
  if (typeof value !== 'string' || !dateTimePattern.test(value) || !isCalendarDay(value)) {
    refuse('DateTime', 'a moment such as "2026-01-31T09:30:00Z"', value)
  }
  const date = new Date(value)
  if (Number.isNaN(date.getTime())) refuse('DateTime', 'a moment such as "2026-01-31T09:30:00Z"', value)
  return longFraction.test(value) ? new ExactMoment(value) : date
}

function parseDate(value: unknown): Date {
  if (typeof value !== 'string' || !datePattern.test(value) || !isCalendarDay(value)) {
    refuse('Date', 'a day such as "2026-01-31"', value)
  }
  return new Date(`${value}T00:00:00.000Z`)
}

/** JavaScript rolls 31 February over to March; PostgreSQL and RFC 3339 do not have it. */
function isCalendarDay(value: string): boolean {
  if (!fourDigitYear.test(value)) return false
  const day = value.slice(0, 10)
  const date = new Date(`${day}T00:00:00.000Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === day
}

function parseTime(value: unknown): Date {
  if (typeof value !== 'string' || !timePattern.test(value))
    refuse('Time', 'a time such as "09:30:00"', value)
  return longFraction.test(value)
    ? new ExactMoment(value.replace(/Z$/i, ''))
    : new Date(`1970-01-01T${value.replace(/Z$/i, '')}Z`)
}

function parseBytes(value: unknown): Uint8Array {
  if (typeof value !== 'string' || !base64Pattern.test(value)) refuse('Bytes', 'base64 with padding', value)
  return new Uint8Array(Buffer.from(value, 'base64'))
}

function parseUuid(value: unknown): string {
  if (typeof value !== 'string' || !uuidPattern.test(value)) refuse('UUID', 'a UUID', value)
  return value.toLowerCase()
}

function parsePoint(value: unknown): Point {
  const { x, y, ...rest } = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >
  const coordinates = [x, y].map(coordinate =>
    coordinate instanceof NumberLiteral ? Number(coordinate.digits) : coordinate,
  )
  if (!coordinates.every(Number.isFinite) || Object.keys(rest).length > 0) {
    refuse('Point', 'an object {x, y} of two numbers', value)
  }
  return { x: coordinates[0] as number, y: coordinates[1] as number }
}

function refuse(scalar: string, expected: string, value: unknown): never {
  const printed =
    JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part)) ?? 'undefined'
  const shown = printed.length > 100 ? `${printed.slice(0, 100)}…` : printed
  throw new GraphQLError(`${scalar} cannot be ${shown}: expected ${expected}.`, {
    extensions: { code: 'BAD_USER_INPUT' },
  })
}
