import pg from 'pg'
import { parseDatabaseUrl, redactDatabaseUrl, toPoolConfig } from '../database-url.ts'
import { hasSqlState } from '../explain-connection-error.ts'
import { SchemaEngineError } from './engine-error.ts'

/**
 * The schema engine's commands about whole databases. Resolves with what is to be printed.
 *
 * @throws {SchemaEngineError} with Prisma's codes: P1000 sign-in refused, P1001 nobody answers, P1003 no such database,
 *   P1009 exists already, P1010 access denied
 */
export async function manageDatabase(command: string | undefined, url: string): Promise<string> {
  const { database } = parseDatabaseUrl(url)
  const name = pg.escapeIdentifier(database)
  switch (command) {
    case 'can-connect-to-database':
      await run(url, database, 'SELECT 1')
      return 'Connection successful'
    case 'create-database':
      if (await isEmbedded(url)) return `Database '${database}' was successfully created.`
      await run(url, 'postgres', `CREATE DATABASE ${name}`)
      return `Database '${database}' was successfully created.`
    case 'drop-database':
      if (await isEmbedded(url)) {
        const message =
          'The embedded database cannot be dropped: stop it and delete the folder .refract/data instead.'
        throw new SchemaEngineError(message)
      }
      await run(url, 'postgres', `DROP DATABASE ${name}`)
      return `The database was successfully dropped.`
    default:
      throw new SchemaEngineError(`Unknown command "${command}"`)
  }
}

/** The embedded database answers to every name. */
async function isEmbedded(url: string): Promise<boolean> {
  const rows = await run(url, 'postgres', 'SELECT version()')
  return String(rows[0]?.version).includes('PGlite')
}

async function run(url: string, database: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({
    ...toPoolConfig(parseDatabaseUrl(url)),
    database,
    connectionTimeoutMillis: 5_000,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return (await client.query(sql)).rows
  } catch (error) {
    throw explain(error, url)
  } finally {
    await client.end()
  }
}

function explain(error: unknown, url: string): SchemaEngineError {
  const { host, port, user, database } = parseDatabaseUrl(url)
  const create = (code: string, message: string) => new SchemaEngineError(message, { code, cause: error })
  const place = `\`${host}:${port}\``
  if (hasSqlState(error, '3D000')) return create('P1003', `Database \`${database}\` does not exist`)
  if (hasSqlState(error, '42P04')) return create('P1009', `Database \`${database}\` already exists`)
  if (hasSqlState(error, '28P01') || hasSqlState(error, '28000')) {
    const message = `Authentication failed against the database server, the provided database credentials for \`${user}\` are not valid.`
    return create('P1000', message)
  }
  if (hasSqlState(error, '42501')) {
    return create('P1010', `User \`${user}\` was denied access on the database \`${database}\``)
  }
  const reason = error instanceof Error ? error.message : String(error)
  if (error instanceof Error && 'severity' in error) return create('P1011', reason)
  return create(
    'P1001',
    `Can't reach database server at ${place}\n\nPlease make sure your database server is running at ${place} ` +
      `(${redactDatabaseUrl(url)}: ${reason}).`,
  )
}
