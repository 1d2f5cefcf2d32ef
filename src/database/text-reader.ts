import type { PreparedStatements } from './prepared-statements.ts'
import { observed } from './statements.ts'
import { TextQuery } from './text-query.ts'
import { sendFor } from './track-statements.ts'
import { type RunningWork, runningWorkOf, WorkCancelled } from './work.ts'
import type { WorkPool } from './work-pool.ts'

/**
 * Runs a statement and gives the text in its only column and row; null without a row.
 *
 * @param owner the work that it belongs to, as `startWork` has given it. Default: what is running here
 * @returns rejects with what `pg` does: an error with the SQLSTATE as its `code`, where PostgreSQL has refused the statement
 */
export type ReadText = (sql: string, values: readonly unknown[], owner?: unknown) => Promise<string | null>

/** Returns what reads texts on the connections of a pool. */
export function createTextReader(pool: WorkPool, statements: PreparedStatements): ReadText {
  const send = (sql: string, values: readonly unknown[], work: RunningWork | undefined) =>
    new Promise<string | null>((resolve, reject) => {
      pool.connectFor(work, (failure, client) => {
        if (!client) {
          reject(failure)
          return
        }
        const query = new TextQuery(sql, statements.nameFor(client, sql), values)
        sendFor(client, work, query, (error, text) => {
          client.release(error && !isHarmless(error) ? true : statements.isFull(client))
          if (error) reject(error)
          else resolve(text ?? null)
        })
      })
    })
  return (sql, values, owner) => observed(sql, values.length, () => send(sql, values, runningWorkOf(owner)))
}

/** The connection is as it was: PostgreSQL has refused the statement and nothing more, or it was never sent. */
export function isHarmless(error: unknown): boolean {
  if (error instanceof WorkCancelled) return true
  // with FATAL the server hangs up
  return error instanceof Error && 'severity' in error && error.severity === 'ERROR'
}
