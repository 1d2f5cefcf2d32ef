import pg from 'pg'
import { type DatabaseUrl, parseDatabaseUrl, toPoolConfig } from './database-url.ts'
import { openEmbedded } from './embedded/open-embedded.ts'
import { explainConnectionError, hasSqlState } from './explain-connection-error.ts'

export type Database = {
  readonly kind: 'server' | 'embedded'
  /** For `psql`, Prisma and whoever else wants to connect; holds the password. */
  readonly url: string
  readonly projectDir: string
  readonly settings: DatabaseUrl
  /** How to connect with `pg`: pools of one's own start from these settings. */
  readonly poolConfig: pg.PoolConfig
  /** Whether the embedded database lives in this process. */
  isOwner(): boolean
  /**
   * Runs one statement outside of any Prisma client: for start-up, health and the log of changes, not for requests.
   *
   * @param timeoutMilliseconds when it is given up, with its connection: nobody else would notice one that is dead.
   *   Default: never
   */
  query<Row extends pg.QueryResultRow>(
    sql: string,
    values?: readonly unknown[],
    timeoutMilliseconds?: number,
  ): Promise<readonly Row[]>
  /** Resolves when the database answered; rejects when it did not within the time given. */
  ping(timeoutMilliseconds: number): Promise<void>
  /** Closes the connections made here, and the embedded database when it lives in this process. */
  close(): Promise<void>
}

export type OpenDatabaseOptions = {
  /** The server's address; the embedded database of the project folder when left out or empty. */
  readonly url?: string | undefined
  /** The project folder (absolute): the embedded database keeps its data in `.refract` there. */
  readonly projectDir: string
  /** Whether to create the database when the server does not have it, as Prisma's `migrate` does. */
  readonly createIfMissing?: boolean
  readonly connectTimeoutMilliseconds?: number
}

/**
 * Opens the database of a project and makes sure that it answers.
 *
 * @throws {StartError} when the address is wrong, or nobody answers there, or the sign-in is refused
 */
export async function openDatabase({
  url,
  projectDir,
  createIfMissing = true,
  connectTimeoutMilliseconds = 5_000, // 5 seconds
}: OpenDatabaseOptions): Promise<Database> {
  const embedded = url === undefined || url === '' ? await openEmbedded(projectDir) : undefined
  try {
    const settings = parseDatabaseUrl(embedded?.url ?? url ?? '')
    const poolConfig = {
      ...toPoolConfig(settings),
      connectionTimeoutMillis: settings.connectTimeoutMilliseconds ?? connectTimeoutMilliseconds,
    }
    const { version, ssl } = await connectOnce(poolConfig, settings, createIfMissing)
    return {
      kind: version.includes('PGlite') ? 'embedded' : 'server',
      url: settings.url,
      projectDir,
      settings,
      poolConfig: { ...poolConfig, ssl },
      isOwner: () => embedded?.isOwner() ?? false,
      ...createQueries({ ...poolConfig, ssl }, async () => embedded?.close()),
    }
  } catch (error) {
    await embedded?.close()
    throw error
  }
}

function createQueries(
  poolConfig: pg.PoolConfig,
  closeEmbedded: () => Promise<void>,
): Pick<Database, 'query' | 'ping' | 'close'> {
  const pool = new pg.Pool({
    ...poolConfig,
    max: 2,
    idleTimeoutMillis: 10_000,
    allowExitOnIdle: true,
  })
  // A connection that breaks while idle is replaced by the next query, which reports what is wrong.
  pool.on('error', () => undefined)
  let closing: Promise<void> | undefined
  return {
    async query<Row extends pg.QueryResultRow>(
      sql: string,
      values: readonly unknown[] = [],
      timeoutMilliseconds?: number,
    ) {
      // its types do not know query_timeout yet
      const query: pg.QueryConfig & { query_timeout?: number } = {
        ...{ text: sql, values: [...values] },
        ...(timeoutMilliseconds === undefined ? {} : { query_timeout: timeoutMilliseconds }),
      }
      return (await pool.query<Row>(query)).rows
    },
    ping: timeoutMilliseconds => ping(pool, timeoutMilliseconds),
    close() {
      closing ??= pool.end().then(closeEmbedded)
      return closing
    },
  }
}

async function ping(pool: pg.Pool, timeoutMilliseconds: number): Promise<void> {
  const deadline = new Promise<never>((_, reject) => {
    const message = `The database did not answer within ${timeoutMilliseconds} ms`
    setTimeout(() => reject(new Error(message)), timeoutMilliseconds).unref()
  })
  // With the time limit on the query itself, a connection that hangs is thrown away instead of going back to the pool.
  const query: pg.QueryConfig & { query_timeout: number } = {
    text: 'SELECT 1',
    query_timeout: timeoutMilliseconds,
  }
  await Promise.race([pool.query(query), deadline])
}

type FirstAnswer = { readonly version: string; readonly ssl: pg.PoolConfig['ssl'] }

/** Connects for the first time: creates the database or turns to TLS where that is all that is missing. */
async function connectOnce(
  poolConfig: pg.PoolConfig,
  settings: DatabaseUrl,
  createIfMissing: boolean,
): Promise<FirstAnswer> {
  try {
    return { version: await readVersion(poolConfig), ssl: poolConfig.ssl }
  } catch (error) {
    if (createIfMissing && hasSqlState(error, '3D000')) {
      await createDatabase(poolConfig, settings)
      return connectOnce(poolConfig, settings, false)
    }
    if (settings.mayUseTls && poolConfig.ssl === false && refusesPlainConnections(error)) {
      // `sslmode=prefer`, the default: a server that takes no plain connection gets an encrypted one.
      return connectOnce({ ...poolConfig, ssl: { rejectUnauthorized: false } }, settings, createIfMissing)
    }
    throw explainConnectionError(error, settings)
  }
}

/** In the words of PostgreSQL, and of some hosted ones. */
function refusesPlainConnections(error: unknown): boolean {
  return error instanceof Error && /no encryption|SSL off|SSL.* required|insecure/i.test(error.message)
}

async function readVersion(poolConfig: pg.PoolConfig): Promise<string> {
  const rows = await queryOnce<{ version: string }>(poolConfig, 'SELECT version()')
  return rows[0]?.version ?? ''
}

async function createDatabase(poolConfig: pg.PoolConfig, settings: DatabaseUrl): Promise<void> {
  const sql = `CREATE DATABASE ${pg.escapeIdentifier(settings.database)}`
  try {
    await queryOnce({ ...poolConfig, database: 'postgres' }, sql)
  } catch (error) {
    // Another process was faster: then it is there, which is all that was wanted.
    if (!hasSqlState(error, '42P04') && !hasSqlState(error, '23505'))
      throw explainConnectionError(error, settings)
  }
}

async function queryOnce<Row extends pg.QueryResultRow>(
  poolConfig: pg.PoolConfig,
  sql: string,
): Promise<Row[]> {
  const timeout = poolConfig.connectionTimeoutMillis ?? 0
  const client = new pg.Client({ ...poolConfig, query_timeout: timeout })
  const start = performance.now()
  // What goes wrong after the answer has come is of no interest any more.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.query<Row>(sql)).rows
  } catch (error) {
    // pg says "connection terminated" when it has itself given up waiting.
    if (performance.now() - start < timeout - 10) throw error
    throw new Error(`timeout of ${timeout} ms exceeded`, { cause: error })
  } finally {
    await client.end()
  }
}
