import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  type CreateClientOptions,
  countStatements,
  createClient,
  type Database,
  observeStatements,
  openDatabase,
  pushSchema,
} from '../../src/database/index.ts'
import { generateProject, loadProject, openProject, readPreparedFiles } from '../../src/project/index.ts'
import { createTestDatabase, findDatabaseKinds, type TestDatabase } from '../support/database.ts'
import { fixture } from '../support/engine.ts'

const project = openProject(fixture('library'))
await generateProject(project)
const { PrismaClient } = await loadProject(project)
const kinds = await findDatabaseKinds()

/** The part of the generated client that these tests use. */
type Client = {
  readonly author: {
    findMany(query?: object): Promise<readonly { readonly id: string; readonly name: string }[]>
    create(query: object): Promise<unknown>
    count(): Promise<number>
  }
  $queryRawUnsafe<Row>(sql: string, ...values: readonly unknown[]): Promise<readonly Row[]>
  $transaction<Result>(work: (client: Client) => Promise<Result>, options?: object): Promise<Result>
  $transaction(work: readonly Promise<unknown>[]): Promise<readonly unknown[]>
  $disconnect(): Promise<void>
}

const author = (name: string) => ({ data: { name, email: `${name}@example.com` } })

describe.each(kinds)('a client on a database of the kind %s', kind => {
  let test: TestDatabase
  let database: Database
  let client: Client

  beforeAll(async () => {
    test = await createTestDatabase(kind)
    database = await openDatabase({ url: test.url, projectDir: project.directory })
    await pushSchema(database, readPreparedFiles(project))
    client = connect()
    await client.author.create(author('ann'))
  })
  afterAll(async () => {
    await client.$disconnect()
    await database.close()
    await test.drop()
  })

  const connect = (options?: CreateClientOptions, to = database) =>
    createClient(to, PrismaClient, options) as unknown as Client

  /** What reached `pg`, beside what was reported. */
  async function compare(work: () => Promise<unknown>) {
    const spy = vi.spyOn(pg.Client.prototype, 'query')
    onTestFinished(() => spy.mockRestore())
    const { statements, queries } = await countStatements(work)
    const sent = spy.mock.calls.map(([query]) => (query as unknown as pg.QueryConfig).text)
    return { reported: statements.map(({ sql }) => sql), sent, queries, statements }
  }

  it.each<[string, number, () => Promise<unknown>]>([
    ['a list', 1, () => client.author.findMany()],
    [
      'a list with two relations',
      3,
      () =>
        client.author.findMany({ include: { books: true, reviews: true }, relationLoadStrategy: 'query' }),
    ],
    [
      'a list with two relations by join',
      1,
      () => client.author.findMany({ include: { books: true, reviews: true }, relationLoadStrategy: 'join' }),
    ],
    ['plain SQL', 1, () => client.$queryRawUnsafe('SELECT $1::int AS one', 1)],
    ['a batch', 2, () => client.$transaction([client.author.count(), client.author.findMany()])],
    [
      'a transaction',
      2,
      () => client.$transaction(async inner => [await inner.author.count(), await inner.author.count()]),
    ],
    [
      'an isolated transaction',
      1,
      () => client.$transaction(inner => inner.author.count(), { isolationLevel: 'Serializable' }),
    ],
  ])('reports every statement of %s', async (_, count, work) => {
    const { reported, sent, queries } = await compare(work)
    expect(reported).toEqual(sent)
    expect(queries).toHaveLength(count)
  })

  it('reports a transaction that is rolled back, and which statement failed', async () => {
    const { reported, sent, statements } = await compare(() =>
      client
        .$transaction(async inner => {
          await inner.author.create(author('bob'))
          await inner.author.create(author('ann'))
        })
        .catch((error: unknown) => expect(error).toMatchObject({ code: 'P2002' })),
    )
    expect(reported).toEqual(sent)
    expect(reported[0]).toBe('BEGIN')
    expect(reported.at(-1)).toBe('ROLLBACK')
    expect(statements.filter(({ isError }) => isError)).toHaveLength(1)
    expect(await client.author.count()).toBe(1)
  })

  it('reports to whoever began the work, also when it has to wait for a connection', async () => {
    const narrow = connect({ poolSize: 1 })
    onTestFinished(() => narrow.$disconnect())
    const counts = await Promise.all(
      [1, 2, 3, 4].map(turns =>
        countStatements(async () => {
          for (let turn = 0; turn < turns; turn++) await narrow.$queryRawUnsafe(`SELECT ${turns} AS turns`)
        }),
      ),
    )
    expect(counts.map(({ queries }) => queries.map(({ sql }) => sql))).toEqual(
      [1, 2, 3, 4].map(turns => Array.from({ length: turns }, () => `SELECT ${turns} AS turns`)),
    )
  })

  it('reports to outer observers as well', async () => {
    const seen: string[] = []
    const { queries } = await countStatements(() =>
      observeStatements(
        ({ sql }) => seen.push(sql),
        () => client.$queryRawUnsafe('SELECT 1'),
      ),
    )
    expect(seen).toEqual(['SELECT 1'])
    expect(queries).toHaveLength(1)
  })

  it('reads on while a transaction is open, and sees its rows when it has ended', async () => {
    const before = await client.author.count()
    const counts = await client.$transaction(async inner => {
      await inner.author.create(author('carl'))
      // Behind the embedded database these wait until the transaction is over; nothing may wait for them in turn.
      const outside = [client.author.count(), client.author.count()]
      expect(await inner.author.count()).toBe(before + 1)
      return outside
    })
    for (const count of await Promise.all(counts)) expect(count).toBeGreaterThanOrEqual(before)
    expect(await client.author.count()).toBe(before + 1)
  })

  it('ends a transaction that takes too long, and goes on', async () => {
    const hasty = connect({ transactionTimeoutMilliseconds: 100 })
    onTestFinished(() => hasty.$disconnect())
    const before = await client.author.count()
    await expect(
      hasty.$transaction(async inner => {
        await inner.author.create(author('late'))
        await inner.$queryRawUnsafe('SELECT pg_sleep(0.3)::text')
        await inner.author.count()
      }),
    ).rejects.toMatchObject({ code: 'P2028' })
    expect(await client.author.count()).toBe(before)
  })

  it('holds no connection that its process would wait for once it is disconnected', async () => {
    const other = connect()
    await other.author.count()
    await other.$disconnect()
    expect(await client.author.count()).toBeGreaterThan(0)
  })
})

describe.each(kinds.filter(kind => kind === 'server'))('a client on a %s', () => {
  /** A database that is dropped when the test is over, opened with further parameters in its address. */
  async function open(
    parameters: string,
    prepare: (sql: (text: string) => Promise<unknown>) => Promise<unknown> = async () => undefined,
  ) {
    const test = await createTestDatabase('server')
    onTestFinished(() => test.drop())
    const plain = new pg.Client(test.url)
    await plain.connect()
    await prepare(text => plain.query(text.replace('THIS', new URL(test.url).pathname.slice(1))))
    await plain.end()
    const database = await openDatabase({ url: `${test.url}?${parameters}`, projectDir: project.directory })
    onTestFinished(() => database.close())
    return database
  }
  const connect = (database: Database, options?: CreateClientOptions) => {
    const client = createClient(database, PrismaClient, options) as unknown as Client
    onTestFinished(() => client.$disconnect())
    return client
  }

  it('reads times right whatever the time zone of the server', async () => {
    const client = connect(await open('', sql => sql(`ALTER DATABASE "THIS" SET TimeZone = 'Asia/Tokyo'`)))
    const [row] = await client.$queryRawUnsafe<{ at: Date }>(
      `SELECT '2024-01-01T00:00:00Z'::timestamptz AS at`,
    )
    expect(row?.at).toEqual(new Date('2024-01-01T00:00:00Z'))
  })

  it('works in the schema that the address names', async () => {
    const database = await open('schema=other%20one')
    await pushSchema(database, readPreparedFiles(project))
    const client = connect(database)
    await client.author.create(author('ann'))
    expect(await client.$queryRawUnsafe('SELECT name FROM "other one".authors')).toEqual([{ name: 'ann' }])
    expect(await client.$queryRawUnsafe('SELECT name FROM authors')).toEqual([{ name: 'ann' }])
  })

  it('opens no more connections than the address allows', async () => {
    const database = await open('connection_limit=2')
    const client = connect(database, { poolSize: 20 })
    await Promise.all(Array.from({ length: 20 }, () => client.$queryRawUnsafe('SELECT pg_sleep(0.02)::text')))
    const [row] = await database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity
       WHERE datname = current_database() AND query LIKE '%pg_sleep(0.02)%' AND pid <> pg_backend_pid()`,
    )
    expect(row?.count).toBe(2)
  })

  it('ends statements that take too long', async () => {
    const client = connect(await open(''), { statementTimeoutMilliseconds: 100 })
    await expect(client.$queryRawUnsafe('SELECT pg_sleep(5)::text')).rejects.toThrow(/statement timeout/)
  })
})
