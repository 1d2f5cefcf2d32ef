import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createViewer } from '../../../src/engine/index.ts'
import { createTestEngine, fixture, type TestEngine } from '../../support/engine.ts'

const policies = [
  { model: 'Person', rules: { read: true } },
  { model: 'Card', rules: { read: true } },
  { model: 'Club', rules: { read: true } },
  { model: 'House', rules: { read: () => ({ rent: { gt: 0 } }) } },
]

const ways = [
  { reads: 'compiled', people: 1, staff: 1 },
  // the page's keys, its rows, their homes, the count; and whose staff it is
  { reads: 'prisma', people: 4, staff: 5 },
] as const

/** Prisma cannot compare counts: a page behind a cursor takes a condition of our own. */
describe.each(ways)('pages in an order by a count, read by $reads', ({ reads, ...expected }) => {
  let api: TestEngine

  beforeAll(async () => {
    api = await createTestEngine({ project: fixture('village'), config: { policies }, reads })
    await api.sql(`INSERT INTO "Person" (id, name) SELECT i, 'p' || i FROM generate_series(1, 12) i`)
    await api.sql(
      `INSERT INTO "House" (id, street, number, rent, "ownerId") SELECT i, 'street', i, i % 4, 1 + i % 2 FROM generate_series(1, 11) i`,
    )
    await api.sql(`UPDATE "Person" SET "homeStreet" = 'street', "homeNumber" = 1 + id % 3, "bossId" = 1`)
  }, 60_000)
  afterAll(() => api?.close())

  const viewer = createViewer({ id: '1' })
  const order = 'orderBy: [{ home: { tenants: { count: DESC } } }, { name: ASC }]'

  async function walk(
    list: 'people' | 'staff',
    args: (cursor: string | null) => string,
  ): Promise<readonly number[]> {
    const ids: number[] = []
    for (let cursor: string | null = null, isMore = true; isMore; ) {
      const page: string = `${list}(${args(cursor)}) { totalCount edges { cursor node { id } } pageInfo { hasNextPage } }`
      const source =
        list === 'people' ? `{ page: ${page} }` : `{ person(where: { id: 1 }) { page: ${page} } }`
      const { data, errors, statements } = await api.query(source)
      expect(errors).toBeUndefined()
      const { edges, pageInfo, totalCount } = (data.person ?? data).page
      expect(totalCount).toBe(12)
      if (cursor !== null) expect(statements).toHaveLength(expected[list])
      ids.push(...edges.map(({ node }: { node: { id: number } }) => node.id))
      cursor = edges.at(-1)?.cursor ?? null
      isMore = pageInfo.hasNextPage
    }
    return ids
  }

  test.each(['people', 'staff'] as const)('of %s lead through all rows', async list => {
    const ids = await walk(
      list,
      cursor => `${order}, first: 5${cursor === null ? '' : `, after: "${cursor}"`}`,
    )
    const rows = await api.sql<{ id: number }>(`SELECT id FROM "Person" ORDER BY name`)
    expect(ids).toEqual(rows.map(({ id }) => id))
  })

  test('begin behind a row that is gone where it was', async () => {
    const { data } = await api.query(`{ people(${order}, first: 5) { edges { cursor } } }`)
    const gone = JSON.parse(Buffer.from(data.people.edges[4].cursor, 'base64url').toString())
    const cursor = Buffer.from(JSON.stringify([gone[0], gone[1], `${gone[2]}a`, gone[3]])).toString(
      'base64url',
    )
    const after = await api.query(`{ people(${order}, first: 1, after: "${cursor}") { nodes { name } } }`)
    const same = await api.query(
      `{ people(${order}, first: 1, after: "${data.people.edges[4].cursor}") { nodes { name } } }`,
    )
    expect(after.data).toEqual(same.data)
  })

  test('have the rows that exist for the viewer alone', async () => {
    const list = (args: string) =>
      `{ houses(orderBy: [{ tenants: { count: DESC } }], ${args}) { edges { cursor node { id } } } }`
    const first = await api.query(list('first: 2'), {}, viewer)
    const [, { cursor }] = first.data.houses.edges
    const rest = await api.query(list(`first: 100, after: "${cursor}"`), {}, viewer)
    const back = await api.query(list(`last: 100, before: "${cursor}"`), {}, viewer)
    const ids = (answer: typeof rest) =>
      answer.data.houses.edges.map((edge: { node: { id: number } }) => edge.node.id)
    expect([...ids(first), ...ids(rest)]).toEqual([1, 2, 3, 5, 6, 7, 9, 10, 11])
    expect(ids(back)).toEqual([1])
  })
})
