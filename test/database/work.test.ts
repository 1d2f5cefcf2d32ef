import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import {
  type CreateClientOptions,
  createClient,
  type Database,
  openDatabase,
  pushSchema,
  startWork,
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
    create(query: object): Promise<unknown>
    count(query?: object): Promise<number>
    findUnique(query: object): Promise<unknown>
  }
  $queryRawUnsafe<Row>(sql: string, ...values: readonly unknown[]): Promise<readonly Row[]>
  $transaction<Result>(work: (client: Client) => Promise<Result>, options?: object): Promise<Result>
  $disconnect(): Promise<void>
}

const author = (name: string) => ({ data: { name, email: `${name}@example.com` } })
const sleep = (client: Client, seconds = 60) => client.$queryRawUnsafe(`SELECT pg_sleep(${seconds})::text`)

describe.each(kinds.filter(kind => kind === 'server'))('cancelling work on a %s', () => {
  let test: TestDatabase
  let database: Database

  beforeAll(async () => {
    test = await createTestDatabase('server')
    database = await openDatabase({ url: test.url, projectDir: project.directory })
    await pushSchema(database, readPreparedFiles(project))
  })
  afterAll(async () => {
    await database.close()
    await test.drop()
  })

  const open = (options?: CreateClientOptions, to = database) => {
    const client = createClient(to, PrismaClient, options) as unknown as Client
    onTestFinished(() => client.$disconnect())
    return client
  }

  /** What the server's backends of other connections than this one's do. */
  const backends = () =>
    database.query<{ state: string; query: string }>(
      `SELECT state, query FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'refract'`,
    )
  const untilRunning = (pattern: RegExp) =>
    expect
      .poll(async () =>
        (await backends()).some(({ state, query }) => state === 'active' && pattern.test(query)),
      )
      .toBe(true)

  it('ends a statement that is running', async () => {
    const client = open()
    const work = startWork()
    const sleeping = work.run(async () => sleep(client))
    const outcome = expect(sleeping).rejects.toThrow(/canceling statement due to user request/)
    await untilRunning(/pg_sleep/)
    work.cancel()
    await outcome
    expect((await backends()).filter(({ state }) => state === 'active')).toEqual([])
    expect(await client.author.count()).toBe(0)
  })

  it('ends all statements that run at once', async () => {
    const client = open({ poolSize: 3 })
    const work = startWork()
    const sleeping = work.run(() => Promise.allSettled([1, 2, 3].map(() => sleep(client))))
    await expect.poll(async () => (await backends()).filter(({ state }) => state === 'active').length).toBe(3)
    work.cancel()
    expect((await sleeping).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  })

  it('rolls back a transaction, and gives its connection back in good order', async () => {
    const client = open({ poolSize: 1 })
    const work = startWork()
    const writing = work.run(async () =>
      client.$transaction(async inner => {
        await inner.author.create(author('cancelled'))
        await sleep(inner)
      }),
    )
    const outcome = expect(writing).rejects.toThrow(/canceling statement/)
    await untilRunning(/pg_sleep/)
    work.cancel()
    await outcome
    expect(await client.author.count({ where: { name: 'cancelled' } })).toBe(0)
    expect((await backends()).map(({ state }) => state)).not.toContain('idle in transaction')
    expect((await backends()).length).toBeLessThanOrEqual(2)
  })

  it('sends no COMMIT any more', async () => {
    const client = open({ poolSize: 1 })
    const work = startWork()
    const writing = work.run(async () =>
      client.$transaction(async inner => {
        await inner.author.create(author('uncommitted'))
        work.cancel()
      }),
    )
    await expect(writing).rejects.toThrow()
    expect(await client.author.count({ where: { name: 'uncommitted' } })).toBe(0)
    expect((await backends()).map(({ state }) => state)).not.toContain('idle in transaction')
  })

  it('sends no further statement', async () => {
    const client = open({ poolSize: 1 })
    const work = startWork()
    const writing = work.run(async () =>
      client.$transaction(async inner => {
        work.cancel()
        await inner.author.create(author('late')).catch(() => undefined)
        await inner.author.create(author('later'))
      }),
    )
    await expect(writing).rejects.toThrow('cancelled before')
    await expect(work.run(async () => client.author.count())).rejects.toThrow('cancelled before')
    await expect(work.run(async () => client.$transaction(inner => inner.author.count()))).rejects.toThrow(
      'cancelled before',
    )
    expect(await client.author.count({ where: { name: { in: ['late', 'later'] } } })).toBe(0)
  })

  it('leaves a place in the queue for a connection', async () => {
    const client = open({ poolSize: 1 })
    const release = new AbortController()
    let noteHeld: () => void = () => undefined
    const held = new Promise<void>(resolve => {
      noteHeld = resolve
    })
    const holding = client.$transaction(async inner => {
      await inner.author.count()
      noteHeld()
      await wait(60_000, undefined, { signal: release.signal }).catch(() => undefined)
    })
    await held
    const work = startWork()
    const waiting = work.run(async () => client.author.count())
    const outcome = expect(waiting).rejects.toThrow('cancelled before')
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    work.cancel()
    release.abort()
    await holding
    await outcome
    expect(await client.author.count()).toBeGreaterThanOrEqual(0)
  })

  it('never ends a statement of anybody else, though connections go from one to the other', async () => {
    const client = open({ poolSize: 2 })
    const outcomes = { cancelled: 0, faster: 0, others: 0 }
    const round = async (index: number) => {
      const work = startWork()
      const short = work
        .run(async () =>
          index % 2 === 0
            ? client.$queryRawUnsafe('SELECT pg_sleep(0.002)::text')
            : client.$transaction(inner => inner.$queryRawUnsafe('SELECT pg_sleep(0.002)::text')),
        )
        .then(
          () => outcomes.faster++,
          () => outcomes.cancelled++,
        )
      await wait(index % 7)
      work.cancel()
      // not cancelled, so it must not fail
      await client.$queryRawUnsafe('SELECT pg_sleep(0.001)::text')
      outcomes.others++
      await short
    }
    const line = async (first: number) => {
      for (let index = first; index < 200; index += 4) await round(index)
    }
    await Promise.all([0, 1, 2, 3].map(line))
    expect(outcomes.others).toBe(200)
    expect(outcomes.cancelled).toBeGreaterThan(0)
    expect(outcomes.cancelled + outcomes.faster).toBe(200)
    expect((await backends()).map(({ state }) => state)).not.toContain('idle in transaction')
  })

  it('cuts the connection of a server that hangs, so that its place in the pool is free', async () => {
    const proxy = await startProxy(new URL(test.url))
    onTestFinished(() => proxy.close())
    const url = new URL(test.url)
    url.port = String(proxy.port)
    const through = await openDatabase({ url: url.href, projectDir: project.directory })
    onTestFinished(() => through.close())
    const client = open({ poolSize: 1 }, through)
    await client.author.count()
    const work = startWork()
    proxy.freeze()
    const hanging = work.run(async () => client.author.count())
    const outcome = expect(hanging).rejects.toThrow('Connection terminated')
    await expect.poll(proxy.dropped).toBeGreaterThan(0)
    work.cancel()
    await outcome
    proxy.thaw()
    expect(await client.author.count()).toBeGreaterThanOrEqual(0)
  })
})

describe.each(kinds)('work on a database of the kind %s', kind => {
  it('that is not cancelled is like any other', async () => {
    const test = await createTestDatabase(kind)
    onTestFinished(() => test.drop())
    const database = await openDatabase({ url: test.url, projectDir: project.directory })
    onTestFinished(() => database.close())
    await pushSchema(database, readPreparedFiles(project))
    const client = createClient(database, PrismaClient, { poolSize: 2 }) as unknown as Client
    onTestFinished(() => client.$disconnect())
    const work = startWork()
    await work.run(async () => client.$transaction(inner => inner.author.create(author('ann'))))
    await expect(work.run(async () => client.author.create(author('ann')))).rejects.toMatchObject({
      code: 'P2002',
    })
    expect(await work.run(async () => client.author.count())).toBe(1)
    work.cancel()
    expect(await client.author.count()).toBe(1)
  })
})

/** Passes bytes on to a PostgreSQL server, and none while it is frozen. */
async function startProxy(target: URL) {
  const sockets = new Set<Socket>()
  let isFrozen = false
  let dropped = 0
  const pass = (from: Socket, to: Socket) => {
    from.on('data', bytes => {
      if (isFrozen) dropped += bytes.length
      else to.write(bytes)
    })
    from.on('close', () => to.destroy())
    from.on('error', () => to.destroy())
    sockets.add(from)
  }
  const server: Server = createServer(socket => {
    const upstream = connect(Number(target.port || 5432), target.hostname)
    pass(socket, upstream)
    pass(upstream, socket)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    /** How many bytes were not passed on. */
    dropped: () => dropped,
    freeze: () => {
      isFrozen = true
    },
    thaw: () => {
      isFrozen = false
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
