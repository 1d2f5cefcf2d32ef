import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordChangesSql } from '../../src/database/index.ts'
import { createTestDatabase, hasTestServer, openTestPool, type TestDatabase } from '../support/database.ts'

type Place = { readonly xid: string; readonly position: string }

const start: Place = { xid: '0', position: '0' }

// The embedded database runs one transaction at a time.
describe.runIf(await hasTestServer())('the order of the outbox, with transactions that overlap', () => {
  let database: TestDatabase
  let pool: pg.Pool
  let close: () => Promise<void>

  beforeAll(async () => {
    database = await createTestDatabase('server')
    ;({ pool, close } = openTestPool(database, 12))
    await pool.query('CREATE TABLE item (id int PRIMARY KEY)')
    await pool.query(recordChangesSql([{ schema: null, table: 'item', key: ['id'] }]))
  })
  afterAll(async () => {
    await close()
    await database.drop()
  })

  /** What a reader that has come to `place` may have now. Ordered by the columns: their texts have another order. */
  const readAfter = async ({ xid, position }: Place, limit = 1_000) =>
    (
      await pool.query<Place & { readonly id: number }>(
        `SELECT xid::text, position::text, (after->>'id')::int AS id FROM refract.changes
         WHERE xid < pg_snapshot_xmin(pg_current_snapshot()) AND (xid, position) > ($1::xid8, $2::bigint)
         ORDER BY changes.xid, changes.position LIMIT $3`,
        [xid, position, limit],
      )
    ).rows

  it('shows nothing of what could still get something before it', async () => {
    const [early, late] = [await pool.connect(), await pool.connect()]
    await early.query('BEGIN; INSERT INTO item VALUES (1)')
    await late.query('BEGIN; INSERT INTO item VALUES (2)')
    await late.query('COMMIT')
    expect(await readAfter(start)).toEqual([])
    await early.query('INSERT INTO item VALUES (3)')
    await early.query('COMMIT')
    expect((await readAfter(start)).map(({ id }) => id)).toEqual([1, 3, 2])
    early.release()
    late.release()
  })

  it('loses nothing and shows nothing twice, whoever commits first', async () => {
    const [last = start] = (await readAfter(start)).slice(-1)
    const ids = Array.from({ length: 8 }, (_, writer) =>
      Array.from({ length: 40 }, (_, n) => writer * 100 + 10 + n),
    )
    let isWriting = true
    const writing = Promise.all(ids.map(own => write(pool, own))).finally(() => {
      isWriting = false
    })
    const seen: number[] = []
    let place = last
    const read = async () => {
      const rows = await readAfter(place, 7)
      place = rows.at(-1) ?? place
      seen.push(...rows.map(({ id }) => id))
      return rows.length
    }
    while (isWriting) await read()
    await writing
    while ((await read()) > 0);
    expect(seen.toSorted((a, b) => a - b)).toEqual(ids.flat())
  })
})

/** Transactions of one, two or three rows, of which one in five is rolled back and tried again. */
async function write(pool: pg.Pool, ids: readonly number[]): Promise<void> {
  const client = await pool.connect()
  for (let index = 0; index < ids.length; ) {
    const own = ids.slice(index, index + 1 + (index % 3))
    await client.query('BEGIN')
    for (const id of own) await client.query('INSERT INTO item VALUES ($1)', [id])
    if (index % 5 === 4) {
      await client.query('ROLLBACK')
      await client.query('BEGIN')
      for (const id of own) await client.query('INSERT INTO item VALUES ($1)', [id])
    }
    await client.query('COMMIT')
    index += own.length
  }
  client.release()
}
