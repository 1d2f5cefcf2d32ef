import { AnyNull, DbNull, JsonNull } from '@prisma/client/runtime/client'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isNull } from '../../../src/engine/index.ts'
import { createRowTest } from '../../../src/engine/operations/read/row-test.ts'
import { isEveryRow, isNoRow, noneOf, type Where } from '../../../src/engine/policy/logic.ts'
import { MissingValue, PolicyFault } from '../../../src/engine/policy/policy-fault.ts'
import { compilePolicyWhere } from '../../../src/engine/policy/policy-where.ts'
import { createTestEngine, fixture, type TestEngine } from '../../support/engine.ts'
import { arbitraryWorld } from '../read/model/arbitrary-world.ts'
import { matches } from '../read/model/evaluate.ts'
import { storeWorld } from '../read/model/store-world.ts'
import type { PlainRow, WorldData } from '../read/model/world.ts'
import { arbitraryVillage } from './model/arbitrary-village.ts'
import { arbitraryWhere, type Filter, withNulls } from './model/arbitrary-where.ts'
import { arbitraryFilter, everything, toPolicyFilter } from './model/rules.ts'
import { createVillage, type Village } from './model/village.ts'

const filtersPerRun = 25

type Ids = readonly unknown[]

interface Delegate {
  findMany(args: object): Promise<readonly PlainRow[]>
}

describe('the filter of a policy', () => {
  let api: TestEngine
  let things: Delegate

  beforeAll(async () => {
    api = await createTestEngine({ project: fixture('wide') })
    things = (api.client as unknown as { thing: Delegate }).thing
    await api.sql(
      `INSERT INTO thing (id, name, code, data, tags) VALUES
         (1, 'ann', 'a', '{"team": "a", "teams": ["a"]}', '{x}'), (2, 'A%', 'b', '[{"team": "b"}]', NULL),
         (3, 'a_b', 'c', NULL, '{}'), (4, 'a\\b', 'd', 'null', '{}')`,
    )
  }, 60_000)
  afterAll(() => api.close())

  const idsOf = async (where: Where) =>
    (await things.findMany({ where, select: { id: true }, orderBy: { id: 'asc' } })).map(row => row.id)
  const compile = (where: Filter) => {
    const { datamodel } = api.engine
    return compilePolicyWhere(datamodel, datamodel.model('thing'), where)
  }
  /** What JavaScript decides by looking at the rows, where it can. */
  const idsSeen = async (where: Where) => {
    const { datamodel } = api.engine
    const seen = createRowTest(datamodel, datamodel.model('thing'), where)
    if (!seen) return null
    const rows = await things.findMany({ select: { ...seen.select, id: true }, orderBy: { id: 'asc' } })
    return rows.filter(seen.holds).map(row => row.id)
  }

  test.each([
    ['equals', { name: { equals: 'a%', mode: 'insensitive' } }, [2]],
    ['not', { name: { not: 'A\\B', mode: 'insensitive' } }, [1, 2, 3]],
    ['contains', { name: { contains: '%' } }, [2]],
    ['contains', { name: { contains: '_' } }, [3]],
    ['contains', { name: { contains: '\\', mode: 'insensitive' } }, [4]],
    ['startsWith', { name: { startsWith: '_n' } }, []],
    ['not endsWith', { NOT: { name: { endsWith: '%' } } }, [1, 3, 4]],
  ])('attack Wildcards: a policy takes them literally: %s %j', async (_, where, ids) => {
    expect(await idsOf(compile(where))).toEqual(ids)
  })

  test('JSON is compared as a whole or at a path', async () => {
    expect(await idsOf(compile({ data: { path: ['team'], equals: 'a' } }))).toEqual([1])
    expect(await idsOf(compile({ data: { path: ['team'], not: isNull } }))).toEqual([1])
    expect(await idsOf(compile({ data: { path: ['team'], equals: isNull } }))).toEqual([2, 3, 4])
    expect(await idsOf(compile({ data: isNull }))).toEqual([3])
    expect(await idsOf(compile({ NOT: { data: { equals: JsonNull } } }))).toEqual([1, 2])
    expect(await idsOf(compile({ data: { equals: AnyNull } }))).toEqual([3, 4])
    expect(await idsOf(compile({ NOT: { data: { equals: DbNull } } }))).toEqual([1, 2, 4])
  })

  test('a list can be NULL', async () => {
    expect(await idsOf(compile({ tags: isNull }))).toEqual([2])
    expect(await idsOf(compile({ NOT: { tags: { has: 'x' } } }))).toEqual([3, 4])
  })

  test.each<[string, Filter]>([
    ['undefined inside of JSON', { data: { equals: { team: undefined } } }],
    ['undefined in a list of JSON', { data: { not: [{ team: undefined }] } }],
    ['undefined in a path', { data: { path: ['a', undefined], equals: 1 } }],
    ['a path that is undefined', { data: { path: undefined, equals: 1 } }],
    ['undefined beside a condition', { name: { equals: 'a', mode: undefined } }],
    ['undefined in a nested not', { count: { not: { gt: undefined } } }],
    ['an empty nested not', { count: { not: {} } }],
    ['an empty condition in JSON', { data: { path: ['a'] } }],
    ['operators of JSON for one type', { data: { array_contains: ['a'] } }],
    ['texts in JSON', { data: { string_contains: 'a' } }],
    ['an order in JSON', { data: { path: ['a'], gt: 1 } }],
    ['JSON that ignores case', { data: { path: ['a'], equals: '%', mode: 'insensitive' } }],
    ['a function', { name: () => 'a' }],
    ['an object that is no value', { name: { equals: new Map() } }],
    ['a set of values', { name: { in: new Set(['a']) } }],
    ['the marker of NULL in a list', { name: { in: [isNull] } }],
    ['a list without a quantifier', { thing: { name: 'a' } }],
    ['an unknown quantifier', { thing: { any: { name: 'a' } } }],
    ['an empty NOT far away', { thing: { none: { box: { is: { NOT: {} } } } } }],
    ['an unknown field far away', { box: { thing: { some: { nothing: 1 } } } }],
  ])('attack Policy fails open: throws for %s', (_, where) => {
    expect(() => compile(where)).toThrow(PolicyFault)
    expect(() => compile({ NOT: [{ OR: [{ id: 1 }, where] }] })).toThrow(PolicyFault)
  })

  test.each<[string, Filter]>([
    ['null inside of JSON', { data: { equals: { team: null } } }],
    ['null in a path', { data: { path: [null], equals: 1 } }],
    ['null in a nested not', { count: { not: { in: [1, null] } } }],
    ['null for a list', { tags: { has: null } }],
    ['an empty text that ignores case', { name: { not: { contains: '' }, mode: 'insensitive' } }],
    ['null for a relation', { thing: { none: { parent: { is: null } } } }],
  ])('attack Policy fails open: a value that is missing allows no row, negated or not: %s', (_, where) => {
    expect(() => compile(where)).toThrow(MissingValue)
    expect(() => compile({ NOT: where })).toThrow(MissingValue)
  })

  test('an empty OR is no row, and an empty list of values none of them', () => {
    expect(isNoRow(compile({ OR: [] }))).toBe(true)
    expect(isNoRow(compile({ AND: [{ name: 'a' }, { OR: [] }] }))).toBe(true)
    expect(isNoRow(compile({ name: { in: [] } }))).toBe(true)
    expect(isEveryRow(compile({ NOT: { name: { in: [] } } }))).toBe(true)
  })

  describe('of any kind', () => {
    test.each([
      { depth: 0, runs: 30 },
      { depth: 1, runs: 30 },
      { depth: 2, runs: 15 },
    ])(
      'selects what its author’s own does, and its negation the rest: to depth $depth',
      { timeout: 120_000 },
      async ({ depth, runs }) => {
        const { datamodel } = api.engine
        const model = datamodel.model('thing')
        const filters = fc.array(arbitraryWhere(datamodel, model, depth), {
          minLength: filtersPerRun,
          maxLength: filtersPerRun,
        })
        await fc.assert(
          fc.asyncProperty(arbitraryWorld(datamodel), filters, async (made, asked) => {
            const data = withHalfKeys(made)
            await storeWorld(api, { datamodel, ...data })
            const rows = data.rows.thing ?? []
            for (const filter of asked) {
              const safe = compile(filter)
              const own = await idsOf(withNulls(datamodel, model, filter))
              const seen = await idsSeen(safe)
              expect({ filter, own: await idsOf(safe), seen: seen ?? own }).toEqual({
                filter,
                own,
                seen: own,
              })
              expect({ filter, ...(await negations(safe)) }).toEqual({ filter, ...expected(rows, own) })
            }
          }),
          { numRuns: runs, seed: 20261122, endOnFailure: false },
        )
      },
    )

    /** As a condition of its own, on the row that another refers to, and on those that refer to it. */
    const negations = async (where: Where) => ({
      rest: await idsOf(noneOf(where)),
      orphans: await idsOf(noneOf({ parent: { is: where } })),
      childless: await idsOf(noneOf({ thing: { some: where } })),
    })
  })
})

describe('the filter of a policy, for rows that were just written', () => {
  let village: Village

  beforeAll(async () => {
    village = await createVillage()
  }, 60_000)
  afterAll(() => village.close())

  test('sees other rows as if those were not there yet', { timeout: 120_000 }, async () => {
    const { datamodel } = village
    const model = datamodel.model('Person')
    const people = (village.client as unknown as { person: Delegate }).person
    const filters = fc.array(arbitraryFilter(datamodel, model, everything, 3), {
      minLength: filtersPerRun,
      maxLength: filtersPerRun,
    })
    const written = fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(arbitraryVillage(datamodel), filters, written, async (data, asked, ids) => {
        await village.store(data)
        const rows = data.rows.Person ?? []
        const others = rows.filter(row => !ids.includes(Number(row.id)))
        const before = { datamodel, ...data, rows: { ...data.rows, Person: others } }
        const exclusion = { model, rows: { id: { in: ids } } }
        for (const filter of asked) {
          const where = compilePolicyWhere(datamodel, model, toPolicyFilter(filter), exclusion)
          const found = await people.findMany({ where, select: { id: true }, orderBy: { id: 'asc' } })
          const matching = rows.filter(row => matches(before, model, filter, row) === true)
          expect({ filter, ids: found.map(row => row.id) }).toEqual({
            filter,
            ids: matching.map(row => row.id),
          })
        }
      }),
      { numRuns: 40, seed: 20261122, endOnFailure: false },
    )
  })
})

function expected(rows: readonly PlainRow[], ids: Ids): Readonly<Record<string, Ids>> {
  const parents = rows.filter(row => ids.includes(row.id)).map(row => row.parent_id)
  return {
    rest: rows.filter(row => !ids.includes(row.id)).map(row => row.id),
    orphans: rows.filter(row => !ids.includes(row.parent_id)).map(row => row.id),
    childless: rows.filter(row => !parents.includes(row.id)).map(row => row.id),
  }
}

/** Of some foreign keys of two columns one is null: they refer to no row. */
function withHalfKeys({ rows, links }: WorldData): WorldData {
  const thing = (rows.thing ?? []).map((row, index): PlainRow => {
    if (index % 4 === 1) return { ...row, box_shelf: undefined }
    return index % 4 === 2 ? { ...row, spare_box_id: undefined } : row
  })
  return { rows: { ...rows, thing }, links }
}
