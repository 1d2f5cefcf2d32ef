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
 * Prisma's adapter for `pg`, with three things added: every statement can be observed (statements.ts), timestamps given as
 * text keep their microseconds, and lists of bytes can be found. The pool stays open when Prisma disconnects.
 */
export function createPrismaAdapter(pool: pg.Pool, schema: string | undefined): SqlDriverAdapterFactory {
  const factory = new PrismaPg(pool, schema === undefined ? {} : { schema })
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
    queryRaw: query => observed(query.sql, query.args.length, () => queryable.queryRaw(mendArguments(query))),
    executeRaw: query =>
      observed(query.sql, query.args.length, () => queryable.executeRaw(mendArguments(query))),
  }
}

/**
 * The adapter makes a JavaScript Date of every timestamp and so cuts it to milliseconds. An exact text is passed as it
 * is: PostgreSQL reads it itself. Lists of bytes in filters, which Prisma announces as single bytes, it would pass as their
 * base64.
 */
function mendArguments(query: SqlQuery): SqlQuery {
  const isMended = query.args.some(
    (argument, index) => isExact(argument) || isListOfBytes(argument, query.argTypes[index]),
  )
  if (!isMended) return query
  return {
    ...query,
    args: query.args.map(argument =>
      argument instanceof ExactText ? String(argument) : unwrapList(argument),
    ),
    argTypes: query.argTypes.map((type, index) => {
      const argument = query.args[index]
      if (isListOfBytes(argument, type)) return { ...type, arity: 'list' }
      return isExact(argument) ? asText(type) : type
    }),
  }
}

function isListOfBytes(argument: unknown, type: ArgType | undefined): boolean {
  return Array.isArray(argument) && type?.scalarType === 'bytes' && type.arity === 'scalar'
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
