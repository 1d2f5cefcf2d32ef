import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import {
  connectClient,
  countStatements,
  type Database,
  openDatabase,
  startWork,
} from '../../src/database/index.ts'
import { generateProject, loadProject, openProject } from '../../src/project/index.ts'
import { createTestDatabase, findDatabaseKinds, type TestDatabase } from '../support/database.ts'
import { fixture } from '../support/engine.ts'

const project = openProject(fixture('library'))
await generateProject(project)
const { PrismaClient } = await loadProject(project)
const kinds = await findDatabaseKinds()
const timeout = 30_000

describe.each(kinds)('a transaction without Prisma on a database of the kind %s', kind => {
  let test: TestDatabase
  let database: Database

  let plain: ReturnType<typeof connect>
  beforeAll(async () => {
    test = await createTestDatabase(kind)
    database = await openDatabase({ url: test.url, projectDir: project.directory })
    plain = connect(1)
    await plain.readText(
      'CREATE TABLE note (id int PRIMARY KEY, next int REFERENCES note DEFERRABLE INITIALLY DEFERRED)',
      [],
    )
  })
  beforeEach(() => plain.readText('TRUNCATE note', []))
  afterAll(async () => {
    await plain?.client.$disconnect()
    await database.close()
    await test.drop()
  })

  function connect(poolSize: number) {
    return connectClient<{ $disconnect(): Promise<void> }>(database, PrismaClient, { poolSize })
  }

  function open(poolSize = 1) {
    const connected = connect(poolSize)
    onTestFinished(() => connected.client.$disconnect())
    return connected
  }

  const count = 'SELECT count(*)::text FROM note'
  const insert = 'INSERT INTO note VALUES ($1::int, $2::int) RETURNING id::text'

  it('gives rows of texts, and how many there are', async () => {
    const { transact, readText } = open()
    const { result, statements } = await countStatements(() =>
      transact(
        async send => [await send(insert, [1, null]), await send('DELETE FROM note WHERE id > $1::int', [5])],
        { timeout },
      ),
    )
    expect(result).toEqual([
      { rows: [['1']], count: 1 },
      { rows: [], count: 0 },
    ])
    expect(statements.map(({ sql }) => sql.split(' ')[0])).toEqual(['BEGIN', 'INSERT', 'DELETE', 'COMMIT'])
    expect(await readText(count, [])).toBe('1')
  })

  it('leaves nothing where its work throws, a statement fails or a constraint speaks at the end', async () => {
    const { transact, readText } = open()
    const failing = [
      async () => Promise.reject(new Error('changed my mind')),
      async (send: Parameters<Parameters<typeof transact>[0]>[0]) => send('SELECT nothing', []),
      async (send: Parameters<Parameters<typeof transact>[0]>[0]) => send(insert, [2, 3]),
    ]
    const messages = ['changed my mind', 'column "nothing" does not exist', 'violates foreign key constraint']
    for (const [index, last] of failing.entries()) {
      const transaction = transact(
        async send => {
          await send(insert, [1, null])
          return last(send)
        },
        { timeout },
      )
      await expect(transaction).rejects.toThrow(messages[index])
      expect(await readText(count, [])).toBe('0')
    }
  })

  it('sends nothing more when its time is over', async () => {
    const { transact, readText } = open()
    const late = transact(send => send(insert, [1, null]), { timeout: -1 })
    await expect(late).rejects.toMatchObject({ code: '57014' })
    expect(await readText(count, [])).toBe('0')
  })

  it('belongs to the work that it is for, and is not committed once that is cancelled', async () => {
    const { transact, readText } = open()
    const [cancelled, other] = [startWork(), startWork()]
    const halfway = transact(
      async send => {
        await send(insert, [1, null])
        cancelled.cancel()
        return null
      },
      { timeout, owner: cancelled },
    )
    await expect(halfway).rejects.toThrow('cancelled before')
    await expect(transact(async () => null, { timeout, owner: cancelled })).rejects.toThrow(
      'cancelled before',
    )
    await cancelled.run(() => transact(send => send(insert, [2, null]), { timeout, owner: other }))
    expect(await readText(count, [])).toBe('1')
  })

  if (kind === 'server')
    it('is ended with its work, in the middle of a statement', async () => {
      const { transact, readText } = open(2)
      const work = startWork()
      const sleeping = transact(send => send('SELECT pg_sleep(60)::text', []), { timeout, owner: work })
      const outcome = expect(sleeping).rejects.toMatchObject({ code: '57014' })
      const isAsleep = `SELECT count(*)::text FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND datname = current_database()`
      await expect.poll(() => readText(isAsleep, [])).toBe('1')
      work.cancel()
      await outcome
      expect(await readText(`SELECT 'a'`, [])).toBe('a')
    })

  if (kind === 'server')
    it('says that nobody knows, where the connection breaks at the COMMIT', async () => {
      const { transact, readText } = open()
      await readText(
        `CREATE FUNCTION hang_up() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$`,
        [],
      )
      await readText(
        `CREATE CONSTRAINT TRIGGER hang_up AFTER INSERT ON note DEFERRABLE INITIALLY DEFERRED
       FOR EACH ROW EXECUTE FUNCTION hang_up()`,
        [],
      )
      const lost = transact(send => send(insert, [1, null]), { timeout })
      await expect(lost).rejects.toMatchObject({ name: 'CommitLost', isOutcomeUnknown: true })
      expect(await readText(count, [])).toBe('0')
    })
})
