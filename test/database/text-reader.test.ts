import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import {
  type Connected,
  connectClient,
  countStatements,
  type Database,
  openDatabase,
  startWork,
} from '../../src/database/index.ts'
import { PreparedStatements } from '../../src/database/prepared-statements.ts'
import { createTextReader } from '../../src/database/text-reader.ts'
import { WorkPool } from '../../src/database/work-pool.ts'
import { generateProject, loadProject, openProject } from '../../src/project/index.ts'
import { createTestDatabase, findDatabaseKinds, type TestDatabase } from '../support/database.ts'
import { fixture } from '../support/engine.ts'

const project = openProject(fixture('library'))
await generateProject(project)
const { PrismaClient } = await loadProject(project)
const kinds = await findDatabaseKinds()

describe.each(kinds)('reading a text on a database of the kind %s', kind => {
  let test: TestDatabase
  let database: Database

  beforeAll(async () => {
    test = await createTestDatabase(kind)
    database = await openDatabase({ url: test.url, projectDir: project.directory })
  })
  afterAll(async () => {
    await database.close()
    await test.drop()
  })

  const open = (poolSize = 1): Connected<unknown>['readText'] => {
    const { client, readText } = connectClient(database, PrismaClient, { poolSize })
    onTestFinished(() => client.$disconnect())
    return readText
  }

  it('gives the first column of the first row, and null without a row or a value', async () => {
    const readText = open()
    expect(await readText(`SELECT 'a', 'b' UNION ALL SELECT 'c', 'd' ORDER BY 1`, [])).toBe('a')
    expect(await readText('SELECT NULL::text', [])).toBeNull()
    expect(await readText(`SELECT 'a' WHERE false`, [])).toBeNull()
  })

  it('sends each kind of value, also where the statement is prepared by now', async () => {
    const readText = open()
    const sql = `SELECT concat_ws('|', $1::text, $2::int, $3::boolean, $4::text[]::text, $5::bytea::text, $6::text)`
    const values = ['ä"\\', 7, true, ['x,y', null, '"'], Buffer.from('ab'), null]
    for (let time = 0; time < 4; time += 1)
      expect(await readText(sql, values)).toBe('ä"\\|7|t|{"x,y",NULL,"\\""}|\\x6162')
  })

  it('rejects with what PostgreSQL says, and the connection goes on', async () => {
    const readText = open()
    const divide = 'SELECT (1 / $1::int)::text'
    for (let time = 0; time < 3; time += 1) {
      await expect(readText(divide, [0])).rejects.toMatchObject({ code: '22012', severity: 'ERROR' })
      expect(await readText(divide, [1])).toBe('1')
    }
    await expect(readText('SELECT nothing', [])).rejects.toMatchObject({ code: '42703' })
    await expect(readText('SELECT $1::text', [])).rejects.toMatchObject({ code: '08P01' })
    expect(await readText(divide, [1])).toBe('1')
  })

  it('rejects a value that cannot be sent, and nothing waits for it', async () => {
    const readText = open()
    const value = {
      toPostgres() {
        throw new Error('not to be sent')
      },
    }
    await expect(readText('SELECT $1::text', [value])).rejects.toThrow('not to be sent')
    expect(await readText('SELECT $1::text', ['a'])).toBe('a')
  })

  it('tells whoever observes statements', async () => {
    const readText = open()
    const { statements } = await countStatements(() => readText('SELECT $1::text', ['a']))
    expect(statements).toMatchObject([{ sql: 'SELECT $1::text', parameterCount: 1, isError: false }])
  })

  it('belongs to the work that it is read for, wherever it is read', async () => {
    const readText = open()
    const [cancelled, other] = [startWork(), startWork()]
    cancelled.cancel()
    await expect(readText(`SELECT 'a'`, [], cancelled)).rejects.toThrow('cancelled before')
    await expect(other.run(() => readText(`SELECT 'a'`, [], cancelled))).rejects.toThrow('cancelled before')
    expect(await cancelled.run(() => readText(`SELECT 'a'`, [], other))).toBe('a')
    await expect(cancelled.run(() => readText(`SELECT 'a'`, []))).rejects.toThrow('cancelled before')
  })

  if (kind === 'server')
    it('goes on with another connection where one ends', async () => {
      const readText = open()
      const end = 'SELECT pg_terminate_backend(pg_backend_pid())::text'
      for (let time = 0; time < 3; time += 1) {
        await expect(readText(end, [])).rejects.toMatchObject({ code: '57P01' })
        expect(await readText(`SELECT 'a'`, [])).toBe('a')
      }
    })

  if (kind === 'server')
    it('fails where the connection is cut without a word, and nothing else does', async () => {
      const pool = new WorkPool({ ...database.poolConfig, max: 1, canCancel: true })
      onTestFinished(() => pool.end())
      const readText = createTextReader(pool, new PreparedStatements(true))
      pool.once('acquire', client => {
        const { connection } = client as unknown as { connection: { stream: { destroy(): void } } }
        setImmediate(() => connection.stream.destroy())
      })
      await expect(readText('SELECT pg_sleep(0.2)::text', [])).rejects.toThrow('Connection terminated')
      expect(await readText(`SELECT 'a'`, [])).toBe('a')
    })

  if (kind === 'server')
    it('is ended with its work', async () => {
      const readText = open(2)
      const work = startWork()
      const sleeping = readText('SELECT pg_sleep(60)::text', [], work)
      const outcome = expect(sleeping).rejects.toMatchObject({ code: '57014' })
      const isAsleep = `SELECT count(*)::text FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND datname = current_database()`
      await expect.poll(() => readText(isAsleep, [])).toBe('1')
      work.cancel()
      await outcome
      expect(await readText(`SELECT 'a'`, [])).toBe('a')
    })
})
