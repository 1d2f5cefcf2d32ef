import pg from 'pg'
import { takeEmbeddedDatabase } from './embedded-pool.ts'

export type TestDatabase = {
  readonly url: string
  readonly kind: 'embedded' | 'server'
  /** Ends the database and everybody's connections to it. */
  drop(): Promise<void>
}

const serverUrl = 'postgresql://postgres@127.0.0.1:5432/postgres'

/**
 * A fresh, empty PostgreSQL database.
 *
 * `REFRACT_TEST_DATABASE` says where: `embedded` (the default), or the address of a server where databases may be
 * created; `kind` overrides it.
 */
export async function createTestDatabase(kind: 'embedded' | 'server' = defaultKind()): Promise<TestDatabase> {
  return kind === 'embedded' ? createEmbedded() : createOnServer(testServerUrl())
}

/** Connections to a database, whose `close` leaves none behind: the pool's own `end` does not wait until they are closed. */
export function openTestPool(database: TestDatabase, max = 10): { pool: pg.Pool; close(): Promise<void> } {
  const pool = new pg.Pool({ connectionString: database.url, max })
  const endings: Promise<void>[] = []
  pool.on('connect', client => endings.push(new Promise(resolve => client.once('end', resolve))))
  return {
    pool,
    close: async () => {
      await pool.end()
      await Promise.all(endings)
    },
  }
}

/** The address of the PostgreSQL server that tests may use. */
export function testServerUrl(): string {
  const { REFRACT_TEST_DATABASE: setting } = process.env
  return setting === undefined || setting === 'embedded' ? (process.env.DATABASE_URL ?? serverUrl) : setting
}

/** Whether there is a PostgreSQL server for tests, where databases may be created. */
export async function hasTestServer(): Promise<boolean> {
  const client = new pg.Client({ connectionString: testServerUrl(), connectionTimeoutMillis: 2_000 })
  try {
    await client.connect()
    const { rows } = await client.query(
      `SELECT (rolcreatedb OR rolsuper) AND version() NOT LIKE '%PGlite%' AS is_fit
       FROM pg_roles WHERE rolname = current_user`,
    )
    return rows[0]?.is_fit === true
  } catch (error) {
    if (error instanceof Error) return false
    throw error
  } finally {
    await client.end()
  }
}

/** The kinds of databases that there are here to test on: suites for both are made from this. */
export async function findDatabaseKinds(): Promise<readonly TestDatabase['kind'][]> {
  return (await hasTestServer()) ? ['embedded', 'server'] : ['embedded']
}

function defaultKind(): 'embedded' | 'server' {
  const { REFRACT_TEST_DATABASE: setting } = process.env
  return setting === undefined || setting === 'embedded' ? 'embedded' : 'server'
}

async function createEmbedded(): Promise<TestDatabase> {
  const { port, release } = await takeEmbeddedDatabase()
  return {
    url: `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`,
    kind: 'embedded',
    drop: release,
  }
}

let counter = 0

async function createOnServer(server: string): Promise<TestDatabase> {
  const name = `refract_test_${process.pid}_${Date.now().toString(36)}_${counter++}`
  await runOnServer(server, `CREATE DATABASE "${name}"`)
  const url = new URL(server)
  url.pathname = `/${name}`
  return {
    url: url.href,
    kind: 'server',
    drop: () => runOnServer(server, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`),
  }
}

async function runOnServer(server: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
