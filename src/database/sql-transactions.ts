import type pg from 'pg'
import type { PreparedStatements } from './prepared-statements.ts'
import { observed } from './statements.ts'
import { isHarmless } from './text-reader.ts'
import { beginFor } from './track-statements.ts'
import { type RunningWork, runningWorkOf } from './work.ts'
import type { WorkPool } from './work-pool.ts'

/** What a statement gave. */
export interface SqlResult {
  readonly rows: readonly (readonly (string | null)[])[]
  /** The rows that it wrote or found. */
  readonly count: number
}

/** Sends a statement of a transaction; its columns have to be texts. */
export type SendSql = (sql: string, values: readonly unknown[]) => Promise<SqlResult>

/**
 * Runs `work` in one transaction and commits it; what it throws rolls everything back.
 *
 * @param timeout milliseconds until no further statement is sent
 * @param owner the work that it belongs to, as `startWork` has given it. Default: what is running here
 * @returns rejects with what `work` or `pg` threw; with CommitLost, where nobody knows what became of it
 */
export type Transact = <Result>(
  work: (send: SendSql) => Promise<Result>,
  options: { readonly timeout: number; readonly owner?: unknown },
) => Promise<Result>

/** The connection broke while the transaction was being committed: it may be done, or not. */
export class CommitLost extends Error {
  readonly isOutcomeUnknown = true

  constructor(cause: unknown) {
    super('The connection broke at the COMMIT', { cause })
    this.name = 'CommitLost'
  }
}

/** What a statement fails with that comes too late. */
class TransactionTimeout extends Error {
  /** As PostgreSQL says it of a statement that it ended: query_canceled. */
  readonly code = '57014'

  constructor(timeout: number) {
    super(`The transaction took longer than ${timeout} milliseconds`)
    this.name = 'TransactionTimeout'
  }
}

/** Returns a function that runs transactions on connections of the pool, without Prisma. */
export function createTransactions(pool: WorkPool, statements: PreparedStatements): Transact {
  return async (work, { timeout, owner }) => {
    const running = runningWorkOf(owner)
    const client = await connect(pool, running)
    const transaction = new SqlTransaction(client, statements, timeout)
    try {
      await transaction.begin(running)
      const result = await work((sql, values) => transaction.send(sql, values))
      await transaction.commit()
      return result
    } catch (error) {
      await transaction.rollback()
      throw error
    } finally {
      client.release(transaction.isBroken || statements.isFull(client))
    }
  }
}

function connect(pool: WorkPool, work: RunningWork | undefined): Promise<pg.PoolClient> {
  return new Promise((resolve, reject) => {
    pool.connectFor(work, (error, client) => (client ? resolve(client) : reject(error)))
  })
}

class SqlTransaction {
  isBroken = false
  #isOpen = false
  readonly #client: pg.PoolClient
  readonly #statements: PreparedStatements
  readonly #timeout: number
  readonly #deadline: number

  constructor(client: pg.PoolClient, statements: PreparedStatements, timeout: number) {
    this.#client = client
    this.#statements = statements
    this.#timeout = timeout
    this.#deadline = performance.now() + timeout
  }

  async begin(work: RunningWork | undefined): Promise<void> {
    await observed('BEGIN', 0, () => this.#noting(beginFor(this.#client, work)))
    this.#isOpen = true
  }

  async send(sql: string, values: readonly unknown[]): Promise<SqlResult> {
    this.#assertInTime()
    const { rows, rowCount } = await observed(sql, values.length, () =>
      this.#noting(this.#statements.send(this.#client, sql, values)),
    )
    return { rows, count: rowCount ?? 0 }
  }

  async commit(): Promise<void> {
    this.#assertInTime()
    this.#isOpen = false
    try {
      await this.#run('COMMIT')
    } catch (error) {
      // refused for a deferred constraint, or not sent at all
      throw isHarmless(error) ? error : new CommitLost(error)
    }
  }

  /** Rolls back what is open; never rejects. */
  async rollback(): Promise<void> {
    if (!this.#isOpen || this.isBroken) return
    this.#isOpen = false
    try {
      await this.#run('ROLLBACK')
    } catch {
      this.isBroken = true
    }
  }

  #assertInTime(): void {
    if (performance.now() > this.#deadline) throw new TransactionTimeout(this.#timeout)
  }

  async #run(sql: string): Promise<void> {
    await observed(sql, 0, () => this.#noting(this.#client.query(sql)))
  }

  async #noting<Result>(sent: Promise<Result>): Promise<Result> {
    try {
      return await sent
    } catch (error) {
      if (!isHarmless(error)) this.isBroken = true
      throw error
    }
  }
}
