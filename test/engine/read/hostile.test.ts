import fc from 'fast-check'
import type { GraphQLError } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLog } from '../../../src/observe/log.ts'
import { toClientError } from '../../../src/server/client-error.ts'
import { byReads, createTestEngine, fixture, type TestEngine } from '../../support/engine.ts'

const log = createLog({ isProduction: true, destination: { write: () => undefined } as never })

/** The code and message that a client gets in production. */
function told(error: GraphQLError): { code: unknown; message: string } {
  const { extensions, message } = toClientError(error, { isProduction: true, log })
  return { code: extensions.code, message }
}

const filter = 'query ($w: ThingFilter) { things(where: $w) { totalCount } }'
const loneSurrogate = 'a\uD800b'

function nest(depth: number, inner: unknown, wrap: (value: unknown) => unknown): unknown {
  let value = inner
  for (let level = 0; level < depth; level += 1) value = wrap(value)
  return value
}

/** What has to be refused before any statement is sent. */
const refused: readonly {
  name: string
  query: string
  variables?: Record<string, unknown>
  says?: RegExp
}[] = [
  { name: 'a huge page', query: '{ things(first: 1000000000) { totalCount } }', says: /0 to 100 rows/ },
  { name: 'a negative page', query: '{ things(first: -1) { totalCount } }', says: /`first` is -1/ },
  { name: 'a negative last', query: '{ things(last: -5) { totalCount } }', says: /`last` is -5/ },
  { name: 'both directions', query: '{ things(first: 1, last: 1) { totalCount } }', says: /not both/ },
  { name: 'a huge offset', query: '{ things(offset: 2000000000) { nodes { id } } }', says: /offset/ },
  { name: 'a negative offset', query: '{ things(offset: -1) { nodes { id } } }', says: /offset/ },
  {
    name: 'an offset from the end',
    query: '{ things(last: 1, offset: 1) { nodes { id } } }',
    says: /offset/,
  },
  { name: 'a page past 32 bits', query: '{ things(first: 3000000000) { totalCount } }' },
  {
    name: 'too many groups',
    query: '{ things { groupBy(by: [name], first: 101) { count } } }',
    says: /0 to 100/,
  },
  { name: 'no group field', query: '{ things { groupBy(by: []) { count } } }', says: /empty/ },
  {
    name: 'a having of null',
    query: '{ things { groupBy(by: [name], having: { count: { gt: null } }) { count } } }',
    says: /cannot be null/,
  },
  {
    name: 'a having of null where there is none',
    query: '{ things { groupBy(by: [name], having: { min: { id: { not: null } } }) { count } } }',
    says: /having\.min\.id\.not cannot be null: it is never null/,
  },
  {
    name: 'a sum past 32 bits in having',
    query: '{ things { groupBy(by: [name], having: { sum: { count: { gt: "9000000000" } } }) { count } } }',
    says: /32 bits/,
  },
  {
    name: 'a deep having',
    query: 'query ($h: ThingHaving) { things { groupBy(by: [name], having: $h) { count } } }',
    variables: { h: nest(200, {}, value => ({ NOT: value })) },
    says: /30 levels/,
  },
  {
    name: 'a having by what is not grouped by',
    query: '{ things { groupBy(by: [name], having: { key: { count: { gt: 1 } } }) { count } } }',
    says: /not grouped by/,
  },
  {
    name: '101 node ids',
    query: `{ nodes(nodeIds: [${'"a",'.repeat(101)}]) { nodeId } }`,
    says: /at most 100/,
  },
  { name: 'a cursor that is none', query: '{ things(after: "x") { nodes { id } } }', says: /not a cursor/ },
  { name: 'an int past 32 bits', query: filter, variables: { w: { count: { equals: 2_147_483_648 } } } },
  {
    name: 'a small int past 16 bits',
    query: filter,
    variables: { w: { small: { gt: 32_768 } } },
    says: /16 bits/,
  },
  { name: 'a bigint past 64 bits', query: filter, variables: { w: { big: { gt: '9223372036854775808' } } } },
  { name: 'a fraction for an int', query: filter, variables: { w: { count: { equals: 1.5 } } } },
  { name: 'no UUID', query: filter, variables: { w: { uuid: { equals: "' OR 1=1 --" } } } },
  { name: 'no day', query: filter, variables: { w: { day: { equals: '2024-02-30' } } } },
  { name: 'no moment', query: filter, variables: { w: { createdAt: { equals: 'yesterday' } } } },
  { name: 'no time', query: filter, variables: { w: { time: { equals: '25:00:00' } } } },
  { name: 'no decimal', query: filter, variables: { w: { price: { equals: '1,5' } } } },
  { name: 'no base64', query: filter, variables: { w: { bytes: { equals: 'ä' } } } },
  { name: 'no enum value', query: filter, variables: { w: { colour: { equals: 'green' } } } },
  { name: 'no field', query: filter, variables: { w: { password: { equals: 'a' } } } },
  {
    name: 'null where there is none',
    query: filter,
    variables: { w: { name: { equals: null } } },
    says: /never null/,
  },
  { name: 'null as a filter', query: filter, variables: { w: { name: null } }, says: /cannot be null/ },
  {
    name: 'null in a comparison',
    query: filter,
    variables: { w: { note: { contains: null } } },
    says: /null/,
  },
  { name: 'NUL', query: filter, variables: { w: { name: { contains: 'a\u0000' } } }, says: /NUL/ },
  { name: 'NUL in a list', query: filter, variables: { w: { tags: { has: '\u0000' } } }, says: /NUL/ },
  {
    name: 'NUL in JSON',
    query: filter,
    variables: { w: { data: { equals: { a: '\u0000' } } } },
    says: /NUL/,
  },
  {
    name: 'NUL in a JSON path',
    query: filter,
    variables: { w: { data: { path: ['\u0000'], equals: 1 } } },
    says: /NUL/,
  },
  { name: 'NUL in a JSON key', query: filter, variables: { w: { data: { hasKey: '\u0000' } } }, says: /NUL/ },
  {
    name: 'a lone surrogate',
    query: filter,
    variables: { w: { name: { in: [loneSurrogate] } } },
    says: /surrogate/,
  },
  {
    name: 'a lone surrogate in JSON',
    query: filter,
    variables: { w: { data: { contains: [loneSurrogate] } } },
  },
  {
    name: 'NUL in a unique key',
    query: 'query ($c: String!) { thing(where: { code: $c }) { id } }',
    variables: { c: '\u0000' },
    says: /NUL/,
  },
  {
    name: 'two unique keys',
    query: '{ thing(where: { id: 1, code: "a" }) { id } }',
  },
  { name: 'no unique key', query: '{ thing(where: {}) { id } }' },
  { name: 'a unique key of null', query: '{ thing(where: { id: null }) { id } }' },
  {
    name: 'a long list',
    query: filter,
    variables: { w: { count: { in: Array.from({ length: 40_000 }, (_, i) => i) } } },
    says: /10000 values/,
  },
  {
    name: 'a long list of a list',
    query: filter,
    variables: { w: { tags: { hasSome: Array(40_000).fill('a') } } },
    says: /10000 values/,
  },
  {
    name: 'a long JSON path',
    query: filter,
    variables: { w: { data: { path: Array(101).fill('a'), equals: 1 } } },
    says: /at most 100/,
  },
  {
    name: 'an empty object in contains',
    query: filter,
    variables: { w: { data: { contains: { a: {} } } } },
    says: /at least one key/,
  },
  {
    name: 'deep NOT',
    query: filter,
    variables: { w: nest(200, {}, value => ({ NOT: value })) },
    says: /30 levels/,
  },
  {
    name: 'deep AND',
    query: filter,
    variables: { w: nest(200, {}, value => ({ AND: [value] })) },
    says: /30 levels/,
  },
  {
    name: 'deep relations',
    query: filter,
    variables: { w: nest(100, {}, value => ({ parent: { is: value } })) },
    says: /30 levels/,
  },
  {
    name: 'wide conditions',
    query: filter,
    variables: { w: { OR: Array.from({ length: 40_000 }, (_, i) => ({ id: { equals: i } })) } },
    says: /conditions/,
  },
  {
    name: 'deep JSON',
    query: filter,
    variables: { w: { data: { equals: nest(200_000, 1, value => [value]) } } },
    says: /100 levels/,
  },
  {
    name: '__proto__ in JSON',
    query: filter,
    variables: { w: { data: { equals: JSON.parse('{ "__proto__": { "polluted": 1 } }') } } },
    says: /__proto__/,
  },
  {
    name: '__proto__ as a filter',
    query: filter,
    variables: { w: JSON.parse('{ "__proto__": { "id": { "gt": 0 } } }') },
  },
  { name: 'constructor as a filter', query: filter, variables: { w: JSON.parse('{ "constructor": {} }') } },
  {
    name: 'two orders in one entry',
    query: '{ things(orderBy: [{ id: ASC, name: ASC }]) { nodes { id } } }',
  },
  { name: 'an empty order', query: '{ things(orderBy: [{}]) { nodes { id } } }' },
  {
    name: 'nulls placed where there are none',
    query: '{ things(orderBy: [{ box: { size: ASC_NULLS_FIRST } }]) { nodes { id } } }',
    says: /never null/,
  },
]

describe('hostile reads', () => {
  let api: TestEngine

  beforeAll(async () => {
    api = await createTestEngine({ project: fixture('wide') })
    await api.sql(
      `INSERT INTO thing (id, name, code, data, created_at)
       SELECT i, (ARRAY['a%', 'a_', 'a\\', 'abc'])[i], i::text, '{}', now() FROM generate_series(1, 4) i`,
    )
    await api.sql(`INSERT INTO oddity (id, address, bits) VALUES (1, '10.0.0.1', B'1010')`)
  }, 60_000)
  afterAll(() => api.close())

  test.each(refused)('$name is refused, and nothing is sent', async ({ query, variables, says }) => {
    const { errors, statements } = await api.query(query, variables)
    expect(statements).toEqual([])
    expect(errors).toBeDefined()
    for (const error of errors ?? []) {
      const { code, message } = told(error)
      expect(['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED', 'BAD_REQUEST']).toContain(code)
      expect(message).not.toMatch(/prisma|invocation|\/src\/|SELECT|undefined/i)
      if (says) expect(message).toMatch(says)
      expect(message.length).toBeLessThan(500)
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  const unfit: readonly (readonly [string, Record<string, unknown>])[] = [
    ['an address', { address: { equals: 'nowhere' } }],
    ['bits', { bits: { equals: '2' } }],
    ['bits', { varbits: { in: ['x'] } }],
    ['a number', { object: { equals: -1 } }],
    ['a decimal', { prices: { has: `1${'0'.repeat(200)}e9999` } }],
    ['a moment', { moments: { has: '9999-12-31T23:59:59.999999-14:00' } }],
  ]

  test.each(unfit)("%s that the column cannot have is the input's fault, not ours", async (_, where) => {
    const { errors } = await api.query('query ($w: OddityFilter) { oddities(where: $w) { nodes { id } } }', {
      w: where,
    })
    for (const error of errors ?? []) expect(told(error).code).toBe('BAD_USER_INPUT')
  })

  const wildcards = [
    { text: '%', found: [1] },
    { text: '_', found: [2] },
    { text: '\\', found: [3] },
    { text: 'a%', found: [1] },
    { text: '%%', found: [] },
    { text: '', found: [1, 2, 3, 4] },
  ]

  test.each(wildcards)('$text stands for itself', async ({ text, found }) => {
    const where = (operator: string, mode?: string) => ({
      name: { [operator]: text, ...(mode ? { mode } : {}) },
    })
    const { data } = await api.query(
      `query ($a: ThingFilter, $b: ThingFilter) { a: things(where: $a) { nodes { id } } b: things(where: $b) { nodes { id } } }`,
      { a: where('contains'), b: where('contains', 'INSENSITIVE') },
    )
    expect(data.a.nodes.map((node: { id: number }) => node.id)).toEqual(found)
    expect(data.b.nodes).toEqual(data.a.nodes)
  })

  test('a filter of very many values is answered', async () => {
    const { data, errors } = await api.query(filter, {
      w: { count: { in: Array.from({ length: 9_999 }, (_, i) => i) } },
    })
    expect(errors).toBeUndefined()
    expect(data.things.totalCount).toBe(4)
  })

  test('a cursor in an order by a count works in a list of any length, of which the page alone is read', async () => {
    const page = (after: string | null) =>
      api.query(
        `query ($after: String) {
          labels(where: { text: { startsWith: "#" } }, orderBy: [{ things: { count: ASC } }, { text: ASC }], first: 1, after: $after) {
            nodes { text } pageInfo { endCursor }
          }
        }`,
        { after },
      )
    await api.sql(
      `INSERT INTO label (id, text) SELECT gen_random_uuid(), '#' || i FROM generate_series(10001, 20001) i`,
    )
    const { data: first } = await page(null)
    const { data: second, errors, statements } = await page(first.labels.pageInfo.endCursor)
    expect(errors).toBeUndefined()
    expect([first, second].map(({ labels }) => labels.nodes)).toEqual([
      [{ text: '#10001' }],
      [{ text: '#10002' }],
    ])
    expect(statements).toHaveLength(byReads({ compiled: 1, prisma: 2 }))
  })

  const json = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(
      '2024-13-45 25:61:61',
      'infinity',
      '0044-03-15 00:00:00 BC',
      'NaN',
      '9'.repeat(400),
      '\u0000',
    ),
  )
  const forged = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.uint8Array().map(bytes => Buffer.from(bytes).toString('base64url')),
    json.map(value => Buffer.from(JSON.stringify(value)).toString('base64url')),
  )

  test('malformed node ids are rows that do not exist', { timeout: 60_000 }, async () => {
    const types = fc.constantFrom(
      'Thing',
      'Box',
      'Label',
      'Passport',
      'Oddity',
      'Query',
      '__proto__',
      'constructor',
    )
    const made = fc
      .tuple(types, fc.array(json, { maxLength: 3 }))
      .map(([type, values]) => Buffer.from(JSON.stringify([type, ...values])).toString('base64url'))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(forged, made), { maxLength: 20 }), async nodeIds => {
        const { data, errors } = await api.query(
          'query ($nodeIds: [ID!]!) { nodes(nodeIds: $nodeIds) { nodeId ... on Thing { name } } }',
          { nodeIds },
        )
        for (const error of errors ?? []) expect(told(error).code).toBe('BAD_USER_INPUT')
        if (!errors) expect(data.nodes).toHaveLength(nodeIds.length)
      }),
      { numRuns: 100, seed: 20261122 },
    )
  })

  const orders = [
    ['[{ createdAt: ASC }]', 2],
    ['[{ price: DESC }, { big: ASC }]', 3],
    ['[{ colour: ASC }, { isOld: DESC }]', 3],
    ['[{ name: ASC }, { uuid: ASC }]', 3],
    ['[{ ratio: ASC }, { realRatio: ASC }, { time: ASC }, { day: DESC }]', 5],
    ['[{ things: { count: ASC } }]', 2],
  ] as const

  test.each(orders)(
    'malformed cursors of the order %s are refused',
    { timeout: 60_000 },
    async (order, length) => {
      const { data } = await api.query(`{ things(orderBy: ${order}, first: 1) { pageInfo { endCursor } } }`)
      const [fingerprint] = JSON.parse(Buffer.from(data.things.pageInfo.endCursor, 'base64url').toString())
      const made = fc
        .array(json, { minLength: length, maxLength: length })
        .map(values => Buffer.from(JSON.stringify([fingerprint, ...values])).toString('base64url'))
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.oneof(forged, made), { minLength: 10, maxLength: 10 }),
          async cursors => {
            const fields = cursors.map(
              (_, index) =>
                `q${index}: things(orderBy: ${order}, after: $c${index}, first: 1) { nodes { id } }`,
            )
            const declared = cursors.map((_, index) => `$c${index}: String`)
            const { errors } = await api.query(
              `query (${declared.join(', ')}) { ${fields.join('\n')} }`,
              Object.fromEntries(cursors.map((cursor, index) => [`c${index}`, cursor])),
            )
            for (const error of errors ?? []) expect(told(error).code).toBe('BAD_USER_INPUT')
          },
        ),
        { numRuns: 25, seed: 20261122 },
      )
    },
  )
})
