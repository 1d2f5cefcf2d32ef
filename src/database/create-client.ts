import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import { lazy } from '../lib/lazy.ts'
import type { Database } from './open-database.ts'
import { PreparedStatements } from './prepared-statements.ts'
import { createPrismaAdapter } from './prisma-adapter.ts'
import { createTransactions, type Transact } from './sql-transactions.ts'
import { createTextReader, type ReadText } from './text-reader.ts'
import { WorkPool } from './work-pool.ts'

export type CreateClientOptions = {
  /** Connections at most; the address's `connection_limit` comes first. */
  readonly poolSize?: number
  /** How long a query waits for a connection, a free one or a new one. */
  readonly connectTimeoutMilliseconds?: number
  /** How long one statement may run; the embedded database knows no such limit. 0 for none. */
  readonly statementTimeoutMilliseconds?: number
  /** How long an interactive transaction may take from its first statement to its last. */
  readonly transactionTimeoutMilliseconds?: number
  /** Hears of connections that broke while nobody was using them. */
  readonly onPoolError?: (error: Error) => void
}

type ClientOptions = {
  readonly adapter: SqlDriverAdapterFactory
  readonly transactionOptions: { readonly maxWait: number; readonly timeout: number }
}

/** A Prisma client, and statements of our own on the same connections. */
export type Connected<Client> = {
  readonly client: Client
  readonly readText: ReadText
  readonly transact: Transact
}

/** `connectClient`, where nothing but the client is wanted. */
export function createClient<Client>(
  database: Database,
  // biome-ignore lint/suspicious/noExplicitAny: a generated constructor has its own exact options type, which no common type accepts
  PrismaClient: new (options: any) => Client,
  options?: CreateClientOptions,
): Client {
  return connectClient(database, PrismaClient, options).client
}

/**
 * Makes a Prisma client of the generated class for the database. The pool belongs to the client: its `$disconnect()`
 * closes it.
 */
export function connectClient<Client>(
  database: Database,
  // biome-ignore lint/suspicious/noExplicitAny: a generated constructor has its own exact options type, which no common type accepts
  PrismaClient: new (options: any) => Client,
  {
    poolSize = 10,
    connectTimeoutMilliseconds = 5_000, // 5 seconds
    statementTimeoutMilliseconds = 30_000, // 30 seconds
    transactionTimeoutMilliseconds = 30_000, // 30 seconds
    onPoolError,
  }: CreateClientOptions = {},
): Connected<Client> {
  const { settings, poolConfig } = database
  const connectTimeout = settings.connectTimeoutMilliseconds ?? connectTimeoutMilliseconds
  const pool = new WorkPool({
    ...poolConfig,
    canCancel: database.kind === 'server',
    max: settings.connectionLimit ?? poolSize,
    connectionTimeoutMillis: connectTimeout,
    ...(statementTimeoutMilliseconds === 0 ? {} : { statement_timeout: statementTimeoutMilliseconds }),
  })
  // The pool replaces the connection; without a listener Node would take the error for an uncaught one.
  pool.on('error', error => onPoolError?.(error))
  const options: ClientOptions = {
    adapter: createPrismaAdapter(pool, settings.schema),
    transactionOptions: {
      // Waiting for the transaction includes waiting for the connection, which knows better why it did not come.
      maxWait: connectTimeout + 1_000,
      timeout: transactionTimeoutMilliseconds,
    },
  }
  const statements = new PreparedStatements(database.kind === 'server')
  return {
    client: closingWith(pool, new PrismaClient(options)),
    readText: createTextReader(pool, statements),
    transact: createTransactions(pool, statements),
  }
}

/**
 * The client's `$disconnect` closes the pool as well. Prisma does not, though it could: where its query compiler has
 * panicked it throws away its connection too, and goes on with a new one.
 */
function closingWith<Client>(pool: WorkPool, client: Client): Client {
  const disconnectable = client as { $disconnect(): Promise<void> }
  const disconnect = disconnectable.$disconnect.bind(client)
  const end = lazy(() => pool.end())
  disconnectable.$disconnect = async () => {
    await disconnect()
    await end()
  }
  return client
}
