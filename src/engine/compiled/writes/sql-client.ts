import type { Datamodel, Model } from '../../datamodel/model.ts'
import type { DatabaseClient, Where } from '../../operations/client.ts'
import type { Scope } from '../../operations/scope.ts'
import { NotCompilable } from '../emission.ts'
import type { StatementOwner } from '../statement-owner.ts'
import { StatementRefused } from '../write-refused.ts'
import { SqlDelegate } from './sql-delegate.ts'
import type { SendStatement, Transact } from './statement-sender.ts'

/**
 * A client for one mutation in place of Prisma's, whose statements are our own. All that it cannot do, and all that
 * PostgreSQL refuses, it throws as NotCompilable or StatementRefused, with nothing written.
 *
 * @throws NotCompilable for a schema whose relations Prisma emulates
 */
export function createSqlClient(scope: Scope, transact: Transact, owner: StatementOwner): DatabaseClient {
  if (scope.access.datamodel.emulatesRelations)
    throw new NotCompilable('Prisma does what foreign keys would do.')
  return {
    $transaction: (work, options) => runTransaction(scope, transact, owner, work, options?.timeout),
    $queryRawUnsafe: () => leaveRaw(),
    $executeRawUnsafe: () => leaveRaw(),
  }
}

async function runTransaction<Result>(
  scope: Scope,
  transact: Transact,
  owner: StatementOwner,
  work: (transaction: DatabaseClient) => Promise<Result>,
  timeout = scope.settings.transactionTimeout,
): Promise<Result> {
  try {
    return await transact(
      send =>
        work(
          new (classOf(scope.access.datamodel))(scope, async (sql, values) => refusing(send(sql, values))),
        ),
      { timeout, owner },
    )
  } catch (error) {
    throw isOfPostgres(error) ? toRefused(error) : error
  }
}

/** What cannot be mended by doing it the ordinary way: it took too long, nobody waits any more, or it may be done. */
export function isFinal(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return 'isOutcomeUnknown' in error || ('code' in error && error.code === '57014')
}

async function refusing<Result>(sent: Promise<Result>): Promise<Result> {
  try {
    return await sent
  } catch (error) {
    throw isFinal(error) ? error : toRefused(error)
  }
}

function isOfPostgres(error: unknown): boolean {
  return error instanceof Error && 'severity' in error && !isFinal(error)
}

/** The ordinary way finds the same, and says it. */
function toRefused(cause: unknown): StatementRefused {
  return new StatementRefused('A statement of a mutation was refused.', { cause })
}

async function leaveRaw(): Promise<never> {
  throw new NotCompilable('The statement is one for Prisma.')
}

type ClientClass = new (scope: Scope, send: SendStatement) => DatabaseClient

const classes = new WeakMap<Datamodel, ClientClass>()

/** The delegates are made when they are asked for, by getters that are made once. */
function classOf(datamodel: Datamodel): ClientClass {
  const known = classes.get(datamodel)
  if (known) return known
  class Client implements DatabaseClient {
    readonly #scope: Scope
    readonly #send: SendStatement

    constructor(scope: Scope, send: SendStatement) {
      this.#scope = scope
      this.#send = send
    }

    $transaction(): Promise<never> {
      return leaveRaw()
    }

    $queryRawUnsafe(): Promise<never> {
      return leaveRaw()
    }

    $executeRawUnsafe(): Promise<never> {
      return leaveRaw()
    }

    lockRow(model: Model, where: Where): Promise<void> {
      return Client.delegate(this, model.name).lock(where)
    }

    static delegate(client: Client, name: string): SqlDelegate {
      return new SqlDelegate(client.#scope, datamodel.model(name), client.#send)
    }
  }
  for (const { name, delegate } of datamodel.models) {
    Object.defineProperty(Client.prototype, delegate, {
      get(this: Client) {
        return Client.delegate(this, name)
      },
    })
  }
  classes.set(datamodel, Client)
  return Client
}
