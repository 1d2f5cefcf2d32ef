import type pg from 'pg'
import type { PreparedStatements } from './prepared-statements.ts'
import { observed } from './statements.ts'
import { WorkCancelled } from './work.ts'

/**
 * Returns a function that runs a statement and gives the text in its only column and row; null without a row.
 *
 * @returns rejects with what `pg` does: an error with the SQLSTATE as its `code`, where PostgreSQL has refused the statement
 */
export function createTextReader(
  pool: pg.Pool,
  statements: PreparedStatements,
): (sql: string, values: readonly unknown[]) => Promise<string | null> {
  const send = async (sql: string, values: readonly unknown[]) => {
    const client = await pool.connect()
    try {
      const { rows } = await statements.send(client, sql, values)
      client.release(statements.isFull(client))
      return rows[0]?.[0] ?? null
    } catch (error) {
      client.release(isHarmless(error) ? statements.isFull(client) : true)
      throw error
    }
  }
  return (sql, values) => observed(sql, values.length, () => send(sql, values))
}

/** The connection is as it was: PostgreSQL has refused the statement, or it was never sent. */
export function isHarmless(error: unknown): boolean {
  return error instanceof WorkCancelled || (error instanceof Error && 'severity' in error)
}
