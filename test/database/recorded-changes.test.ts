import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type RecordedTable, recordChangesSql } from '../../src/database/index.ts'
import {
  createTestDatabase,
  findDatabaseKinds,
  openTestPool,
  type TestDatabase,
} from '../support/database.ts'

const tables: readonly RecordedTable[] = [
  { schema: null, table: 'Team', key: ['id'] },
  { schema: null, table: 'member', key: ['Team "Id"', 'r'] },
  { schema: 'other place', table: 'log', key: ['at', 'id'] },
  { schema: null, table: 'kinds', key: ['id'] },
]

// Columns that are called like what the function has in it, and names that have to be quoted.
const schemaSql = `
  CREATE TABLE "Team" (id int PRIMARY KEY, name text, images jsonb);
  CREATE TABLE member (
    "Team ""Id""" int NOT NULL REFERENCES "Team" ON DELETE CASCADE ON UPDATE CASCADE,
    r text NOT NULL, recorded int, image text, tg_op text, table_name text, key text, part text,
    PRIMARY KEY ("Team ""Id""", r)
  );
  CREATE SCHEMA "other place";
  CREATE TABLE "other place".log (id int, at date, what text, PRIMARY KEY (at, id)) PARTITION BY RANGE (at);
  CREATE TABLE "other place".log_2025 PARTITION OF "other place".log FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
  CREATE TABLE "other place".log_2026 PARTITION OF "other place".log FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  CREATE TABLE kinds (
    id int PRIMARY KEY, bytes bytea, place point, words tsvector, gone interval, exact numeric, rough float8,
    zoned timestamptz, days daterange, list text[], document json
  );
  CREATE TABLE plain (id int PRIMARY KEY);`

type Change = {
  readonly table_name: string
  readonly operation: string
  readonly before: Readonly<Record<string, unknown>> | null
  readonly after: Readonly<Record<string, unknown>> | null
}

describe.each(await findDatabaseKinds())('recorded changes on a database of the kind %s', kind => {
  let database: TestDatabase
  let pool: pg.Pool
  let close: () => Promise<void>

  beforeAll(async () => {
    database = await createTestDatabase(kind)
    ;({ pool, close } = openTestPool(database))
    await pool.query(schemaSql)
    await pool.query(recordChangesSql(tables))
  })
  afterAll(async () => {
    await close()
    await database.drop()
  })
  beforeEach(async () => {
    await pool.query('TRUNCATE "Team", member, "other place".log, kinds, plain; DELETE FROM refract.changes')
  })

  const readChanges = async (): Promise<readonly Change[]> =>
    (
      await pool.query(
        'SELECT table_name, operation, before, after FROM refract.changes ORDER BY xid, position',
      )
    ).rows
  const forget = () => pool.query('DELETE FROM refract.changes')
  /** What was recorded, in short: `INSERT public.Team 1`. */
  const summary = async () =>
    (await readChanges()).map(({ operation, table_name, before, after }) =>
      `${operation} ${table_name} ${(after ?? before)?.id ?? ''}`.trim(),
    )

  it('holds each row as to_jsonb has it', async () => {
    await pool.query(`INSERT INTO "Team" VALUES (1, 'One', '{"a": [1]}'), (2, NULL, NULL)`)
    const one = { id: 1, name: 'One', images: { a: [1] } }
    const two = { id: 2, name: null, images: null }
    await pool.query(`UPDATE "Team" SET name = 'Uno' WHERE id = 1`)
    await pool.query('DELETE FROM "Team" WHERE id = 2')
    const table_name = 'public.Team'
    expect(await readChanges()).toEqual([
      { table_name, operation: 'INSERT', before: null, after: one },
      { table_name, operation: 'INSERT', before: null, after: two },
      { table_name, operation: 'UPDATE', before: one, after: { ...one, name: 'Uno' } },
      { table_name, operation: 'DELETE', before: two, after: null },
    ])
  })

  it('records the same image whatever the settings of the writer are', async () => {
    const row = `(1, '\\xff00', '(1,2)', 'a b', '1 day 2 hours', 1.50, 0.1, '2026-01-01T12:00:00Z', '[2026-01-01,2026-02-01)',
      '{a,NULL}', '{"a": 1}')`
    const client = await pool.connect()
    await client.query(`BEGIN; SET LOCAL "TimeZone" = 'Asia/Tokyo'; SET LOCAL bytea_output = 'escape';
      SET LOCAL "IntervalStyle" = 'iso_8601'; SET LOCAL extra_float_digits = 0; SET LOCAL "DateStyle" = 'German, DMY'`)
    await client.query(`INSERT INTO kinds VALUES ${row}`)
    await client.query('COMMIT')
    const { rows } = await client.query(
      "SELECT to_jsonb(k.*) AS image FROM kinds k, set_config('TimeZone', 'UTC', false) AS zone",
    )
    client.release()
    expect((await readChanges())[0]?.after).toEqual(rows[0]?.image)
  })

  it('makes no event of an update that changes nothing, nor of a statement that finds no row', async () => {
    await pool.query(`INSERT INTO "Team" VALUES (1, 'One'), (2, 'Two')`)
    await pool.query(`INSERT INTO kinds (id, place, document) VALUES (1, '(1,2)', '{"a": 1}')`)
    await forget()
    await pool.query('UPDATE "Team" SET name = name')
    await pool.query('UPDATE kinds SET place = place, document = document')
    await pool.query('UPDATE "Team" SET name = $1 WHERE id = 3', ['Three'])
    await pool.query('DELETE FROM "Team" WHERE id = 3')
    await pool.query(`INSERT INTO "Team" SELECT 1 WHERE false`)
    expect(await readChanges()).toEqual([])
    await pool.query(`UPDATE "Team" SET name = 'One'`)
    expect(await summary()).toEqual(['UPDATE public.Team 2'])
  })

  it('takes a changed key for a DELETE and an INSERT', async () => {
    await pool.query('INSERT INTO "Team" (id) VALUES (1)')
    await forget()
    await pool.query('UPDATE "Team" SET id = 9')
    expect((await summary()).toSorted()).toEqual(['DELETE public.Team 1', 'INSERT public.Team 9'])
    await forget()
    await pool.query('INSERT INTO "Team" (id, name) VALUES (10, $1)', ['Ten'])
    await forget()
    // The keys move on by one: 10 takes the place that 9 had.
    await pool.query('ALTER TABLE "Team" DROP CONSTRAINT "Team_pkey" CASCADE')
    await pool.query('UPDATE "Team" SET id = id + 1')
    await pool.query('ALTER TABLE "Team" ADD PRIMARY KEY (id)')
    await pool.query(
      'ALTER TABLE member ADD FOREIGN KEY ("Team ""Id""") REFERENCES "Team" ON DELETE CASCADE ON UPDATE CASCADE',
    )
    expect((await summary()).toSorted()).toEqual([
      'DELETE public.Team 9',
      'INSERT public.Team 11',
      'UPDATE public.Team 10',
    ])
  })

  it('pairs rows by a key of several columns, whatever they and others are called', async () => {
    await pool.query('INSERT INTO "Team" (id) VALUES (1), (2)')
    await pool.query(`INSERT INTO member VALUES (1, 'a', 1), (1, 'b', 2), (2, 'a', 3)`)
    await forget()
    await pool.query('UPDATE member SET recorded = recorded * 10')
    const pairs = (await readChanges()).map(({ before, after }) => [before?.recorded, after?.recorded])
    expect(pairs.toSorted()).toEqual([
      [1, 10],
      [2, 20],
      [3, 30],
    ])
  })

  it('records what foreign keys do', async () => {
    await pool.query('INSERT INTO "Team" (id) VALUES (1), (2)')
    await pool.query(`INSERT INTO member VALUES (1, 'a'), (1, 'b'), (2, 'a')`)
    await forget()
    await pool.query('DELETE FROM "Team" WHERE id = 1')
    expect((await summary()).toSorted()).toEqual([
      'DELETE public.Team 1',
      'DELETE public.member',
      'DELETE public.member',
    ])
    await forget()
    await pool.query('UPDATE "Team" SET id = 3')
    expect(
      (await readChanges()).map(({ table_name, operation }) => `${operation} ${table_name}`).toSorted(),
    ).toEqual(['DELETE public.Team', 'DELETE public.member', 'INSERT public.Team', 'INSERT public.member'])
  })

  it('records what an upsert did: what it inserted and what it updated', async () => {
    await pool.query(`INSERT INTO "Team" VALUES (1, 'One'), (2, 'Two')`)
    await forget()
    await pool.query(`INSERT INTO "Team" VALUES (1, 'Uno'), (2, 'Two'), (3, 'Tre'), (4, 'Four')
      ON CONFLICT (id) DO UPDATE SET name = excluded.name`)
    expect((await summary()).toSorted()).toEqual([
      'INSERT public.Team 3',
      'INSERT public.Team 4',
      'UPDATE public.Team 1',
    ])
    await forget()
    await pool.query(`INSERT INTO "Team" VALUES (1, 'x'), (5, 'Five') ON CONFLICT DO NOTHING`)
    expect(await summary()).toEqual(['INSERT public.Team 5'])
  })

  it('records a thousand rows of one statement by one statement', async () => {
    await pool.query('INSERT INTO "Team" SELECT n, n::text FROM generate_series(1, 1000) AS n')
    await pool.query('UPDATE "Team" SET name = name || \'!\' WHERE id > 10')
    await pool.query('DELETE FROM "Team" WHERE id <= 500')
    const { rows } = await pool.query(
      'SELECT operation, count(*)::int FROM refract.changes GROUP BY operation ORDER BY operation',
    )
    expect(rows).toEqual([
      { operation: 'DELETE', count: 500 },
      { operation: 'INSERT', count: 1000 },
      { operation: 'UPDATE', count: 990 },
    ])
    const wrong = `SELECT FROM refract.changes WHERE operation = 'UPDATE' AND before->>'name' || '!' <> after->>'name'`
    expect((await pool.query(wrong)).rowCount).toBe(0)
  })

  it('takes a TRUNCATE for the DELETE of each row, also where it cascades', async () => {
    await pool.query('INSERT INTO "Team" (id) VALUES (1), (2)')
    await pool.query(`INSERT INTO member VALUES (1, 'a')`)
    await forget()
    await pool.query('TRUNCATE "Team" CASCADE')
    expect((await summary()).toSorted()).toEqual([
      'DELETE public.Team 1',
      'DELETE public.Team 2',
      'DELETE public.member',
    ])
  })

  it('records a partitioned table as one, also a row that moves to another partition', async () => {
    await pool.query(`INSERT INTO "other place".log VALUES (1, '2025-05-05', 'a'), (2, '2026-06-06', 'b')`)
    await pool.query(`UPDATE "other place".log SET what = 'c' WHERE id = 2`)
    await pool.query(`UPDATE "other place".log SET at = '2026-07-07' WHERE id = 1`)
    await pool.query(`DELETE FROM "other place".log WHERE id = 2`)
    await pool.query('TRUNCATE "other place".log')
    const rows = (await summary()).map(line => line.replace(' other place.log', ''))
    expect([...rows.slice(0, 3), ...rows.slice(3, 5).toSorted(), ...rows.slice(5)]).toEqual([
      'INSERT 1',
      'INSERT 2',
      'UPDATE 2',
      'DELETE 1',
      'INSERT 1',
      'DELETE 2',
      'DELETE 1',
    ])
  })

  it('records nothing of what is rolled back, whole or to a savepoint', async () => {
    const client = await pool.connect()
    await client.query('BEGIN; INSERT INTO "Team" (id) VALUES (1); ROLLBACK')
    await client.query('BEGIN; INSERT INTO "Team" (id) VALUES (2); SAVEPOINT here')
    await client.query('INSERT INTO "Team" (id) VALUES (3)')
    await client.query('ROLLBACK TO here; INSERT INTO "Team" (id) VALUES (4); SAVEPOINT there')
    await client.query('INSERT INTO "Team" (id) VALUES (5); RELEASE there; COMMIT')
    client.release()
    expect(await summary()).toEqual(['INSERT public.Team 2', 'INSERT public.Team 4', 'INSERT public.Team 5'])
    const { rows } = await pool.query('SELECT count(DISTINCT xid)::int AS transactions FROM refract.changes')
    expect(rows).toEqual([{ transactions: 1 }])
  })

  it('goes on after a column was added or dropped, in the session that has used the trigger', async () => {
    const client = await pool.connect()
    await client.query(`INSERT INTO "Team" VALUES (1, 'One')`)
    await client.query('ALTER TABLE "Team" ADD COLUMN extra text DEFAULT $$new$$')
    await client.query(`UPDATE "Team" SET name = 'Uno'`)
    await client.query('ALTER TABLE "Team" DROP COLUMN extra')
    await client.query(`INSERT INTO "Team" VALUES (2, 'Two')`)
    client.release()
    expect((await readChanges()).map(({ after }) => after)).toEqual([
      { id: 1, name: 'One', images: null },
      { id: 1, name: 'Uno', images: null, extra: 'new' },
      { id: 2, name: 'Two', images: null },
    ])
  })

  it('can be run again, and keeps what is recorded', async () => {
    await pool.query('INSERT INTO "Team" (id) VALUES (1)')
    await pool.query(recordChangesSql(tables))
    await pool.query('INSERT INTO "Team" (id) VALUES (2)')
    expect(await summary()).toEqual(['INSERT public.Team 1', 'INSERT public.Team 2'])
  })

  it('needs no grant for a writer, who can neither read nor make up events', async () => {
    await pool.query(`DROP ROLE IF EXISTS writer_${process.pid}; CREATE ROLE writer_${process.pid};
      GRANT INSERT ON "Team" TO writer_${process.pid}; GRANT ALL ON SCHEMA public TO writer_${process.pid}`)
    const client = await pool.connect()
    const as = (sql: string) => client.query(sql)
    await as(`SET ROLE writer_${process.pid}`)
    await as('INSERT INTO "Team" (id) VALUES (1)')
    await expect(as('SELECT FROM refract.changes')).rejects.toThrow(/permission denied/)
    await expect(as(`INSERT INTO refract.changes (table_name, operation) VALUES ('a', 'b')`)).rejects.toThrow(
      /permission denied/,
    )
    await as('CREATE TABLE own (id int)')
    await expect(
      as(
        'CREATE TRIGGER own AFTER INSERT ON own REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes()',
      ),
    ).rejects.toThrow(/permission denied/)
    await as('RESET ROLE')
    await as(`DROP OWNED BY writer_${process.pid}; DROP ROLE writer_${process.pid}`)
    client.release()
    expect(await summary()).toEqual(['INSERT public.Team 1'])
  })
})
