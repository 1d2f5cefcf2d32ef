import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type pg from 'pg'

/** Texts whose names are known, at most. */
const mostTexts = 500

/** Statements that one connection keeps prepared, at most: then it is replaced, and its statements go with it. */
const mostPrepared = 300

type Row = (string | null)[]

/** Statements under names, which PostgreSQL parses and plans once for each connection of a pool. */
export class PreparedStatements {
  readonly #names = new LRUCache<string, string>({ max: mostTexts })
  readonly #prepared = new WeakMap<pg.PoolClient, Set<string>>()
  readonly #canPrepare: boolean

  /** @param canPrepare whether a connection's prepared statements are its own */
  constructor(canPrepare: boolean) {
    this.#canPrepare = canPrepare
  }

  /** Sends a statement; its columns have to be texts. */
  send(client: pg.PoolClient, sql: string, values: readonly unknown[]): Promise<pg.QueryArrayResult<Row>> {
    const name = this.#canPrepare ? this.#nameOf(sql) : undefined
    const query = { text: sql, values: values as unknown[], rowMode: 'array' as const }
    if (name === undefined) return client.query(query)
    const names = this.#prepared.get(client) ?? new Set<string>()
    this.#prepared.set(client, names.add(name))
    return client.query({ ...query, name })
  }

  /** The connection keeps so many statements that it had better be replaced. */
  isFull(client: pg.PoolClient): boolean {
    return (this.#prepared.get(client)?.size ?? 0) >= mostPrepared
  }

  /** A text is worth preparing when it comes a second time. */
  #nameOf(sql: string): string | undefined {
    const known = this.#names.get(sql)
    if (known === undefined) {
      this.#names.set(sql, '')
      return undefined
    }
    if (known !== '') return known
    const name = `refract_${createHash('sha256').update(sql).digest('base64url').slice(0, 22)}`
    this.#names.set(sql, name)
    return name
  }
}
