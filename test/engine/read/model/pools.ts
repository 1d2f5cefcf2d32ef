import type { ScalarField } from '../../../../src/engine/datamodel/model.ts'

/**
 * The values that rows and filters are made of, as the API writes them: few enough that filters often match, and those
 * that are easily got wrong.
 */
const pools: Readonly<Record<string, readonly unknown[]>> = {
  String: [
    ...['', 'a', 'A', 'b', 'ab', 'aB', 'abc', ' a', 'a ', 'a b', '\n', '\t'],
    ...['%', '_', '\\', '%%', 'a%', 'a_b', 'a\\b', '\\%', '\\\\', '100%', '%a%'],
    ...[
      "'",
      '"',
      "it's",
      '$1',
      '?',
      '{}',
      '[]',
      'null',
      'ä',
      'é',
      'e\u0301',
      '日本',
      '😀',
      '😀a',
      '\u{10FFFF}',
    ],
  ],
  Int: [0, 1, -1, 2, 7, 2_147_483_647, -2_147_483_648],
  SmallInt: [0, 1, -1, 7, 32_767, -32_768],
  BigInt: ['0', '1', '-1', '7', '9007199254740993', '9223372036854775807', '-9223372036854775808'],
  Float: [0, 1, -1.5, 0.1, 0.30000000000000004, 1e308, -1e308, 5e-324, 123456789.125],
  Real: [0, 0.1, 0.25, -1.5, 16777216, 3.4028235e38],
  Decimal: [
    ...['0', '1', '-1.5', '0.1', '0.100000000001', '-0.000000000001', '10.00'],
    ...['123456789012345678.123456789012', '123456789012345678.123456789013'],
  ],
  Boolean: [true, false],
  DateTime: [
    ...['2024-01-01T00:00:00.000Z', '2024-01-01T00:00:00.001Z', '2024-01-01T00:00:00.123456Z'],
    ...['2024-01-01T00:00:00.123457Z', '2024-01-01T00:00:00.123999Z', '2024-01-01T00:00:00.124Z'],
    ...['1969-12-31T23:59:59.999999Z', '0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999999Z'],
  ],
  Timestamp3: [
    ...['2024-01-01T00:00:00.000Z', '2024-01-01T00:00:00.001Z', '1969-12-31T23:59:59.999Z'],
    ...['9999-12-31T23:59:59.999Z'],
  ],
  Date: ['2024-01-01', '2024-02-29', '1969-12-31', '0001-01-01', '9999-12-31'],
  Time: ['00:00:00.000', '10:00:00.123456', '10:00:00.123457', '10:00:00.123', '23:59:59.999999'],
  UUID: [
    ...['00000000-0000-0000-0000-000000000000', '018f4e9c-7a00-7000-8000-000000000001'],
    ...['018f4e9c-7a00-7000-8000-000000000002', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  ],
  Bytes: ['', 'AA==', 'AAE=', '/w=='],
  JSON: [
    ...[
      0,
      1,
      1.5,
      'a',
      '',
      true,
      false,
      {},
      [],
      { a: 1 },
      { a: null },
      { a: { b: 1 } },
      { a: { b: [1, 2] } },
    ],
    ...[
      { a: 1, b: 'x' },
      { a: [1, 2, 3] },
      [1, 2],
      [2, 1],
      ['a'],
      [{ a: 1 }],
      [null],
      { a: 'a%' },
      { '': 1 },
    ],
    ...[{ a: [{ b: 1 }, { c: 2 }] }, { "it's": '"' }],
  ],
}

/** Texts that fit in `@db.Char(6)`, which PostgreSQL fills up with spaces and compares without them. */
const padded = ['a', 'b', 'ab', '%', 'A', '日本']

export function poolOf(field: ScalarField, enumValues: readonly string[]): readonly unknown[] {
  const native = field.nativeType?.name ?? ''
  if (field.enumName) return enumValues
  if (native === 'Char') return padded
  if (native === 'Real' || native === 'SmallInt') return pools[native] ?? []
  if (field.graphqlType === 'DateTime' && native === 'Timestamp' && field.nativeType?.args[0] === '3')
    return pools.Timestamp3 ?? []
  return pools[field.graphqlType === 'ID' ? 'String' : field.graphqlType] ?? []
}

export const jsonPaths = [
  [],
  ['a'],
  ['a', 'b'],
  ['0'],
  ['a', '0'],
  ['a', '0', 'b'],
  ['-1'],
  [''],
  ["it's"],
  ['b'],
]
export const jsonKeys = ['a', 'b', '', '0', "it's"]
