import pg from 'pg'
import { parseDatabaseUrl, toPoolConfig } from '../database-url.ts'
import { type EmbeddedWorker, startWorker } from '../embedded/start-worker.ts'
import { findTemplate } from '../embedded/template.ts'

/** An empty database on which migrations are replayed. */
export type ShadowDatabase = { readonly poolConfig: pg.PoolConfig; drop(): Promise<void> }

export type ShadowDatabases = {
  create(): Promise<ShadowDatabase>
  /** Removes those that were not dropped. */
  close(): Promise<void>
}

/**
 * Makes shadow databases for the database at `url`: the one at `shadowDatabaseUrl`, emptied, if that is given; another
 * database on the same server; or, for the embedded database, behind which there is no second one, another embedded one
 * in memory.
 */
export function createShadowDatabases(url: string, shadowDatabaseUrl: string | undefined): ShadowDatabases {
  if (shadowDatabaseUrl !== undefined) {
    const poolConfig = toPoolConfig(parseDatabaseUrl(shadowDatabaseUrl))
    return { create: () => emptyDatabase(poolConfig), close: async () => undefined }
  }
  const poolConfig = toPoolConfig(parseDatabaseUrl(url))
  let inMemory: Promise<EmbeddedWorker> | undefined
  const created: ShadowDatabase[] = []
  return {
    async create() {
      const [row] = await run<{ version: string }>(poolConfig, 'SELECT version()')
      if (row?.version.includes('PGlite')) {
        inMemory ??= startInMemory()
        return emptyDatabase({ ...poolConfig, host: '127.0.0.1', port: (await inMemory).port })
      }
      const shadow = await createOnServer(poolConfig)
      created.push(shadow)
      return shadow
    },
    async close() {
      for (const shadow of created) await shadow.drop()
      await (await inMemory)?.close()
    },
  }
}

/** Starting it takes most of a second, so one serves for all shadow databases, one after the other. */
async function startInMemory(): Promise<EmbeddedWorker> {
  const template = await findTemplate()
  return startWorker({ port: 0, ...(template === undefined ? {} : { template }) })
}

async function createOnServer(poolConfig: pg.PoolConfig): Promise<ShadowDatabase> {
  const database = `prisma_migrate_shadow_db_${globalThis.crypto.randomUUID()}`
  await run(poolConfig, `CREATE DATABASE "${database}"`)
  let dropping: Promise<unknown> | undefined
  return {
    poolConfig: { ...poolConfig, database },
    async drop() {
      dropping ??= run(poolConfig, `DROP DATABASE IF EXISTS "${database}"`)
      await dropping
    },
  }
}

async function emptyDatabase(poolConfig: pg.PoolConfig): Promise<ShadowDatabase> {
  await run(
    poolConfig,
    `DO $$ DECLARE name text; BEGIN
      FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', name);
      END LOOP;
      CREATE SCHEMA public;
    END $$`,
  )
  return { poolConfig, drop: async () => undefined }
}

async function run<Row extends pg.QueryResultRow>(poolConfig: pg.PoolConfig, sql: string): Promise<Row[]> {
  const client = new pg.Client({ ...poolConfig, connectionTimeoutMillis: 5_000 })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}
