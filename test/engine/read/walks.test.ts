import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { translateOrder } from '../../../src/engine/operations/read/order.ts'
import { findPositions } from '../../../src/engine/operations/read/row-position.ts'
import { createTestEngine, fixture, type TestEngine } from '../../support/engine.ts'

/** What the pages of a list brought, in the order of the list. */
interface Walk {
  readonly ids: readonly number[]
  readonly pages: number
}

const rows = 40

describe('walking all pages', () => {
  let api: TestEngine

  beforeAll(async () => {
    api = await createTestEngine({ project: fixture('wide') })
  }, 60_000)
  afterAll(() => api.close())

  beforeEach(async () => {
    await api.sql('TRUNCATE box, thing CASCADE')
    await api.sql(
      `INSERT INTO public.box (id, shelf, size) SELECT i, 'a', i % 3 FROM generate_series(1, 5) i`,
    )
    await api.sql(
      `INSERT INTO thing (id, name, code, count, note, ratio, real_ratio, price, big, is_old, colour, box_id, box_shelf,
                          created_at, time, local_moment, padded)
       SELECT i, 'n' || i % 4, i::text, i, NULLIF('x' || i % 3, 'x0'), (i % 5) * 0.1, (i % 7) * 0.1,
              NULLIF(i % 4, 0) / 3.0, 9223372036854775800 + i % 3, NULLIF(i % 3, 0) = 1,
              (ARRAY['red', 'dark-green', 'Blue', NULL])[i % 4 + 1]::"Colour", NULLIF(i % 6, 0),
              CASE WHEN i % 6 > 0 THEN 'a' END, '2024-01-01Z'::timestamptz + (i % 9) * interval '1 microsecond',
              '10:00'::time + (i % 5) * interval '1 microsecond',
              '2024-01-01'::timestamp + (i % 4) * interval '1 microsecond', (ARRAY['a', 'b', 'ab'])[i % 3 + 1]
       FROM generate_series(1, ${rows}) i`,
    )
  })

  const orders = [
    '[]',
    '[{ createdAt: ASC }]',
    '[{ createdAt: DESC }, { name: ASC }]',
    '[{ time: DESC }, { localMoment: ASC }]',
    '[{ localMoment: DESC_NULLS_LAST }]',
    '[{ realRatio: ASC }]',
    '[{ ratio: DESC }, { note: ASC_NULLS_FIRST }]',
    '[{ price: DESC_NULLS_LAST }]',
    '[{ big: ASC }, { padded: DESC }]',
    '[{ isOld: DESC }, { colour: ASC_NULLS_FIRST }]',
    '[{ colour: DESC_NULLS_LAST }, { id: DESC }]',
    '[{ box: { size: DESC } }]',
    '[{ box: { id: ASC } }, { note: DESC }]',
    '[{ things: { count: DESC } }, { note: ASC }]',
  ]

  test.each(orders)('in the order %s gives every row once, forward and backward', async order => {
    const forward = await walk(order, 'forward')
    const backward = await walk(order, 'backward')
    expect(forward.ids).toHaveLength(rows)
    expect(new Set(forward.ids).size).toBe(rows)
    expect(backward.ids).toEqual(forward.ids)
  })

  test.each(orders)('in the order %s gives the rows that stay once, whatever comes and goes', async order => {
    const staying = new Set(Array.from({ length: rows }, (_, index) => index + 1))
    let next = 1_000
    const change = async (page: readonly number[]) => {
      // the row that the cursor stands for goes, another row of the page, and one that is still to come
      const gone = [page.at(-1), page[0], ...[...staying].filter(id => !page.includes(id)).slice(0, 1)]
      await api.sql('DELETE FROM thing WHERE id = ANY($1)', [gone])
      for (const id of gone) staying.delete(id ?? 0)
      for (const source of [...staying].slice(0, 2)) {
        next += 1
        await api.sql(
          `INSERT INTO thing (id, name, code, count, note, ratio, price, created_at, time, colour, box_id, box_shelf)
           SELECT $1::int, name, $1::int::text, $1::int, note, ratio, price, created_at, time, colour, box_id, box_shelf
           FROM thing WHERE id = $2::int`,
          [next, source],
        )
      }
    }
    for (const direction of ['forward', 'backward'] as const) {
      const { ids, pages } = await walk(order, direction, change)
      expect(pages).toBeGreaterThan(3)
      expect(ids).toHaveLength(new Set(ids).size)
      expect([...staying].filter(id => !ids.includes(id))).toEqual([])
    }
  })

  test('also inside of every parent', async () => {
    const seen = new Map<number, number[]>()
    let cursors: Record<number, string | null> = { 1: null, 2: null, 3: null, 4: null, 5: null }
    while (Object.keys(cursors).length > 0) {
      const asked = Object.entries(cursors).map(
        ([id, after]) =>
          `b${id}: box(where: { id_shelf: { id: ${id}, shelf: "a" } }) {
             things(orderBy: [{ createdAt: DESC }], first: 2, after: ${JSON.stringify(after)}) {
               nodes { id } pageInfo { endCursor hasNextPage } } }`,
      )
      const { data, errors } = await api.query(`{ ${asked.join('\n')} }`)
      expect(errors).toBeUndefined()
      const left: Record<number, string | null> = {}
      for (const id of Object.keys(cursors).map(Number)) {
        const { nodes, pageInfo } = data[`b${id}`].things
        seen.set(id, [...(seen.get(id) ?? []), ...nodes.map((node: { id: number }) => node.id)])
        if (pageInfo.hasNextPage) left[id] = pageInfo.endCursor
      }
      cursors = left
    }
    const expected = await api.sql<{ box_id: number; ids: number[] }>(
      `SELECT box_id, array_agg(id ORDER BY created_at DESC, id) AS ids FROM thing WHERE box_id > 0 GROUP BY box_id`,
    )
    expect([...seen].toSorted()).toEqual(expected.map(row => [row.box_id, row.ids]).toSorted())
  })

  test.each([
    { direction: 'asc', expected: '2024-01-01 00:00:00.000' },
    { direction: 'desc', expected: '2024-01-01 00:00:00.000999' },
  ])(
    'a row that has changed since it was read stands where others are rather repeated: $direction',
    async given => {
      const { refract: scope } = api.engine.createContext()
      const model = scope.datamodel.model('thing')
      const sort = given.direction === 'asc' ? 'ASC' : 'DESC'
      const order = translateOrder(scope, model, [{ createdAt: sort }])
      await api.sql(`UPDATE thing SET created_at = '2030-01-01Z' WHERE id = 1`)
      const stale = { id: 1, created_at: new Date('2024-01-01T00:00:00.000Z') }
      const unchanged = { id: 2, created_at: new Date('2024-01-01T00:00:00.000Z') }
      expect(await findPositions(scope, model, order, [stale, unchanged])).toEqual([
        [given.expected, 1],
        ['2024-01-01 00:00:00.000002+00', 2],
      ])
    },
  )

  async function walk(
    order: string,
    direction: 'forward' | 'backward',
    between: (page: readonly number[]) => Promise<void> = async () => undefined,
  ): Promise<Walk> {
    const ids: number[] = []
    const [count, from, cursor, more] =
      direction === 'forward'
        ? ['first', 'after', 'endCursor', 'hasNextPage']
        : ['last', 'before', 'startCursor', 'hasPreviousPage']
    let position: string | null = null
    for (let pages = 1; pages < 100; pages += 1) {
      const { data, errors } = await api.query(
        `query ($position: String) { things(orderBy: ${order}, ${count}: ${3 + (pages % 4)}, ${from}: $position) {
           nodes { id } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }`,
        { position },
      )
      expect(errors).toBeUndefined()
      const page: number[] = data.things.nodes.map((node: { id: number }) => node.id)
      if (direction === 'forward') ids.push(...page)
      else ids.unshift(...page)
      if (!data.things.pageInfo[more]) return { ids, pages }
      position = data.things.pageInfo[cursor]
      await between(page)
    }
    throw new Error('The pages have no end.')
  }
})
