import { currentContext, type Observer, runInContext } from './statement-context.ts'

/** One SQL statement as it was sent to PostgreSQL. */
export type Statement = {
  readonly sql: string
  readonly parameterCount: number
  readonly durationMilliseconds: number
  /** BEGIN, COMMIT, ROLLBACK, SAVEPOINT and the like are `transaction`, all others `query`. */
  readonly kind: 'query' | 'transaction'
  readonly isError: boolean
}

export type StatementListener = (statement: Statement) => void

/**
 * Runs `work` and tells `listener` of every statement that Prisma clients made by `createClient` send on its behalf,
 * in the order in which they end. Observers nest: outer ones hear of the same statements.
 */
export async function observeStatements<Result>(
  listener: StatementListener,
  work: () => Promise<Result> | Result,
): Promise<Result> {
  // A Prisma query is only sent when somebody waits for it: that has to happen in here.
  const { observer: outer, ...context } = currentContext()
  return runInContext({ ...context, observer: { listener, outer } }, async () => work())
}

/** Runs `work` and returns what it sent: `queries` leaves BEGIN, COMMIT and their like out. */
export async function countStatements<Result>(work: () => Promise<Result> | Result): Promise<{
  readonly result: Result
  readonly statements: readonly Statement[]
  readonly queries: readonly Statement[]
}> {
  const statements: Statement[] = []
  const result = await observeStatements(statement => statements.push(statement), work)
  return { result, statements, queries: statements.filter(({ kind }) => kind === 'query') }
}

/** Sends a statement by `send` and reports it to whoever observes. */
export function observed<Result>(
  sql: string,
  parameterCount: number,
  send: () => Promise<Result>,
): Promise<Result> {
  const { observer } = currentContext()
  return observer === undefined ? send() : observedBy(observer, sql, parameterCount, send)
}

async function observedBy<Result>(
  observer: Observer,
  sql: string,
  parameterCount: number,
  send: () => Promise<Result>,
): Promise<Result> {
  const start = performance.now()
  let isError = true
  try {
    const result = await send()
    isError = false
    return result
  } finally {
    const durationMilliseconds = performance.now() - start
    report(observer, { sql, parameterCount, durationMilliseconds, kind: kindOf(sql), isError })
  }
}

function report(observer: Observer, statement: Statement): void {
  for (let next: Observer | undefined = observer; next !== undefined; next = next.outer)
    next.listener(statement)
}

function kindOf(sql: string): Statement['kind'] {
  return /^\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET TRANSACTION|START TRANSACTION)\b/i.test(sql)
    ? 'transaction'
    : 'query'
}
