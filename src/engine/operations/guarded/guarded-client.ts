import type { Model } from '../../datamodel/model.ts'
import type { DatabaseClient } from '../client.ts'
import type { Scope } from '../scope.ts'
import { createGuardedDelegate } from './guarded-delegate.ts'

/**
 * The Prisma client for custom code: it reads and writes as the API itself would for the viewer. Rows that do not exist
 * for the viewer are as if they were not there; what the policy does not let the viewer write is FORBIDDEN, and nothing
 * is written. Not asked are rules of single fields: which columns custom code looks at and sets is its own business.
 *
 * Its conditions and orders are its own business too: those on related rows see all of them.
 *
 * Statements of SQL and nested writes are refused, since no policy could be found for them; `database`, the client past
 * all policies, has them.
 */
export function createGuardedClient(scope: Scope): DatabaseClient {
  const { database, access } = scope
  if (access.isFull) return database
  const byDelegate = new Map(access.datamodel.models.map(model => [model.delegate, model]))
  const delegates = new Map<Model, unknown>()
  return new Proxy(database, {
    get: (target, name, receiver) => {
      const model = typeof name === 'string' ? byDelegate.get(name) : undefined
      if (model) {
        const delegate = delegates.get(model) ?? createGuardedDelegate(scope, model)
        delegates.set(model, delegate)
        return delegate
      }
      if (typeof name === 'symbol' || !(name in target)) return Reflect.get(target, name, receiver)
      if (name === '$transaction') return guardTransaction(scope)
      if (plainNames.has(name)) return Reflect.get(target, name, receiver)
      throw new Error(
        `${name} knows no policies. Use it on \`refract.database\`, the client past all policies, where that is meant.`,
      )
    },
  })
}

/** What is not about rows. Everything else of the client that is not known here is refused. */
const plainNames: ReadonlySet<string> = new Set([
  ...['$connect', '$disconnect', '$on'],
  ...['constructor', 'toString', 'toLocaleString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf'],
])

function guardTransaction(scope: Scope): DatabaseClient['$transaction'] {
  return (work, options) => {
    if (typeof work !== 'function') {
      throw new Error(
        'Under policies $transaction takes a function: a list of promises has been asked for already.',
      )
    }
    return scope.database.$transaction(
      transaction => work(createGuardedClient({ ...scope, database: transaction })),
      options,
    )
  }
}
