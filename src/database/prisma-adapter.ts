import { PrismaPg } from '@prisma/adapter-pg'
import type {
  ArgType,
  IsolationLevel,
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlQuery,
  SqlQueryable,
  Transaction,
} from '@prisma/driver-adapter-utils'
import type pg from 'pg'
import { ExactText } from '../lib/exact-moment.ts'
import { observed } from './statements.ts'

/**
 * Prisma's adapter for `pg`, with two things added: every statement can be observed (statements.ts), and timestamps
 * given as text keep their microseconds.
 */
export function createPrismaAdapter(pool: pg.Pool, schema: string | undefined): SqlDriverAdapterFactory {
  const factory = new PrismaPg(pool, {
    ...(schema === undefined ? {} : { schema }),
    disposeExternalPool: true,
  })
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => wrapAdapter(await factory.connect()),
  }
}

function wrapAdapter(adapter: SqlDriverAdapter): SqlDriverAdapter {
  return {
    ...wrapQueryable(adapter),
    executeScript: script => observed(script, 0, () => adapter.executeScript(script)),
    startTransaction: isolationLevel => startTransaction(adapter, isolationLevel),
    getConnectionInfo: () => adapter.getConnectionInfo?.() ?? { supportsRelationJoins: true },
    dispose: () => adapter.dispose(),
  }
}

/** The adapter sends BEGIN and the isolation level by itself, below what is wrapped here. */
async function startTransaction(
  adapter: SqlDriverAdapter,
  isolationLevel?: IsolationLevel,
): Promise<Transaction> {
  const transaction = await observed('BEGIN', 0, () => adapter.startTransaction(isolationLevel))
  if (isolationLevel !== undefined) {
    await observed(`SET TRANSACTION ISOLATION LEVEL ${isolationLevel}`, 0, async () => undefined)
  }
  const send = (sql: string) =>
    observed(sql, 0, () => transaction.executeRaw({ sql, args: [], argTypes: [] })).then(() => undefined)
  return {
    ...wrapQueryable(transaction),
    options: transaction.options,
    // COMMIT and ROLLBACK come as statements before these, which only give the connection back.
    commit: () => transaction.commit(),
    rollback: () => transaction.rollback(),
    createSavepoint: name => send(`SAVEPOINT ${name}`),
    rollbackToSavepoint: name => send(`ROLLBACK TO SAVEPOINT ${name}`),
    releaseSavepoint: name => send(`RELEASE SAVEPOINT ${name}`),
  }
}

function wrapQueryable(queryable: SqlQueryable): SqlQueryable {
  return {
    provider: queryable.provider,
    adapterName: queryable.adapterName,
    queryRaw: query =>
      observed(query.sql, query.args.length, () => queryable.queryRaw(keepMicroseconds(query))),
    executeRaw: query =>
      observed(query.sql, query.args.length, () => queryable.executeRaw(keepMicroseconds(query))),
  }
}

/**
 * The adapter makes a JavaScript Date of every timestamp and so cuts it to milliseconds. An exact text is passed as it
 * is: PostgreSQL reads it itself.
 */
function keepMicroseconds(query: SqlQuery): SqlQuery {
  if (!query.args.some(isExact)) return query
  return {
    ...query,
    args: query.args.map(argument =>
      argument instanceof ExactText ? String(argument) : unwrapList(argument),
    ),
    argTypes: query.argTypes.map((type, index) => (isExact(query.args[index]) ? asText(type) : type)),
  }
}

function isExact(argument: unknown): boolean {
  return argument instanceof ExactText || (Array.isArray(argument) && argument.some(isExact))
}

function unwrapList(argument: unknown): unknown {
  return Array.isArray(argument)
    ? argument.map(item => (item instanceof ExactText ? String(item) : item))
    : argument
}

function asText(type: ArgType): ArgType {
  return { ...type, scalarType: 'string' }
}
