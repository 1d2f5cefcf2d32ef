import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readChangeLogState, recordChangesSql } from '../../src/database/index.ts'
import { createTestDatabase, hasTestServer, openTestPool, type TestDatabase } from '../support/database.ts'

// The embedded database runs one transaction at a time.
describe.runIf(await hasTestServer())('the state of the log of changes', () => {
  let database: TestDatabase
  let pool: pg.Pool
  let close: () => Promise<void>

  beforeAll(async () => {
    database = await createTestDatabase('server')
    ;({ pool, close } = openTestPool(database))
    await pool.query('CREATE TABLE item (id int PRIMARY KEY)')
  })
  afterAll(async () => {
    await close()
    await database.drop()
  })

  const read = () => readChangeLogState(async sql => (await pool.query(sql)).rows)

  it('is not there before anything is recorded', async () => {
    expect(await read()).toBeNull()
  })

  it('says what is kept, what is held back, and by whom', async () => {
    await pool.query(recordChangesSql([{ schema: null, table: 'item', key: ['id'] }]))
    await pool.query('INSERT INTO item SELECT generate_series(1, 10)')
    const writer = new pg.Client({ connectionString: database.url, application_name: 'nightly import' })
    await writer.connect()
    await writer.query('BEGIN; INSERT INTO item VALUES (11)')
    await pool.query('INSERT INTO item VALUES (12), (13)')
    const { rows } = await writer.query('SELECT pg_backend_pid() AS pid, current_database() AS name')
    // until those have ended who have written before, in tests of other files
    await expect.poll(read, { timeout: 50_000 }).toMatchObject({
      ...{ rows: 12, heldRows: 2, seesWriters: true },
      oldestWriter: {
        ...{ pid: rows[0].pid, name: 'nightly import', user: 'postgres', database: rows[0].name },
        state: 'idle in transaction',
      },
    })
    const state = await read()
    expect(state?.bytes).toBeGreaterThan(8_192)
    expect(state?.oldestSeconds).toBeGreaterThan(state?.heldSeconds ?? Number.NaN)
    expect(state?.oldestWriter?.seconds).toBeGreaterThan(state?.heldSeconds ?? Number.NaN)
    await writer.query('COMMIT')
    await writer.end()
    expect((await read())?.rows).toBe(13)
  })

  it('is read by a role with the rights of a gateway, which does not see who writes', async () => {
    const role = `gateway_${process.pid}`
    await pool.query(`
      CREATE ROLE ${role};
      GRANT USAGE ON SCHEMA refract TO ${role};
      GRANT SELECT, DELETE ON refract.changes TO ${role}`)
    const client = await pool.connect()
    const asGateway = () => readChangeLogState(async sql => (await client.query(sql)).rows)
    await client.query(`SET ROLE ${role}`)
    expect(await asGateway()).toMatchObject({ rows: 13, seesWriters: false })
    await client.query(`RESET ROLE; REVOKE SELECT ON refract.changes FROM ${role}; SET ROLE ${role}`)
    expect(await asGateway()).toBeNull()
    await client.query(`RESET ROLE; DROP OWNED BY ${role}; DROP ROLE ${role}`)
    client.release()
  })
})
