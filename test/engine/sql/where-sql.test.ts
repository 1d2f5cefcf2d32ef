import { AnyNull, DbNull, Decimal, JsonNull } from '@prisma/client/runtime/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DatabaseClient, Where } from '../../../src/engine/operations/client.ts'
import { createSqlContext } from '../../../src/engine/operations/sql/sql-context.ts'
import { whereSql } from '../../../src/engine/operations/sql/where-sql.ts'
import { ExactMoment } from '../../../src/lib/exact-moment.ts'
import { createTestEngine, fixture, type TestEngine } from '../../support/engine.ts'
import { selectBothWays, selectByPrisma, selectBySql, turnOffCompiling } from './selected.ts'

const moment = new ExactMoment('2024-01-01T00:00:00.123456Z')
const uuid = '018f4e9c-7a00-7000-8000-000000000001'

describe('a where as SQL', () => {
  let api: TestEngine

  beforeAll(async () => {
    api = await createTestEngine({ project: fixture('wide') })
    await turnOffCompiling(api)
    await api.sql(`INSERT INTO box (id, shelf) VALUES (1, 'a')`)
    await api.sql(
      `INSERT INTO thing (id, name, code, ratio, changed_at, data, tags, count, parent_id, box_id, box_shelf) VALUES
         (1, 'a', 'a', 'NaN', '10000-01-01', '{"-1": 1, "a": [1]}', '{x}', 1, NULL, 1, 'a'),
         (2, 'b', 'b', 'Infinity', 'infinity', '[1, 2]', NULL, 2, 1, 1, NULL),
         (3, 'c', 'c', '-Infinity', '0044-03-15 BC', 'null', '{}', 3, 2, NULL, 'a'),
         (4, '"', '$1', NULL, NULL, NULL, '{}', 4, 4, NULL, NULL)`,
    )
    await api.sql(
      `INSERT INTO oddity (id, address, money, bits, varbits, document, object, clock, json, words, moments, prices, bigs,
                           flags, uuids, jsons, blobs, days, times)
       VALUES (1, '10.0.0.1', 12.5, B'1010', B'101', '<a/>', 7, '10:00:00.123456+00', '{ "b": 1, "a": 1, "a": 2 }', '{a,b}',
               '{2024-01-01T00:00:00.123456Z}', '{1.5}', '{1,9007199254740993}', '{true}', '{${uuid}}',
               array['{"a": 1}', '2']::jsonb[], '{"\\\\x00"}', '{2024-01-01}', '{10:00:00}')`,
    )
    await api.sql('INSERT INTO oddity (id) VALUES (9007199254740993)')
  }, 60_000)
  afterAll(() => api.close())

  const modelOf = (name: string) => api.engine.datamodel.model(name)
  const sqlOf = (where: Where) => {
    const context = createSqlContext(api.engine.datamodel)
    return { sql: whereSql(context, modelOf('thing'), where, 't'), values: context.values }
  }
  const idsOf = async (where: Where) => {
    const [found] = await selectBySql(api, api.engine.datamodel, modelOf('thing'), [where])
    return found?.rows.map(row => Number((JSON.parse(row) as [string])[0]))
  }
  const agree = async (name: string, wheres: readonly Where[]) => {
    const negations = wheres.map((where): Where => ({ NOT: [where] }))
    const asked = [...wheres, ...negations]
    const { ours, prismas } = await selectBothWays(api, api.engine.datamodel, modelOf(name), asked)
    expect(ours).toEqual(prismas)
  }

  test('has values in parameters only, of the column’s type, those of a list in one', () => {
    expect(sqlOf({ uuid: { in: [uuid, uuid] }, name: `'; DROP TABLE thing; --` })).toEqual({
      sql: '("t"."uuid" = ANY($1::uuid[]) AND "t"."name" = $2::text)',
      values: [[uuid, uuid], `'; DROP TABLE thing; --`],
    })
    expect(sqlOf({ colour: 'dark_green' })).toEqual({
      sql: '"t"."colour" = $1::"Colour"',
      values: ['dark-green'],
    })
    expect(sqlOf({ parent: { is: { created_at: { gt: moment } } } })).toEqual({
      sql: 'EXISTS (SELECT 1 FROM "thing" AS "r1" WHERE ("r1"."id" = "t"."parent_id" AND "r1"."created_at" > $1::timestamptz))',
      values: ['2024-01-01T00:00:00.123456Z'],
    })
  })

  test('comes behind the parameters that the statement has, and takes related rows from where it is told', async () => {
    const context = createSqlContext(api.engine.datamodel, {
      values: ['{"id": 5, "parent_id": 7, "name": "new"}', '[{"id": 7, "name": "parent"}]'],
      tableOf: model => `jsonb_populate_recordset(NULL::public."${model.table}", $2::jsonb)`,
    })
    const where = { name: 'new', parent: { is: { name: 'parent' } } }
    const condition = whereSql(context, modelOf('thing'), where, 't')
    const found = await api.sql(
      `SELECT id FROM jsonb_populate_record(NULL::public.thing, $1::jsonb) AS t WHERE ${condition}`,
      [...context.values],
    )
    expect(found).toEqual([{ id: 5 }])
  })

  test('takes its parameters through Prisma’s raw queries as well', async () => {
    const context = createSqlContext(api.engine.datamodel)
    const where = {
      AND: [
        { moments: { has: moment } },
        { blobs: { hasSome: [new Uint8Array([0])] } },
        { jsons: { has: { a: 1 } } },
        { id: { in: [1n, 9007199254740993n] } },
        { money: { gte: new Decimal('12.5') } },
        { clock: { not: null } },
      ],
    }
    const condition = whereSql(context, modelOf('oddity'), where, 't')
    const statement = `SELECT id::int FROM oddity t WHERE ${condition}`
    const client = api.client as DatabaseClient
    expect(await client.$queryRawUnsafe(statement, ...context.values)).toEqual([{ id: 1 }])
  })

  test('compares numbers and moments at the ends of their ranges as Prisma does', () =>
    agree('thing', [
      { ratio: Number.POSITIVE_INFINITY },
      { ratio: { lt: Number.NEGATIVE_INFINITY } },
      { ratio: { gt: 1e308 } },
      { ratio: { in: [new Decimal('1e308'), new Decimal('0.1')] } },
      { changed_at: new Date('+010000-01-01T00:00:00Z') },
      { changed_at: { gt: new Date('9999-12-31T23:59:59.999Z') } },
      { changed_at: new ExactMoment('infinity') },
      { changed_at: { lte: new ExactMoment('0044-03-15 00:00:00 BC') } },
      { changed_at: { lt: '2024-01-01T00:00:00Z' } },
    ]))

  test('knows NaN', async () => {
    expect(await idsOf({ ratio: Number.NaN })).toEqual([1])
    expect(await idsOf({ ratio: { in: [Number.NaN, Number.POSITIVE_INFINITY] } })).toEqual([1, 2])
  })

  test('knows the columns that are seldom seen', () =>
    agree('oddity', [
      { id: { in: [9007199254740993n, 2n] } },
      { address: '10.0.0.1' },
      { address: { in: ['10.0.0.1', '::1'] } },
      { address: { gt: '10.0.0.0' } },
      { address: { contains: '0.0' } },
      { money: '12.5' },
      { money: { in: ['12.50', '3'] } },
      { bits: '1010' },
      { bits: { in: ['1010', '0000'] } },
      { varbits: { notIn: ['101'] } },
      { varbits: { lt: '11' } },
      { document: null },
      { document: { contains: 'a/' } },
      { object: { in: [7, 8] } },
      { clock: new ExactMoment('10:00:00.123456+00') },
      { clock: { lt: new Date('1970-01-01T10:00:00.124Z') } },
      { json: { equals: { a: 2, b: 1 } } },
      { json: { path: ['a'], equals: 2 } },
      { json: { not: { a: 1 } } },
      { json: { equals: AnyNull } },
      { words: { hasEvery: ['a', 'b'] } },
      { words: { equals: ['a', 'b'] } },
      { moments: { has: moment } },
      { prices: { hasSome: ['1.50'] } },
      { bigs: { has: 9007199254740993n } },
      { flags: { equals: [true] } },
      { uuids: { has: uuid.toUpperCase() } },
      { jsons: { has: { a: 1 } } },
      { jsons: { equals: [{ a: 1 }, 2] } },
      { blobs: { has: new Uint8Array([0]) } },
      { days: { has: new Date('2024-01-01') } },
      { times: { equals: [new ExactMoment('10:00:00')] } },
      { times: { equals: null } },
      { times: { isEmpty: false } },
    ]))

  test('finds lists of bytes by several of them, which Prisma announces as single ones', async () => {
    const bytes = [new Uint8Array([0])]
    const wheres = [
      { blobs: { hasSome: bytes } },
      { blobs: { hasEvery: bytes } },
      { blobs: { equals: bytes } },
    ]
    await agree('oddity', wheres)
    expect(await selectByPrisma(api, modelOf('oddity'), { OR: wheres })).toEqual(['["1"]'])
  })

  test('knows JSON as Prisma does, lists and what looks like them', () =>
    agree('thing', [
      { data: { array_contains: [1] } },
      { data: { path: ['a'], array_contains: [1] } },
      { AND: [{ data: { array_contains: [1] } }, { data: { path: ['-1'], not: DbNull } }] },
      { parent: { is: { data: { array_contains: [1] } } } },
      { parent: { isNot: { data: { array_contains: [1] } } } },
      { thing: { some: { data: { array_contains: [1] } } } },
      { thing: { none: { data: { array_contains: [2] } } } },
      { thing: { every: { NOT: [{ data: { array_contains: [2] } }] } } },
      { data: { equals: AnyNull } },
      { data: { not: AnyNull } },
      { data: { path: [], equals: [1, 2] } },
      { data: { path: ['a'], not: AnyNull } },
      { data: { path: ['b'], equals: AnyNull } },
    ]))

  test('knows related rows that are not there', () =>
    agree('thing', [
      { parent: null },
      { parent: { is: null } },
      { parent: { isNot: null } },
      { parent: { is: {} } },
      { parent: { isNot: {} } },
      { parent: { isNot: { ratio: { lt: 0 } } } },
      { parent: { ratio: { lt: 0 } } },
      { parent: { is: { name: 'a' }, isNot: { name: 'b' } } },
      { parent: {} },
      { box: null },
      { box: { is: {} } },
      { box: { isNot: { title: 'a' } } },
      { passport: null },
      { passport: { isNot: null } },
      { passport: { isNot: { number: 'a' } } },
      { parent: { is: { parent: null } } },
      { parent: { isNot: { parent: { isNot: { ratio: 0 } } } } },
      { thing: {} },
      { thing: { some: {} } },
      { thing: { none: {} } },
      { thing: { every: {} } },
      { thing: { some: { OR: [] } } },
      { thing: { every: { OR: [] } } },
      { label: { none: {} } },
    ]))

  test('leaves out what Prisma leaves out, and takes for everything or nothing what Prisma does', () =>
    agree('thing', [
      {},
      { AND: [] },
      { OR: [] },
      { NOT: [] },
      { AND: {} },
      { AND: [{}] },
      { OR: [{}] },
      { OR: [{}, { name: 'a' }] },
      { OR: [{ AND: [] }, { name: 'a' }] },
      { OR: [{ note: {} }, { name: 'a' }] },
      { OR: [{ thing: {} }, { name: 'a' }] },
      { OR: [{ parent: {} }, { name: 'a' }] },
      { OR: [{ parent: { is: {} } }, { name: 'a' }] },
      { OR: [{ OR: [], AND: [] }, { name: 'a' }] },
      { NOT: {} },
      { NOT: { OR: [] } },
      { NOT: [{ OR: [] }, { name: 'a' }] },
      { NOT: [{ name: 'a' }, { name: 'b' }] },
      { NOT: { NOT: { NOT: { name: 'a' } } } },
      { AND: [{ OR: [] }, { name: 'a' }] },
      { OR: [{ OR: [{ OR: [] }] }] },
      { OR: [], name: 'a' },
      { AND: [{ OR: [], name: 'a' }] },
      { parent: { is: { OR: [], name: 'a' } } },
      { OR: [], AND: [] },
      { NOT: [{ NOT: [{ OR: [] }], name: 'a' }] },
      { parent: { is: { AND: [{ OR: [] }] } } },
      { AND: { name: 'a' }, OR: [{ name: 'a' }, { name: 'b' }], NOT: { name: 'b' } },
    ]))

  test('an image of a row does not tell the JSON null from NULL, nor where the positions of a list begin', async () => {
    await api.sql(`UPDATE thing SET numbers = '[0:1]={1,2}' WHERE id = 4`)
    const select = async (from: string, where: Where) => {
      const context = createSqlContext(api.engine.datamodel)
      const condition = whereSql(context, modelOf('thing'), where, 't')
      const statement = `SELECT t.id FROM ${from} WHERE ${condition} ORDER BY t.id`
      return (await api.sql<{ id: number }>(statement, [...context.values])).map(row => row.id)
    }
    const found = async (where: Where) => [
      await select('thing t', where),
      await select('thing s, jsonb_populate_record(NULL::public.thing, to_jsonb(s)) t', where),
    ]
    expect(await found({ data: { equals: JsonNull } })).toEqual([[3], []])
    expect(await found({ data: { equals: DbNull } })).toEqual([[4], [3, 4]])
    expect(await found({ data: { equals: AnyNull } })).toEqual([
      [3, 4],
      [3, 4],
    ])
    expect(await found({ numbers: { equals: [1, 2] } })).toEqual([[], [4]])
    expect(await found({ numbers: { has: 1 } })).toEqual([[4], [4]])
  })

  test.each<[string, Where]>([
    ['search', { name: { search: 'a' } }],
    ['equals in the mode insensitive', { name: { equals: 'a', mode: 'insensitive' } }],
    ['not', { name: { not: { in: ['a'] } } }],
    ['gt: null', { note: { gt: null } }],
    ['string_contains', { data: { string_contains: 'a' } }],
    ['has', { name: { has: 'a' } }],
    ['in', { tags: { in: ['a'] } }],
    ['any', { thing: { any: {} } }],
    ['undefined', { name: undefined }],
    ['undefined', { name: { equals: undefined } }],
    ['null', { name: { in: [null] } }],
    ['null', { tags: { has: null } }],
    ['nothing', { nothing: 1 }],
    ['name_count', { name_count: { name: 'a', count: 1 } }],
    ['place', { place: 'a' }],
  ])('throws an error that names what it does not know: %s', (name, where) => {
    expect(() => sqlOf(where)).toThrow(name)
    expect(() => sqlOf({ thing: { none: { NOT: [where] } } })).toThrow(name)
  })
})
