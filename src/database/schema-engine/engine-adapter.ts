import { PrismaPg } from '@prisma/adapter-pg'
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils'
import pg from 'pg'
import { parseDatabaseUrl, toPoolConfig } from '../database-url.ts'
import { startWorker } from '../embedded/start-worker.ts'
import { findTemplate } from '../embedded/template.ts'

export type EngineConnections = {
  /** What `SchemaEngine.new` takes. */
  readonly factory: object
  /** Ends all connections, and the shadow databases that were made. */
  close(): Promise<void>
}

export type EngineConnectionOptions = {
  readonly url: string
  /** A database that may be emptied, for servers on which none may be created. */
  readonly shadowDatabaseUrl?: string | undefined
}

/** How the schema engine reaches its database, and the shadow database on which it replays migrations. */
export function createEngineConnections({
  url,
  shadowDatabaseUrl,
}: EngineConnectionOptions): EngineConnections {
  const settings = parseDatabaseUrl(url)
  const closers: (() => Promise<void>)[] = []
  const open = (poolConfig: pg.PoolConfig) => {
    const pool = createEnginePool(poolConfig)
    closers.push(() => endOnce(pool))
    return connect(pool, settings.schema)
  }
  const factory: SqlMigrationAwareDriverAdapterFactory = {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => open(toPoolConfig(settings)),
    async connectToShadowDb() {
      const shadow = await createShadowDatabase(url, shadowDatabaseUrl)
      closers.push(shadow.drop)
      const adapter = await open(shadow.poolConfig)
      return {
        ...adapter,
        async dispose() {
          await adapter.dispose()
          await shadow.drop()
        },
      }
    },
  }
  return {
    factory: bindMigrationAwareSqlAdapterFactory(factory),
    async close() {
      for (const closeOne of closers.splice(0).reverse()) await closeOne()
    },
  }
}

const characterType = 18 // "char", PostgreSQL's internal one-byte type
const textType = 25

type ClientWithConnection = pg.PoolClient & { readonly connection: NodeJS.EventEmitter }
type RowDescription = { readonly fields: { dataTypeID: number }[] }

/**
 * A pool of a single connection: the engine sets and expects session state. The system tables hold the type "char",
 * which Prisma's adapter does not know; it is read as text.
 */
function createEnginePool(poolConfig: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ ...poolConfig, max: 1, connectionTimeoutMillis: 5_000 })
  pool.on('connect', client => {
    // pg declares no type for the protocol below its client.
    const { connection } = client as ClientWithConnection
    connection.prependListener('rowDescription', ({ fields }: RowDescription) => {
      for (const field of fields) if (field.dataTypeID === characterType) field.dataTypeID = textType
    })
  })
  // The next query reports what is wrong.
  pool.on('error', () => undefined)
  return pool
}

async function connect(pool: pg.Pool, schema: string | undefined): Promise<SqlDriverAdapter> {
  if (schema !== undefined) await pool.query(`CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(schema)}`)
  const adapter = await new PrismaPg(pool, schema === undefined ? {} : { schema }).connect()
  return {
    provider: adapter.provider,
    adapterName: adapter.adapterName,
    queryRaw: query => adapter.queryRaw(query),
    executeRaw: query => adapter.executeRaw(query),
    startTransaction: isolationLevel => adapter.startTransaction(isolationLevel),
    getConnectionInfo: () => adapter.getConnectionInfo(),
    // Prisma's adapter cuts a script at every semicolon, also inside a function's body; PostgreSQL knows better.
    executeScript: script => executeScript(adapter, pool, script),
    dispose: () => endOnce(pool),
  }
}

async function executeScript(adapter: SqlDriverAdapter, pool: pg.Pool, script: string): Promise<void> {
  try {
    await pool.query(script)
  } catch (error) {
    // biome-ignore lint/complexity/useLiteralKeys: the adapter's translation of errors is declared protected
    const translate = (adapter as unknown as { onError(error: unknown): never })['onError']
    translate.call(adapter, error)
  }
}

async function endOnce(pool: pg.Pool): Promise<void> {
  if (!pool.ending) await pool.end()
}

type ShadowDatabase = { readonly poolConfig: pg.PoolConfig; drop(): Promise<void> }

async function createShadowDatabase(
  url: string,
  shadowDatabaseUrl: string | undefined,
): Promise<ShadowDatabase> {
  if (shadowDatabaseUrl !== undefined)
    return emptyShadowDatabase(toPoolConfig(parseDatabaseUrl(shadowDatabaseUrl)))
  const poolConfig = toPoolConfig(parseDatabaseUrl(url))
  const [row] = await run<{ version: string }>(poolConfig, 'SELECT version()')
  return row?.version.includes('PGlite') ? startShadowDatabase() : createOnServer(poolConfig)
}

/** Behind the embedded database there is no second one, so the shadow is another embedded database, in memory. */
async function startShadowDatabase(): Promise<ShadowDatabase> {
  const template = await findTemplate()
  const worker = await startWorker({ port: 0, ...(template === undefined ? {} : { template }) })
  return {
    poolConfig: { host: '127.0.0.1', port: worker.port, user: 'postgres', database: 'postgres' },
    drop: () => worker.close(),
  }
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

/** A shadow database of the user's: everything in it goes. */
async function emptyShadowDatabase(poolConfig: pg.PoolConfig): Promise<ShadowDatabase> {
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
