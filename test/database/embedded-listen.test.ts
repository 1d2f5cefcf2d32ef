import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import {
  createTestDatabase,
  findDatabaseKinds,
  openTestPool,
  type TestDatabase,
} from '../support/database.ts'
import { connectWireClient, message, zeros } from './wire-client.ts'

// What PostgreSQL does is the measure of what the embedded database's server does.
describe.each(await findDatabaseKinds())('LISTEN and NOTIFY on a database of the kind %s', kind => {
  let database: TestDatabase
  let pool: pg.Pool
  let close: () => Promise<void>

  beforeAll(async () => {
    database = await createTestDatabase(kind)
    ;({ pool, close } = openTestPool(database))
  })
  afterAll(async () => {
    await close()
    await database.drop()
  })

  /** A client that keeps what it is notified of, and can wait for it without a poll of its own. */
  const connectListener = async (...statements: readonly string[]) => {
    const client = new pg.Client(database.url)
    const heard: string[] = []
    let hear: () => void = () => undefined
    client.on('notification', ({ channel, payload }) => {
      heard.push(`${channel}:${payload}`)
      hear()
    })
    await client.connect()
    onTestFinished(() => client.end())
    for (const statement of statements) await client.query(statement)
    const next = (length: number) =>
      new Promise<readonly string[]>(resolve => {
        hear = () => {
          if (heard.length >= length) resolve(heard)
        }
        hear()
      })
    return { client, heard, next }
  }
  const notify = (channel: string, payload = '') => pool.query('SELECT pg_notify($1, $2)', [channel, payload])

  it('tells an idle client of what another connection has notified, with nothing being asked', async () => {
    const { next } = await connectListener('LISTEN one')
    await notify('other', 'x')
    await notify('one', 'a')
    await pool.query("NOTIFY one, 'b'")
    expect(await next(2)).toEqual(['one:a', 'one:b'])
  })

  it('tells after the commit only, each channel and payload once, and nothing of a rollback', async () => {
    const { client, heard, next } = await connectListener('LISTEN one')
    const writer = await pool.connect()
    await writer.query('BEGIN')
    await writer.query("SELECT pg_notify('one', 'lost')")
    await writer.query('ROLLBACK')
    await writer.query('BEGIN')
    for (let turn = 0; turn < 3; turn++) await writer.query("SELECT pg_notify('one', 'kept')")
    expect(heard).toEqual([])
    await writer.query('COMMIT')
    writer.release()
    await notify('one', 'last')
    expect(await next(2)).toEqual(['one:kept', 'one:last'])
    await client.query('SELECT 1')
    expect(heard).toHaveLength(2)
  })

  it('tells all clients that listen, also the one that notifies', async () => {
    const listeners = [await connectListener('LISTEN one'), await connectListener('listen ONE; SELECT 1')]
    await listeners[0]?.client.query("NOTIFY one, 'mine'")
    for (const { next } of listeners) expect(await next(1)).toEqual(['one:mine'])
  })

  it('knows quoted names, comments, several statements and the extended protocol', async () => {
    const { client, next } = await connectListener('/* a */ LISTEN "Other ""name"""; -- b\nLISTEN two')
    await client.query({ text: 'LISTEN three', values: [], name: 'listen' })
    await notify('Other "name"', '1')
    await notify('two', '2')
    await notify('three', '3')
    expect(await next(3)).toEqual(['Other "name":1', 'two:2', 'three:3'])
  })

  it('ends with UNLISTEN and DISCARD ALL, for the client that says so', async () => {
    const other = await connectListener('LISTEN one', 'LISTEN two')
    const { client, heard, next } = await connectListener('LISTEN one', 'LISTEN two', 'UNLISTEN one')
    await notify('one', 'a')
    await notify('two', 'b')
    expect(await next(1)).toEqual(['two:b'])
    await client.query('UNLISTEN *')
    await notify('two', 'c')
    await client.query('LISTEN one')
    await client.query('DISCARD ALL')
    await notify('one', 'd')
    expect(await other.next(4)).toEqual(['one:a', 'two:b', 'two:c', 'one:d'])
    await client.query('SELECT 1')
    expect(heard).toHaveLength(1)
  })

  it('begins and ends with the transaction that says so', async () => {
    const { client, heard, next } = await connectListener('BEGIN', 'LISTEN one', 'ROLLBACK')
    await notify('one', 'not')
    await client.query('BEGIN; LISTEN one')
    await client.query('COMMIT')
    await notify('one', 'yes')
    expect(await next(1)).toEqual(['one:yes'])
    await expect(client.query('LISTEN two; SELECT 1 / 0')).rejects.toThrow(/division/)
    await notify('two', 'not')
    await client.query('SELECT 1')
    expect(heard).toHaveLength(1)
  })

  it('ends with the connection; those of others go on', async () => {
    const { next } = await connectListener('LISTEN one')
    const gone = await connectWireClient(database.url)
    gone.send(message('Q', 'LISTEN one'))
    await gone.receive('Z')
    gone.socket.destroy()
    await notify('one', 'a')
    expect(await next(1)).toEqual(['one:a'])
  })

  it('puts the notifications of a pipeline where PostgreSQL does, before it is ready again', async () => {
    const client = await connectWireClient(database.url)
    client.send(message('Q', 'LISTEN one'))
    await client.receive('Z')
    client.send(
      message('P', '', "SELECT pg_notify('one', 'here')", zeros(2)),
      message('B', '', '', zeros(6)),
      message('E', '', zeros(4)),
      message('S'),
    )
    expect(await client.receive('Z')).toContain('one\0here\0')
    client.socket.destroy()
  })
})
