import { GraphQLScalarType, Kind, parseValue } from 'graphql'
import { beforeAll, describe, expect, test } from 'vitest'
import { createDatamodel } from '../../../src/engine/datamodel/create-datamodel.ts'
import { createBuilder } from '../../../src/engine/schema/builder.ts'
import { addScalars } from '../../../src/engine/schema/scalars.ts'
import { ExactMoment } from '../../../src/lib/exact-moment.ts'
import { describeModels } from '../datamodel/description.ts'

const day = (text: string) => new Date(text)

/** Values as they come in JSON, and what a resolver gets. */
const accepted: readonly (readonly [scalar: string, value: unknown, parsed: unknown])[] = [
  ['BigInt', '9223372036854775807', 9223372036854775807n],
  ['BigInt', '-9223372036854775808', -9223372036854775808n],
  ['BigInt', 42, 42n],
  ['BigInt', '007', 7n],
  ['Decimal', '12.50', '12.50'],
  ['Decimal', '-.5', '-.5'],
  ['Decimal', '1e10', '1e10'],
  ['Decimal', '123456789012345678901234567890.123456789', '123456789012345678901234567890.123456789'],
  ['Decimal', 12.5, '12.5'],
  ['DateTime', '2026-01-31T09:30:00Z', day('2026-01-31T09:30:00Z')],
  ['DateTime', '2026-01-31T09:30:00.123Z', day('2026-01-31T09:30:00.123Z')],
  ['DateTime', '2026-01-31T09:30:00+05:30', day('2026-01-31T04:00:00Z')],
  ['DateTime', '2024-02-29T00:00:00Z', day('2024-02-29T00:00:00Z')],
  ['Date', '2024-02-29', day('2024-02-29T00:00:00Z')],
  ['Date', '0001-01-01', day('0001-01-01T00:00:00Z')],
  ['Time', '09:30', day('1970-01-01T09:30:00Z')],
  ['Time', '09:30:15', day('1970-01-01T09:30:15Z')],
  ['Time', '23:59:59.999', day('1970-01-01T23:59:59.999Z')],
  ['JSON', { a: [1, 'x', null, true] }, { a: [1, 'x', null, true] }],
  ['JSON', 'text', 'text'],
  ['Bytes', 'aGVsbG8=', new Uint8Array(Buffer.from('hello'))],
  ['Bytes', '', new Uint8Array()],
  ['UUID', '018F4E9C-7A00-7000-8000-000000000001', '018f4e9c-7a00-7000-8000-000000000001'],
  ['Point', { x: 1.5, y: -2 }, { x: 1.5, y: -2 }],
]

const refused: readonly (readonly [scalar: string, value: unknown])[] = [
  ...[
    '9223372036854775808',
    '-9223372036854775809',
    '1.5',
    '',
    '0x10',
    '1e3',
    ' 1',
    1.5,
    2 ** 53,
    true,
    {},
    [1],
  ].map(value => ['BigInt', value] as const),
  ...['', '1,5', '1.2.3', 'NaN', 'Infinity', '--1', '0x1', Number.NaN, true, {}].map(
    value => ['Decimal', value] as const,
  ),
  ...[
    '2026-01-31',
    '2026-01-31T09:30:00',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-31T25:00:00Z',
  ].map(value => ['DateTime', value] as const),
  ...['2026-01-31 09:30:00Z', '2026-01-31T09:30:00+25:00', '26-01-31T09:30:00Z', 'now', '', 0, null, {}].map(
    value => ['DateTime', value] as const,
  ),
  ...['2026-02-30', '2026-1-1', '2026-01-01T00:00:00Z', '20260101', '', 20260101].map(
    value => ['Date', value] as const,
  ),
  ...['24:00', '9:30', '09:60', '09:30:60', '09', '09:30:00+01:00', '', 930].map(
    value => ['Time', value] as const,
  ),
  ...['aGVsbG8', 'a', '====', 'ä', 'aGVs bG8=', 1, {}].map(value => ['Bytes', value] as const),
  ...['', '018f4e9c7a007000800000000000001', '{018f4e9c-7a00-7000-8000-000000000001}', 'x'.repeat(36), 1].map(
    value => ['UUID', value] as const,
  ),
  ...[{ x: 1 }, { x: 1, y: '2' }, { x: 1, y: 2, z: 3 }, { x: Number.NaN, y: 0 }, [1, 2], '1,2', null].map(
    value => ['Point', value] as const,
  ),
  ...['a\u0000', '\uD800', { '\u0000': 1 }, { a: ['\uDC00'] }, JSON.parse('{ "__proto__": 1 }')].map(
    value => ['JSON', value] as const,
  ),
]

/** Values as the database client gives them, and as they are sent. */
const sent: readonly (readonly [scalar: string, value: unknown, json: unknown])[] = [
  ['BigInt', 9223372036854775807n, '9223372036854775807'],
  ['Decimal', { toFixed: () => '0.000000000001' }, '0.000000000001'],
  ['DateTime', day('2026-01-31T09:30:00Z'), '2026-01-31T09:30:00.000Z'],
  ['Date', day('2026-01-31T00:00:00Z'), '2026-01-31'],
  ['Time', day('1970-01-01T09:30:00Z'), '09:30:00'],
  ['Time', day('1970-01-01T09:30:00.120Z'), '09:30:00.120'],
  ['JSON', { a: null }, { a: null }],
  ['Bytes', new Uint8Array([0, 255]), 'AP8='],
  ['UUID', '018f4e9c-7a00-7000-8000-000000000001', '018f4e9c-7a00-7000-8000-000000000001'],
  ['Point', { x: 1, y: 2 }, { x: 1, y: 2 }],
]

describe('scalars', () => {
  let scalars: ReadonlyMap<string, GraphQLScalarType>

  beforeAll(() => {
    const builder = createBuilder({ datamodel: { models: {} } })
    addScalars(builder)
    builder.queryType({ fields: t => ({ ok: t.boolean({ resolve: () => true }) }) })
    const types = Object.values(builder.toSchema().getTypeMap())
    scalars = new Map(types.filter(type => type instanceof GraphQLScalarType).map(type => [type.name, type]))
    expect(createDatamodel(describeModels([])).models).toEqual([])
  })

  const scalar = (name: string) => {
    const found = scalars.get(name)
    if (!found) throw new Error(`There is no scalar ${name}.`)
    return found
  }

  test.each(accepted)('%s takes %j', (name, value, parsed) => {
    expect(scalar(name).parseValue(value)).toEqual(parsed)
  })

  test.each(refused)('%s refuses %j, and says what it expected', (name, value) => {
    expect(() => scalar(name).parseValue(value)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(new RegExp(`^${name} cannot be .*: expected .+\\.$`, 's')),
        extensions: { code: 'BAD_USER_INPUT' },
      }),
    )
  })

  test.each(sent)('%s sends %o', (name, value, json) => {
    expect(scalar(name).serialize(value)).toEqual(json)
  })

  test.each([
    ['BigInt', '9223372036854775807', 9223372036854775807n],
    ['Decimal', '0.1234567890123456789', '0.1234567890123456789'],
    ['Decimal', '12', '12'],
    ['JSON', '{ a: [1, "x", null], b: true }', { a: [1, 'x', null], b: true }],
    ['Point', '{ x: 1, y: 2.5 }', { x: 1, y: 2.5 }],
  ])('%s keeps the digits of the literal %s', (name, literal, parsed) => {
    expect(scalar(name).parseLiteral(parseValue(literal), {})).toEqual(parsed)
  })

  test('a literal takes variables in its parts', () => {
    const parsed = scalar('JSON').parseLiteral(parseValue('{ a: $a, b: [$b] }'), { a: { x: 1 }, b: 2 })
    expect(parsed).toEqual({ a: { x: 1 }, b: [2] })
  })

  test('moments keep digits past the milliseconds', () => {
    for (const [name, text] of [
      ['DateTime', '2026-01-31T09:30:00.123456Z'],
      ['Time', '09:30:00.123456'],
    ] as const) {
      const parsed = scalar(name).parseValue(text)
      expect(parsed).toBeInstanceOf(ExactMoment)
      expect(String((parsed as ExactMoment).toISOString())).toBe(text)
      expect((parsed as ExactMoment).getUTCMilliseconds()).toBe(123)
    }
  })

  test('a long value is not repeated in full', () => {
    expect(() => scalar('UUID').parseValue('x'.repeat(10_000))).toThrow(/^.{1,200}$/s)
  })

  test('a deep JSON literal is refused', () => {
    const literal = Array.from({ length: 150 }).reduce<{ kind: Kind.LIST; values: never[] }>(
      inner => ({ kind: Kind.LIST, values: [inner as never] }),
      { kind: Kind.LIST, values: [] },
    )
    expect(() => scalar('JSON').parseLiteral(literal, {})).toThrow(/100 levels/)
  })
})
