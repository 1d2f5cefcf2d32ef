import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type pg from 'pg'
import { getOrCreate } from '../lib/get-or-create.ts'

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
    const name = this.nameFor(client, sql)
    const query = { text: sql, values: values as unknown[], rowMode: 'array' as const }
    return client.query(name === '' ? query : { ...query, name })
  }

  /** The name that a statement is to be sent under, as it will be; empty where it is not to be prepared. */
  nameFor(client: pg.PoolClient, sql: string): string {
    const name = this.#canPrepare ? this.#nameOf(sql) : ''
    if (name !== '') getOrCreate(this.#prepared, client, () => new Set<string>()).add(name)
    return name
  }

  /** The connection keeps so many statements that it had better be replaced. */
  isFull(client: pg.PoolClient): boolean {
    return (this.#prepared.get(client)?.size ?? 0) >= mostPrepared
  }

  /** A text is worth preparing when it comes a second time: it has no name the first time. */
  #nameOf(sql: string): string {
    const known = this.#names.get(sql)
    if (known === undefined) {
      this.#names.set(sql, '')
      return ''
    }
    if (known !== '') return known
    const name = `refract_${createHash('sha256').update(sql).digest('base64url').slice(0, 22)}`
    this.#names.set(sql, name)
    return name
  }
}
