import { PrismaPg } from '@prisma/adapter-pg'
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQueryable,
} from '@prisma/driver-adapter-utils'
import pg from 'pg'
import { type RecordingState, readRecordingState } from '../changes/read-recording.ts'
import { parseDatabaseUrl, toPoolConfig } from '../database-url.ts'
import type { ScriptFailure } from './engine-error.ts'
import { createShadowDatabases } from './shadow-database.ts'

export type EngineConnections = {
  /** What `SchemaEngine.new` takes. */
  readonly factory: object
  /** The latest script that PostgreSQL refused, and why: the engine keeps only a part of that. */
  readonly scriptFailure: () => ScriptFailure | undefined
  /** What the latest shadow database recorded when the engine was done with it: Prisma itself sees no triggers. */
  readonly migratedRecording: () => RecordingState | undefined
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
  const shadows = createShadowDatabases(url, shadowDatabaseUrl)
  const closers: (() => Promise<void>)[] = [shadows.close]
  let scriptFailure: ScriptFailure | undefined
  let migratedRecording: RecordingState | undefined
  const onScriptFailure = (failure: ScriptFailure) => {
    scriptFailure = failure
  }
  const open = (poolConfig: pg.PoolConfig, engine = createEnginePool(poolConfig)) => {
    closers.push(() => endOnce(engine.pool))
    return connect(engine, settings.schema, onScriptFailure)
  }
  const factory: SqlMigrationAwareDriverAdapterFactory = {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    connect: () => open(toPoolConfig(settings)),
    async connectToShadowDb() {
      const shadow = await shadows.create()
      const engine = createEnginePool(shadow.poolConfig)
      const adapter = await open(shadow.poolConfig, engine)
      return {
        ...adapter,
        async dispose() {
          migratedRecording = await readRecordingState(async sql => (await engine.pool.query(sql)).rows)
          await adapter.dispose()
          await shadow.drop()
        },
      }
    },
  }
  return {
    factory: bindMigrationAwareSqlAdapterFactory(factory),
    scriptFailure: () => scriptFailure,
    migratedRecording: () => migratedRecording,
    async close() {
      for (const closeOne of closers.splice(0).reverse()) await closeOne()
    },
  }
}

type EnginePool = {
  readonly pool: pg.Pool
  /** Which columns of the latest result have PostgreSQL's internal type "char". */
  readonly characterColumns: () => readonly number[]
}

type ClientWithConnection = pg.PoolClient & { readonly connection: NodeJS.EventEmitter }
type RowDescription = { readonly fields: { dataTypeID: number }[] }

const characterType = 18 // "char", a single byte, in which the system tables keep kinds of things
const textType = 25

/**
 * A pool of a single connection, because the engine sets and expects session state. Prisma's adapter refuses results
 * with the type "char": it gets to see text instead, and `asCharacters` puts that right afterwards.
 */
function createEnginePool(poolConfig: pg.PoolConfig): EnginePool {
  const pool = new pg.Pool({ ...poolConfig, max: 1, connectionTimeoutMillis: 5_000 })
  let characterColumns: number[] = []
  pool.on('connect', client => {
    // pg declares no type for the protocol below its client.
    const { connection } = client as ClientWithConnection
    connection.prependListener('rowDescription', ({ fields }: RowDescription) => {
      characterColumns = []
      for (const [index, field] of fields.entries()) {
        if (field.dataTypeID !== characterType) continue
        field.dataTypeID = textType
        characterColumns.push(index)
      }
    })
  })
  // The next query reports what is wrong.
  pool.on('error', () => undefined)
  return { pool, characterColumns: () => characterColumns }
}

async function connect(
  engine: EnginePool,
  schema: string | undefined,
  onScriptFailure: (failure: ScriptFailure) => void,
): Promise<SqlDriverAdapter> {
  const { pool } = engine
  if (schema !== undefined) await pool.query(`CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(schema)}`)
  const adapter = await new PrismaPg(pool, schema === undefined ? {} : { schema }).connect()
  return {
    ...asCharacters(adapter, engine),
    async startTransaction(isolationLevel) {
      const transaction = await adapter.startTransaction(isolationLevel)
      return {
        ...asCharacters(transaction, engine),
        options: transaction.options,
        commit: () => transaction.commit(),
        rollback: () => transaction.rollback(),
      }
    },
    getConnectionInfo: () => adapter.getConnectionInfo(),
    // Prisma's adapter cuts a script at every semicolon, also inside a function's body; PostgreSQL knows better.
    executeScript: script => executeScript(pool, script, onScriptFailure),
    dispose: () => endOnce(pool),
  }
}

function asCharacters(queryable: SqlQueryable, { characterColumns }: EnginePool): SqlQueryable {
  return {
    provider: queryable.provider,
    adapterName: queryable.adapterName,
    async queryRaw(query) {
      const result = await queryable.queryRaw(query)
      for (const index of characterColumns()) {
        if (index < result.columnTypes.length) result.columnTypes[index] = ColumnTypeEnum.Character
      }
      return result
    },
    executeRaw: query => queryable.executeRaw(query),
  }
}

/** PostgreSQL's own words are kept: the engine says which migration failed with which error. */
async function executeScript(
  pool: pg.Pool,
  script: string,
  onFailure: (failure: ScriptFailure) => void,
): Promise<void> {
  try {
    await pool.query(script)
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error
    onFailure({ script, error })
    const { code = '', severity = 'ERROR', message, detail, column, hint } = error
    throw new DriverAdapterError({ kind: 'postgres', code, severity, message, detail, column, hint })
  }
}

async function endOnce(pool: pg.Pool): Promise<void> {
  if (!pool.ending) await pool.end()
}
