import { once } from 'node:events'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { startWorker } from '../../src/database/embedded/start-worker.ts'
import { findTemplate } from '../../src/database/embedded/template.ts'
import { createTestDatabase, openTestPool, type TestDatabase } from '../support/database.ts'
import { connectWireClient, message, zeros } from './wire-client.ts'

describe('the server of the embedded database', () => {
  let database: TestDatabase
  let pool: pg.Pool
  let close: () => Promise<void>

  beforeAll(async () => {
    database = await createTestDatabase('embedded')
    ;({ pool, close } = openTestPool(database))
  })
  afterAll(async () => {
    await close()
    await database.drop()
  })
  beforeEach(async () => {
    await pool.query('DROP TABLE IF EXISTS item; CREATE TABLE item (id int PRIMARY KEY, name text)')
  })

  const bindExecuteSync = [message('B', '', '', zeros(6)), message('E', '', zeros(4)), message('S')]

  it('keeps the messages of a pipeline together when another client talks in between', async () => {
    const client = await connectWireClient(database.url)
    client.send(message('P', '', "SELECT 'mine'", zeros(2)))
    expect((await pool.query('SELECT $1::text AS name', ['other'])).rows).toEqual([{ name: 'other' }])
    client.send(...bindExecuteSync)
    expect(await client.receive('Z')).toContain('mine')
    client.socket.destroy()
  })

  it('lets a pipeline that was flushed end before others go on', async () => {
    const client = await connectWireClient(database.url)
    client.send(message('P', '', "SELECT 'mine'", zeros(2)), message('H'))
    await client.receive('1')
    const other = pool.query('SELECT $1::text AS name', ['other'])
    client.send(...bindExecuteSync)
    expect(await client.receive('Z')).toContain('mine')
    expect((await other).rows).toEqual([{ name: 'other' }])
    client.socket.destroy()
  })

  it('lets others go on when a client vanishes in the middle of a pipeline', async () => {
    const client = await connectWireClient(database.url)
    client.send(message('P', '', 'SELECT 1', zeros(2)), message('H'))
    await client.receive('1')
    client.socket.destroy()
    expect((await pool.query('SELECT $1::text AS name', ['other'])).rows).toEqual([{ name: 'other' }])
  })

  it('rolls back the transaction of a client that vanishes', async () => {
    const client = await connectWireClient(database.url)
    client.send(message('Q', 'BEGIN'))
    await client.receive('Z')
    client.send(message('Q', "INSERT INTO item VALUES (1, 'lost')"))
    await client.receive('Z')
    const waiting = pool.query('SELECT count(*)::int AS count FROM item')
    client.socket.destroy()
    expect((await waiting).rows).toEqual([{ count: 0 }])
  })

  it('rolls back also when the client vanishes before its BEGIN was answered', async () => {
    for (let turn = 0; turn < 20; turn++) {
      const client = await connectWireClient(database.url)
      client.send(message('Q', 'BEGIN'), message('Q', `INSERT INTO item VALUES (${turn}, 'lost')`))
      client.socket.destroy()
    }
    expect((await pool.query('SELECT count(*)::int AS count FROM item')).rows).toEqual([{ count: 0 }])
  })

  it('isolates transactions from the reads of a full pool, and nobody waits for ever', async () => {
    const write = async (id: number) => {
      const client = await pool.connect()
      await client.query('BEGIN')
      await client.query('INSERT INTO item VALUES ($1, $2)', [id, `name ${id}`])
      const { rows } = await client.query('SELECT name FROM item WHERE id = $1', [id])
      await client.query(id % 2 === 0 ? 'COMMIT' : 'ROLLBACK')
      client.release()
      return rows[0].name === `name ${id}`
    }
    const read = async (id: number) => {
      const { rows } = await pool.query(
        id % 2 === 0 ? 'SELECT $1::int AS value' : 'SELECT $1::text AS value, 1 AS one',
        [id],
      )
      return Number(rows[0].value) === id
    }
    const results = await Promise.all(
      Array.from({ length: 600 }, (_, id) => (id % 6 < 2 ? write(id) : read(id))),
    )
    expect(results.every(isRight => isRight)).toBe(true)
    expect((await pool.query('SELECT count(*)::int AS count FROM item')).rows).toEqual([{ count: 100 }])
  })

  it('throws out who keeps a transaction open and says nothing while others wait', async () => {
    const template = await findTemplate()
    const worker = await startWorker({
      port: 0,
      idleTransactionMilliseconds: 50,
      ...(template ? { template } : {}),
    })
    onTestFinished(() => worker.close())
    const url = `postgresql://postgres@127.0.0.1:${worker.port}/postgres`
    const [idle, other] = [new pg.Client(url), new pg.Client(url)]
    // Two errors: the server's, and that the connection is gone.
    const farewell = new Promise<Error>(resolve => idle.on('error', resolve))
    await Promise.all([idle.connect(), other.connect()])
    await idle.query('BEGIN')
    await idle.query('CREATE TABLE lost (id int)')
    expect((await other.query("SELECT to_regclass('lost') AS found")).rows).toEqual([{ found: null }])
    expect((await farewell).message).toContain('idle-in-transaction timeout')
    await other.end()
  })

  it('takes and gives values of many megabytes', async () => {
    const text = 'ü'.repeat(5_000_000)
    const { rows } = await pool.query('SELECT $1::text AS text', [text])
    expect(rows[0].text === text).toBe(true)
  })

  it('does what a client asked for that says good-bye without waiting', async () => {
    const client = await connectWireClient(database.url)
    client.send(message('Q', "INSERT INTO item VALUES (1, 'kept')"), message('Q', 'SELECT 1'), message('X'))
    await once(client.socket, 'close')
    expect((await pool.query('SELECT name FROM item')).rows).toEqual([{ name: 'kept' }])
  })

  it('forgets what a client has set when that client goes', async () => {
    const client = new pg.Client(database.url)
    await client.connect()
    await client.query("SELECT set_config('search_path', '', false)")
    await client.query("SET TimeZone = 'Asia/Tokyo'")
    await client.end()
    const { rows } = await pool.query("SELECT current_setting('TimeZone') AS zone, count(*)::int FROM item")
    expect(rows).toEqual([{ zone: 'UTC', count: 0 }])
  })

  it('copies rows in from a client', async () => {
    const client = await connectWireClient(database.url)
    client.send(message('Q', '-- rows\nCOPY item FROM STDIN'))
    await client.receive('G')
    client.send(message('d', Buffer.from('1\tone\n2\t')), message('d', Buffer.from('two\n')), message('c'))
    expect(await client.receive('Z')).toContain('COPY 2')
    expect((await pool.query('SELECT name FROM item ORDER BY id')).rows).toEqual([
      { name: 'one' },
      { name: 'two' },
    ])
    client.socket.destroy()
  })

  it('refuses rows that do not fit and a copy that the client breaks off', async () => {
    const client = await connectWireClient(database.url)
    for (const end of [[message('d', Buffer.from('x\ty\n')), message('c')], [message('f', 'enough')]]) {
      client.send(message('Q', 'copy item from stdin'))
      await client.receive('G')
      client.send(...end)
      expect(await client.receive('Z')).toMatch(/invalid input syntax|enough/)
    }
    expect((await pool.query('SELECT count(*)::int AS count FROM item')).rows).toEqual([{ count: 0 }])
    client.socket.destroy()
  })

  it('survives a copy that is prepared as a statement', async () => {
    await expect(pool.query({ text: 'COPY item FROM STDIN', name: 'copy', values: [] })).rejects.toThrow(
      /syntax error/,
    )
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  })

  it('offers the common extensions', async () => {
    for (const name of [
      'pg_trgm',
      'citext',
      'uuid-ossp',
      'pgcrypto',
      'hstore',
      'ltree',
      'btree_gin',
      'unaccent',
    ]) {
      await pool.query(`CREATE EXTENSION IF NOT EXISTS "${name}"`)
    }
    expect((await pool.query("SELECT similarity('word', 'words') > 0.5 AS is_like")).rows).toEqual([
      { is_like: true },
    ])
  })
})
