import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWork } from '../../src/database/index.ts'
import { createLog } from '../../src/observe/log.ts'
import { type RunningServer, startServer } from '../../src/server/index.ts'
import { createTestEngine, fixture, type TestEngine } from '../support/engine.ts'
import { readAnswer } from '../support/http.ts'
import { captureLines } from './test-server.ts'

describe('hostile values on a real database (attack: variables)', () => {
  const { destination, lines } = captureLines()
  let api: TestEngine
  let server: RunningServer

  beforeAll(async () => {
    api = await createTestEngine({ project: fixture('library') })
    await api.query(
      'mutation { createAuthor(data: { name: "Ann", email: "ann@example.com" }) { author { id } } }',
    )
    server = await startServer({
      schema: api.engine.schema,
      createContext: ({ http }) => api.engine.createContext({ http }),
      startWork,
      ping: async () => undefined,
      port: 0,
      host: '127.0.0.1',
      isProduction: true,
      access: 'everyone',
      lingerMilliseconds: 0,
      limits: { bodyBytes: 20_000_000 },
      log: createLog({ isProduction: true, destination }),
    })
  })
  afterAll(async () => {
    await server.close()
    await api.close()
  })

  /** Sends variables as the very text given: `JSON.stringify` would not write all of them. */
  async function send(query: string, variables: string) {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json' },
      body: `{"query":${JSON.stringify(query)},"variables":${variables}}`,
    })
    return readAnswer(response)
  }

  const find = 'query ($w: AuthorFilter) { authors(where: $w) { totalCount } }'
  const create =
    'mutation ($d: AuthorCreateInput!) { createAuthor(data: $d) { author { id } errors { message } } }'
  const book = 'mutation ($d: BookCreateInput!) { createBook(data: $d) { book { id } errors { message } } }'
  const deep = (open: string, close: string, levels = 200_000) =>
    `${open.repeat(levels)}1${close.repeat(levels)}`

  it.each<[string, string, string]>([
    ['a NUL in a filter', find, '{"w":{"name":{"equals":"a\\u0000"}}}'],
    ['a NUL in a row', create, '{"d":{"name":"a\\u0000","email":"x@example.com"}}'],
    ['half of a surrogate pair in a filter', find, '{"w":{"name":{"contains":"\\ud83d"}}}'],
    ['half of a surrogate pair in a row', create, '{"d":{"name":"\\ude00","email":"x@example.com"}}'],
    ['`in` with 40,000 items', find, `{"w":{"name":{"in":[${Array(40_000).fill('"x"').join(',')}]}}}`],
    ['an Int past 32 bits', 'query ($n: Int) { authors(first: $n) { totalCount } }', '{"n":4294967296}'],
    ['an Int past 32 bits in a filter', find, '{"w":{"version":{"equals":2147483648}}}'],
    ['a filter 200,000 deep', find, `{"w":${deep('{"NOT":', '}')}}`],
    ['JSON 200,000 deep', book, `{"d":{"title":"x","extra":${deep('[', ']')}}}`],
    ['__proto__ in JSON', book, '{"d":{"title":"x","extra":{"a":[{"__proto__":{"x":1}}]}}}'],
    ['a filter of __proto__', find, '{"w":{"__proto__":{"name":{"equals":"Ann"}}}}'],
    ['a filter of constructor', find, '{"w":{"constructor":{"prototype":{"x":1}}}}'],
  ])('refuses %s with 4xx', async (_name, query, variables) => {
    const answer = await send(query, variables)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(({} as { x?: unknown; name?: unknown }).x).toBeUndefined()
    expect(({} as { name?: unknown }).name).toBeUndefined()
  })

  it('stored nothing of it, and called nothing a fault', async () => {
    expect(await api.sql('SELECT name FROM authors')).toEqual([{ name: 'Ann' }])
    expect(await api.sql('SELECT title FROM books')).toEqual([])
    expect(lines.filter(line => line.includes('"level":"error"'))).toEqual([])
  })

  it.each<[string, string, RegExp]>([
    ['a page of a billion', '{ authors(first: 1000000000) { nodes { id } } }', /at most 50000 are accepted/],
    ['a page that is larger than the largest', '{ authors(first: 101) { nodes { id } } }', /0 to 100 rows/],
    ['a negative page', '{ authors(first: -1) { nodes { id } } }', /0 to 100 rows/],
    ['a negative page from the end', '{ authors(last: -5) { nodes { id } } }', /0 to 100 rows/],
    ['a negative offset', '{ authors(offset: -1) { nodes { id } } }', /offset/],
    ['a huge offset', '{ authors(offset: 2147483647) { nodes { id } } }', /it can be 0 to \d+\./],
    ['an offset past 32 bits', '{ authors(offset: 99999999999) { nodes { id } } }', /32-bit/],
    [
      'three full pages inside of one another',
      '{ authors(first: 100) { nodes { books(first: 100) { nodes { author { books(first: 100) { nodes { id } } } } } } } }',
      /at most 50000 are accepted/,
    ],
  ])('names the limit for %s (attack: pages)', async (_name, query, message) => {
    const answer = await send(query, '{}')
    expect(answer.status).toBe(400)
    expect(answer.errors[0]?.message).toMatch(message)
  })

  it('tells nothing of a database that has changed under its feet (attack: error leaks)', async () => {
    await api.sql('ALTER TABLE authors RENAME TO moved')
    for (const query of [
      '{ authors { nodes { name } } }',
      'mutation { createAuthor(data: { name: "x", email: "x@example.com" }) { author { id } } }',
    ]) {
      const { status, errors } = await send(query, '{}')
      expect(status).toBe(500)
      expect(errors.map(({ message }) => message)).toEqual(['Internal server error'])
      expect(JSON.stringify(errors.map(({ extensions }) => extensions))).toMatch(
        /^\[\{"code":"INTERNAL","id":"[0-9a-f-]{36}"\}\]$/,
      )
    }
    expect(lines.filter(line => line.includes('"level":"error"'))).toHaveLength(2)
  })
})
