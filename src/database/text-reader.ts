import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type pg from 'pg'
import { observed } from './statements.ts'
import { WorkCancelled } from './work.ts'

/** Texts whose names are known, at most. */
const mostTexts = 500

/** Statements that one connection keeps prepared, at most: then it is replaced, and its statements go with it. */
const mostPrepared = 300

/**
 * Returns a function that runs a statement and gives the text in its only column and row; null without a row.
 *
 * @param canPrepare whether a connection's prepared statements are its own: then PostgreSQL plans a statement that comes
 *   again once for each connection
 * @returns rejects with what `pg` does: an error with the SQLSTATE as its `code`, where PostgreSQL has refused the statement
 */
export function createTextReader(
  pool: pg.Pool,
  canPrepare: boolean,
): (sql: string, values: readonly unknown[]) => Promise<string | null> {
  const nameOf = createNames()
  const prepared = new WeakMap<pg.PoolClient, Set<string>>()
  const send = async (sql: string, values: readonly unknown[]) => {
    const client = await pool.connect()
    let isFull = false
    try {
      const name = canPrepare ? nameOf(sql) : undefined
      if (name !== undefined) {
        const names = prepared.get(client) ?? new Set<string>()
        prepared.set(client, names.add(name))
        isFull = names.size >= mostPrepared
      }
      const { rows } = await client.query<[string | null]>({
        text: sql,
        values: values as unknown[],
        rowMode: 'array',
        ...(name === undefined ? {} : { name }),
      })
      client.release(isFull)
      return rows[0]?.[0] ?? null
    } catch (error) {
      client.release(isHarmless(error) ? isFull : true)
      throw error
    }
  }
  return (sql, values) => observed(sql, values.length, () => send(sql, values))
}

/** The connection is as it was: PostgreSQL has refused the statement, or it was never sent. */
function isHarmless(error: unknown): boolean {
  return error instanceof WorkCancelled || (error instanceof Error && 'severity' in error)
}

/** A text is worth preparing when it comes a second time. */
function createNames(): (sql: string) => string | undefined {
  const names = new LRUCache<string, string>({ max: mostTexts })
  return sql => {
    const known = names.get(sql)
    if (known === undefined) {
      names.set(sql, '')
      return undefined
    }
    if (known !== '') return known
    const name = `refract_${createHash('sha256').update(sql).digest('base64url').slice(0, 22)}`
    names.set(sql, name)
    return name
  }
}
