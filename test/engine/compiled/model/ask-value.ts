import type { Model, ScalarField } from '../../../../src/engine/datamodel/model.ts'
import { jsonKeys, jsonPaths, poolOf } from '../../read/model/pools.ts'
import { type Asking, chance } from './asking.ts'

/** What a value is compared with, as far as it is known. */
export interface Column {
  readonly model: Model
  readonly field: ScalarField
}

/** Values that are easily got wrong, by the scalars of GraphQL. */
const edges: Readonly<Record<string, readonly unknown[]>> = {
  Int: [0, 1, 2, 3, -1, 5, 100, 2_147_483_647, -2_147_483_648],
  Float: [0, 1, 2, 1.5, 0.25, -1, 3, 1e15, 1e21, 1e-7, 1e308],
  BigInt: ['0', '1', '-1', '7', '100', '9007199254740993', '9223372036854775807'],
  Decimal: ['0', '1', '-1', '0.1', '1.50', '2.5', '100', '0.000000000001', '12345678901234567890.5'],
  Boolean: [true, false],
  String: ['', 'a', '%', '_', '\\', "it's", '"', 'é', '日本', '😀', 'null', 'A', 'the', '\n'],
  ID: ['', 'a', '1', 'x y'],
  UUID: ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  DateTime: ['2024-01-01T00:00:00Z', '2026-01-05T12:00:00.123456Z', '1969-12-31T23:59:59.999Z'],
  Date: ['2024-02-29', '2026-01-05', '1969-12-31'],
  Time: ['00:00:00', '09:00:00', '23:59:59.999999'],
  Bytes: ['', 'AA==', '/w=='],
  JSON: [1, 'a', null, true, [], {}, { a: 1 }, { a: { b: [1, 'x', null] } }, [1, 2], 1.5, '', { '': 0 }],
}

/** Texts that are no values of most scalars, and those that PostgreSQL does not take. */
const garbage: readonly unknown[] = [
  'x',
  '',
  '\u0000',
  'a\u0000b',
  '2024-13-45',
  '1e400',
  '99999999999999999999999',
]

/** A value of a scalar, now and then one that is refused. */
export function askScalar(asking: Asking, typeName: string, column: Column | null): unknown {
  const { random, knowledge, datamodel } = asking
  if (typeName === 'ID' && !column) return askNodeId(asking)
  if (!['Int', 'Float', 'Boolean', 'JSON'].includes(typeName) && chance(asking, 1)) return random.one(garbage)
  const general = edges[typeName] ?? edges.String ?? []
  if (!column) return random.one(general)
  const { model, field } = column
  const seen = knowledge.valuesOf(model, field)
  const pick = random.below(10)
  if (pick < 8 && seen.length > 0) return variant(asking, typeName, random.one(seen))
  if (pick < 9) {
    const names = field.enumName ? datamodel.enum(field.enumName).values.map(value => value.graphqlName) : []
    const pool = poolOf({ ...field, isList: false }, names).filter(value => fits(typeName, value))
    if (pool.length > 0) return random.one(pool)
  }
  return random.one(general)
}

function fits(typeName: string, value: unknown): boolean {
  const sample = edges[typeName]?.[0]
  return typeName === 'JSON' || sample === undefined || typeof sample === typeof value
}

/** A part of a text instead of the text, at times. */
function variant(asking: Asking, typeName: string, value: unknown): unknown {
  const { random } = asking
  const expected = edges[typeName]?.[0]
  if (typeName !== 'JSON' && typeof value !== typeof expected) return String(value)
  if (typeName === 'String' && typeof value === 'string' && value.length > 2 && chance(asking, 40)) {
    const characters = [...value]
    const start = random.below(characters.length)
    const part = characters.slice(start, start + 1 + random.below(5)).join('')
    return chance(asking, 20) ? part.toUpperCase() : part
  }
  if (typeName === 'JSON' && typeof value === 'object' && value !== null && chance(asking, 40)) {
    const items = Object.values(value)
    return items.length > 0 ? random.one(items) : value
  }
  return value
}

/** The id of a row, of one that there is not, or a text that is none. */
export function askNodeId(asking: Asking): string {
  const { random, knowledge, datamodel } = asking
  if (knowledge.nodeIds.length > 0 && !chance(asking, 12)) return random.one(knowledge.nodeIds)
  const { typeName } = random.one(datamodel.models)
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const keys = [1, 0, -1, '1', null, 1.5, '00000000-0000-4000-8000-000000000001', 'a', true, 99_999_999_999]
  return random.one([
    encode([typeName, random.one(keys)]),
    encode([typeName, random.one(keys), random.one(keys)]),
    encode([typeName]),
    encode({ typeName }),
    'W10',
    '',
    'not an id',
  ])
}

export function askJsonPath({ random }: Asking): readonly string[] {
  return random.one(jsonPaths)
}

export function askJsonKey({ random }: Asking): string {
  return random.one(jsonKeys)
}

/** Words of the rows' own, combined as a search engine takes them. */
export function askSearch(asking: Asking, model: Model): string {
  const { random, knowledge } = asking
  const texts = model.scalars.filter(field => field.scalar === 'String' && !field.isList)
  const words = texts
    .flatMap(field => knowledge.valuesOf(model, field).slice(0, 20))
    .flatMap(text => String(text).split(/\W+/))
    .filter(word => word.length > 2)
  const word = () => (words.length === 0 ? 'fox' : random.one(words))
  return random.one([
    word(),
    word(),
    `${word()} ${word()}`,
    `${word()} or ${word()}`,
    `-${word()}`,
    `"${word()} ${word()}"`,
    'zzz',
    '',
    "'",
  ])
}
