import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type CreateClientOptions, startWork } from '../../src/database/index.ts'
import { administrator } from '../../src/engine/index.ts'
import { silentLog } from '../../src/observe/log.ts'
import { type ServerOptions, startServer } from '../../src/server/index.ts'
import { findDatabaseKinds } from '../support/database.ts'
import { createTestEngine, fixture, type TestEngine } from '../support/engine.ts'
import { graphqlFetch } from '../support/http.ts'

const kinds = await findDatabaseKinds()
const query = '{ authors { nodes { name } totalCount } }'
const mutation = (name: string) =>
  `mutation { createAuthor(data: { name: "${name}", email: "${name}@example.com" }) { author { name } errors { message } } }`

/** The API of the library, served over HTTP from a database of its own. */
async function serve(api: TestEngine, options: Partial<ServerOptions> = {}): Promise<string> {
  const server = await startServer({
    schema: api.engine.schema,
    createContext: ({ http }) => api.engine.createContext({ http, viewer: administrator }),
    startWork,
    ping: async () => undefined,
    port: 0,
    host: '127.0.0.1',
    isProduction: true,
    access: 'everyone',
    lingerMilliseconds: 0,
    log: silentLog,
    ...options,
  })
  onTestFinished(() => server.close())
  return server.url
}

describe.each(kinds.filter(kind => kind === 'server'))('an operation on a %s that is busy', kind => {
  let api: TestEngine
  const clientOptions: CreateClientOptions = { poolSize: 1, connectTimeoutMilliseconds: 300 }

  beforeAll(async () => {
    api = await createTestEngine({ project: fixture('library'), kind, clientOptions })
  })
  afterAll(() => api.close())

  /** Locks the authors until the function that it returns is called. */
  async function lockAuthors(): Promise<() => Promise<void>> {
    const client = new pg.Client(api.database.url)
    await client.connect()
    await client.query('BEGIN; LOCK TABLE authors IN ACCESS EXCLUSIVE MODE')
    let isOpen = true
    const unlock = async () => {
      if (isOpen) await client.end()
      isOpen = false
    }
    onTestFinished(unlock)
    return unlock
  }
  const waiting = async () =>
    (
      await api.sql(
        `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      )
    ).length
  const inTransaction = async () =>
    (
      await api.sql(
        `SELECT 1 FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND application_name = 'refract' AND datname = current_database()`,
      )
    ).length

  it.each([
    ['a query', query],
    ['a mutation', mutation('late')],
  ])(
    'is ended in the database when its time is over, and the next one gets its connection: %s',
    async (_name, text) => {
      const url = await serve(api, { operationMilliseconds: 300 })
      const unlock = await lockAuthors()
      const answer = await graphqlFetch(url, text)
      expect(answer).toMatchObject({ status: 503, data: undefined })
      expect(answer.errors).toMatchObject([{ extensions: { code: 'TIMEOUT' } }])
      await expect.poll(waiting).toBe(0)
      expect(await inTransaction()).toBe(0)
      await unlock()
      expect((await graphqlFetch(url, query)).data).toMatchObject({ authors: { totalCount: 0 } })
    },
  )

  it('is ended in the database when its client goes away', async () => {
    const url = await serve(api)
    const unlock = await lockAuthors()
    const leave = new AbortController()
    const request = fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query: mutation('gone') }),
      signal: leave.signal,
    })
    await expect.poll(waiting).toBe(1)
    leave.abort()
    await expect(request).rejects.toThrow()
    await expect.poll(waiting).toBe(0)
    await unlock()
    expect((await graphqlFetch(url, query)).data).toMatchObject({ authors: { totalCount: 0 } })
    expect(await inTransaction()).toBe(0)
  })

  it.each([
    ['a query', query],
    ['a mutation', mutation('waiting')],
  ])('that gets no connection in time is UNAVAILABLE, and may come again: %s', async (_name, text) => {
    const url = await serve(api)
    const unlock = await lockAuthors()
    // one statement: a second one would have to wait as well
    const holding = graphqlFetch(url, '{ authors { nodes { name } } }')
    await expect.poll(waiting).toBe(1)
    const answer = await graphqlFetch(url, text)
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(answer.errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }])
    await unlock()
    expect((await holding).status).toBe(200)
    expect((await graphqlFetch(url, query)).data).toMatchObject({ authors: { totalCount: 0 } })
  })
})

describe.each(kinds.filter(kind => kind === 'embedded'))('an operation on the %s database', kind => {
  it('is answered in time, too, though its statement runs on', async () => {
    const api = await createTestEngine({ project: fixture('library'), kind })
    onTestFinished(() => api.close())
    const url = await serve(api, { operationMilliseconds: 300 })
    const client = new pg.Client(api.database.url)
    await client.connect()
    onTestFinished(() => client.end())
    // whoever has opened a transaction has the one backend
    await client.query('BEGIN')
    expect(await graphqlFetch(url, query)).toMatchObject({
      status: 503,
      errors: [{ extensions: { code: 'TIMEOUT' } }],
    })
    await client.query('COMMIT')
    expect((await graphqlFetch(url, query)).status).toBe(200)
  })
})
