import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestEngine, fixture, type TestEngine } from '../../support/engine.ts'

describe('names and keys of every kind', () => {
  let api: TestEngine

  beforeAll(async () => {
    api = await createTestEngine({ project: fixture('names') })
    await api.sql(
      `CREATE VIEW user_summary AS SELECT kind::text AS name, count(*) AS total FROM "User" GROUP BY kind`,
    )
    await api.sql(`CREATE VIEW user_total AS SELECT id AS user_id, 1::bigint AS total FROM "User"`)
    await api.sql(
      `INSERT INTO "User" (id, name, kind) VALUES (1, 'Ann', 'PLAIN KIND'), (2, 'Bob', 'special-kind'), (3, 'Cid', NULL), (4, 'Dan', 'true')`,
    )
    await api.sql(`INSERT INTO "UserGroup" (id, title) VALUES (1, 'All'), (2, 'Some')`)
    await api.sql(`INSERT INTO "_UserToUserGroup" ("A", "B") VALUES (1, 1), (2, 1), (3, 1), (4, 1), (1, 2)`)
    await api.sql(`INSERT INTO "UserFilter" VALUES (7, 1)`)
    await api.sql(`INSERT INTO "UserConnection" VALUES (8)`)
    await api.sql(`INSERT INTO "Node" VALUES (9, 'nine', NULL)`)
    await api.sql(`INSERT INTO "Date" VALUES (1, '2024-02-29')`)
    await api.sql(`INSERT INTO "Query" VALUES (1, 'what')`)
    await api.sql(`INSERT INTO news (id, author_id) VALUES (1, 1), (2, NULL)`)
    await api.sql(`INSERT INTO person VALUES ('\\x00ff'), ('\\x01')`)
    await api.sql(`INSERT INTO "Card" VALUES ('018f4e9c-7a00-7000-8000-000000000001', 2)`)
    await api.sql(
      `INSERT INTO card_owner VALUES ('018f4e9c-7a00-7000-8000-000000000001', '\\x00ff', '2024-01-01')`,
    )
    await api.sql(
      `INSERT INTO measurement SELECT 's', '2024-01-01Z'::timestamptz + i * interval '1001 microseconds', i FROM generate_series(1, 9) i`,
    )
    await api.sql(`INSERT INTO loose (a, b, c) VALUES (1, NULL, 'x'), (NULL, 1, 'y'), (NULL, NULL, 'z')`)
    await api.sql('INSERT INTO book VALUES (1), (2)')
    await api.sql(
      `INSERT INTO ledger SELECT 12345678901234567890.0001 + i * 0.0001, 1 + i % 2 FROM generate_series(0, 5) i`,
    )
  }, 60_000)
  afterAll(() => api.close())

  async function ask(query: string, variables?: Record<string, unknown>) {
    const { data, errors } = await api.query(query, variables)
    expect(errors).toBeUndefined()
    return data
  }

  test('models that are named like derived types have types of their own', async () => {
    const data = await ask(
      `{ users(where: { filter: { is: { id: { equals: 7 } } } }) { __typename nodes { __typename name filter { __typename id } } }
         userFilters { __typename nodes { user { name } } } userConnections { nodes { __typename id } } stringFilters { totalCount } }`,
    )
    expect(data).toEqual({
      users: {
        __typename: 'UserConnectionType',
        nodes: [{ __typename: 'User', name: 'Ann', filter: { __typename: 'UserFilter', id: 7 } }],
      },
      userFilters: { __typename: 'UserFilterConnection', nodes: [{ user: { name: 'Ann' } }] },
      userConnections: { nodes: [{ __typename: 'UserConnection', id: 8 }] },
      stringFilters: { totalCount: 0 },
    })
  })

  test('models of reserved names are served as …Model', async () => {
    const data = await ask(
      `{ nodeModels { nodes { __typename nodeId } } nodeModel(where: { nodeId: "nine" }) { id }
         dateModels { nodes { __typename day } } queryModel(where: { id: 1 }) { __typename text } }`,
    )
    expect(data).toEqual({
      nodeModels: { nodes: [{ __typename: 'NodeModel', nodeId: 'nine' }] },
      nodeModel: { id: 9 },
      dateModels: { nodes: [{ __typename: 'DateModel', day: '2024-02-29' }] },
      queryModel: { __typename: 'QueryModel', text: 'what' },
    })
  })

  test('a word without a plural, and an irregular one', async () => {
    const data = await ask(
      `{ newsList { nodes { id version author { name newsList { totalCount } } } } news(where: { id: 2 }) { author { name } } people { totalCount } }`,
    )
    expect(data).toEqual({
      newsList: {
        nodes: [
          { id: 1, version: 1, author: { name: 'Ann', newsList: { totalCount: 1 } } },
          { id: 2, version: 1, author: null },
        ],
      },
      news: { author: null },
      people: { totalCount: 2 },
    })
  })

  test('one-to-one relations from both ends, across a compound key and a key of bytes', async () => {
    const data = await ask(
      `{ users(where: { card: { isNot: null } }) { nodes { name card { owner { since person { bytesId cards { nodes { card { user { name } } } } } } } } }
         cardOwner(where: { pair: { cardId: "018f4e9c-7a00-7000-8000-000000000001", personId: "AP8=" } }) { nodeId person { bytesId } }
         person(where: { bytesId: "AQ==" }) { bytesId cards { totalCount } } }`,
    )
    expect(data.users.nodes).toEqual([
      {
        name: 'Bob',
        card: {
          owner: {
            since: '2024-01-01',
            person: { bytesId: 'AP8=', cards: { nodes: [{ card: { user: { name: 'Bob' } } }] } },
          },
        },
      },
    ])
    expect(data.cardOwner.person).toEqual({ bytesId: 'AP8=' })
    expect(data.person).toEqual({ bytesId: 'AQ==', cards: { totalCount: 0 } })
    const { nodeId } = data.cardOwner
    const found = await ask(
      'query ($nodeId: ID!) { node(nodeId: $nodeId) { nodeId ... on CardOwner { since } } }',
      { nodeId },
    )
    expect(found.node).toEqual({ nodeId, since: '2024-01-01' })
  })

  test('pages of a model whose key is of bytes', async () => {
    const { people } = await ask(
      '{ people(first: 1) { nodes { bytesId nodeId } pageInfo { endCursor hasNextPage } } }',
    )
    expect(people.nodes[0].bytesId).toBe('AP8=')
    const next = await ask(
      'query ($after: String) { people(after: $after) { nodes { bytesId } pageInfo { hasNextPage } } }',
      {
        after: people.pageInfo.endCursor,
      },
    )
    expect(next.people).toEqual({ nodes: [{ bytesId: 'AQ==' }], pageInfo: { hasNextPage: false } })
  })

  test('groups by an enum with names of its own, also across a many-to-many relation', async () => {
    const data = await ask(
      `{ users { groupBy(by: [kind], orderBy: [{ key: { kind: ASC } }]) { count key { kind } } }
         filtered: users { groupBy(by: [kind], having: { key: { kind: { in: [plain, special] } } }) { count key { kind } } }
         userGroups(orderBy: [{ id: ASC }]) { nodes {
           users { groupBy(by: [kind], orderBy: [{ key: { kind: ASC } }]) { count key { kind } } }
           having: users { groupBy(by: [kind], having: { key: { kind: { equals: plain } } }) { count key { kind } } } } } }`,
    )
    const all = ['plain', 'special', 'true_', null].map(kind => ({ count: 1, key: { kind } }))
    expect(data.users.groupBy).toEqual(all)
    expect(data.filtered.groupBy).toEqual(all.slice(0, 2))
    expect(data.userGroups.nodes).toEqual([
      { users: { groupBy: all }, having: { groupBy: all.slice(0, 1) } },
      { users: { groupBy: all.slice(0, 1) }, having: { groupBy: all.slice(0, 1) } },
    ])
  })

  test('filters, orders and cursors of an enum with names of its own', async () => {
    const data = await ask(
      `{ users(where: { kind: { notIn: [plain, true_] } }) { nodes { kind } }
         first: users(orderBy: [{ kind: DESC_NULLS_LAST }], first: 1) { nodes { kind } pageInfo { endCursor } } }`,
    )
    expect(data.users.nodes).toEqual([{ kind: 'special' }])
    const next = await ask(
      'query ($after: String) { users(orderBy: [{ kind: DESC_NULLS_LAST }], after: $after) { nodes { kind } } }',
      { after: data.first.pageInfo.endCursor },
    )
    expect(data.first.nodes).toEqual([{ kind: 'true_' }])
    expect(next.users.nodes).toEqual([{ kind: 'special' }, { kind: 'plain' }, { kind: null }])
  })

  test('a key with microseconds: pages in every order, one row by its key', async () => {
    for (const order of ['[]', '[{ at: DESC }]', '[{ value: ASC }]']) {
      const values: number[] = []
      let after: string | null = null
      for (let page = 0; page < 5; page += 1) {
        const { measurements } = await ask(
          `query ($after: String) { measurements(orderBy: ${order}, first: 2, after: $after) { nodes { value } pageInfo { endCursor } } }`,
          { after },
        )
        values.push(...measurements.nodes.map((node: { value: number }) => node.value))
        after = measurements.pageInfo.endCursor
      }
      expect(values.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    }
    const { measurement } = await ask(
      `{ measurement(where: { sensor_at: { sensor: "s", at: "2024-01-01T00:00:00.005005Z" } }) { value nodeId } }`,
    )
    expect(measurement.value).toBe(5)
    const { nodeId } = measurement
    const found = await ask(
      'query ($nodeId: ID!) { node(nodeId: $nodeId) { ... on Measurement { value } } }',
      { nodeId },
    )
    expect(found.node).toEqual({ value: 5 })
  })

  test('the first unique key of required columns stands for a primary key', async () => {
    const data = await ask(
      `{ looses(orderBy: [{ a: ASC }], first: 2) { totalCount nodes { a c nodeId } pageInfo { endCursor } } loose(where: { a: 1 }) { c } }`,
    )
    expect(data.loose).toEqual({ c: 'x' })
    expect(data.looses.nodes.map((node: { c: string }) => node.c)).toEqual(['x', 'y'])
    const next = await ask(
      `query ($after: String, $nodeId: ID!) { looses(orderBy: [{ a: ASC }], after: $after) { nodes { c } } node(nodeId: $nodeId) { ... on Loose { c } } }`,
      { after: data.looses.pageInfo.endCursor, nodeId: data.looses.nodes[1].nodeId },
    )
    expect(next).toEqual({ looses: { nodes: [{ c: 'z' }] }, node: { c: 'y' } })
  })

  test('a view without a key is listed, ordered and paged', async () => {
    const order = 'orderBy: [{ total: DESC }], first: 3'
    const { userSummaries } = await ask(
      `{ userSummaries(${order}) { nodes { name } pageInfo { endCursor } } }`,
    )
    const next = await ask(
      `query ($after: String) { userSummaries(${order}, after: $after) { nodes { name total } } }`,
      {
        after: userSummaries.pageInfo.endCursor,
      },
    )
    expect(userSummaries.nodes).toHaveLength(3)
    expect(next.userSummaries.nodes).toEqual([{ name: null, total: '1' }])
  })

  test('views are read and not written', async () => {
    const data = await ask(
      `{ userSummaries(orderBy: [{ total: DESC }, { name: ASC }]) { totalCount nodes { name total } aggregate { sum { total } } }
         userTotals(first: 1, orderBy: [{ userId: ASC }]) { nodes { userId total nodeId } } userTotal(where: { userId: 2 }) { total } }`,
    )
    expect(data.userSummaries.totalCount).toBe(4)
    expect(data.userSummaries.aggregate.sum.total).toBe('4')
    expect(data.userTotals.nodes[0]).toMatchObject({ userId: 1, total: '1' })
    expect(data.userTotal).toEqual({ total: '1' })
    const mutations = Object.keys(api.engine.schema.getMutationType()?.getFields() ?? {})
    expect(mutations.filter(name => /summar|total/i.test(name))).toEqual([])
  })

  test('what is ignored does not exist, and what cannot be served is said', () => {
    expect(api.engine.datamodel.models.map(model => model.name)).not.toContain('secret')
    const fields = api.engine.schema.getType('Shape')
    expect(Object.keys((fields as { getFields(): object }).getFields())).toEqual([
      'nodeId',
      'id',
      'viewerCan',
    ])
    expect(api.engine.datamodel.notices).toEqual([
      { subject: 'shape.outline', reason: expect.stringMatching(/polygon/) },
      { subject: 'shape', reason: expect.stringMatching(/cannot be created: outline is required/) },
      { subject: 'user_summary', reason: expect.stringMatching(/no unique key of required columns/) },
    ])
    const mutations = Object.keys(api.engine.schema.getMutationType()?.getFields() ?? {})
    expect(mutations).toContain('updateShape')
    expect(mutations).not.toContain('createShape')
  })

  test('lists below a parent whose rows have keys of more digits than a double', async () => {
    const { books } = await ask(
      '{ books { nodes { entries(first: 2, orderBy: [{ number: DESC }]) { nodes { number } } } } }',
    )
    expect(books.nodes).toEqual([
      {
        entries: {
          nodes: [{ number: '12345678901234567890.0005' }, { number: '12345678901234567890.0003' }],
        },
      },
      {
        entries: {
          nodes: [{ number: '12345678901234567890.0006' }, { number: '12345678901234567890.0004' }],
        },
      },
    ])
  })
})
