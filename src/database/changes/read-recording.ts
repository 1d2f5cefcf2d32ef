import type pg from 'pg'
import { recordFunctionBody } from './outbox-sql.ts'
import { recordingTriggers } from './record-changes.ts'
import { nameRecordedTable, type RecordedTable } from './recorded-table.ts'

/** Runs one statement: `Database.query` and what is like it. */
export type Query = <Row extends pg.QueryResultRow>(sql: string) => Promise<readonly Row[]>

/** What a database records. */
export type RecordingState = {
  /** The outbox is there, and its function is the one of this version. */
  readonly isCurrent: boolean
  /** The tables with triggers of ours, each with the schema that it is in. */
  readonly tables: readonly RecordedState[]
}

export type RecordedState = RecordedTable & {
  readonly schema: string
  /** All triggers are there, with one and the same key, and none is switched off. */
  readonly isComplete: boolean
}

type StateRow = {
  readonly body: string | null
  readonly has_outbox: boolean
  readonly triggers: readonly TriggerRow[]
}

type TriggerRow = {
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly is_enabled: boolean
  /** The arguments as PostgreSQL keeps them, each with a NUL at its end; in hexadecimal. */
  readonly arguments: string
}

const stateSql = `
  WITH function AS (
    SELECT p.oid, p.prosrc FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'refract' AND p.proname = 'record_changes' AND p.pronargs = 0
  )
  SELECT
    (SELECT prosrc FROM function) AS body,
    EXISTS (
      SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'refract' AND c.relname = 'changes'
    ) AS has_outbox,
    coalesce((
      SELECT json_agg(json_build_object(
        'schema', n.nspname, 'table', c.relname, 'name', t.tgname,
        'is_enabled', t.tgenabled IN ('O', 'A'), 'arguments', encode(t.tgargs, 'hex')
      ) ORDER BY n.nspname, c.relname)
      FROM pg_catalog.pg_trigger t
      JOIN function f ON f.oid = t.tgfoid
      JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT t.tgisinternal
    ), '[]') AS triggers`

/** Reads what a database records: one statement on its catalogue, which every role may read. */
export async function readRecordingState(query: Query): Promise<RecordingState> {
  const [row] = await query<StateRow>(stateSql)
  const byTable = new Map<string, TriggerRow[]>()
  for (const trigger of row?.triggers ?? []) {
    const name = JSON.stringify([trigger.schema, trigger.table])
    byTable.set(name, [...(byTable.get(name) ?? []), trigger])
  }
  return {
    isCurrent: row?.has_outbox === true && row.body === recordFunctionBody,
    tables: [...byTable.values()].flatMap(describe),
  }
}

/** The names of the tables whose changes are recorded, as `refract.changes.table_name` has them: `public.issues`. */
export async function readRecordedTables(query: Query): Promise<ReadonlySet<string>> {
  const { tables } = await readRecordingState(query)
  return new Set(tables.filter(table => table.isComplete).map(table => nameRecordedTable(table)))
}

function describe(triggers: readonly TriggerRow[]): RecordedState[] {
  const [first] = triggers
  if (first === undefined) return []
  const isComplete = recordingTriggers.every(({ name }) =>
    triggers.some(
      trigger => trigger.name === name && trigger.is_enabled && trigger.arguments === first.arguments,
    ),
  )
  const key = Buffer.from(first.arguments, 'hex').toString().split('\0').slice(0, -1)
  return [{ schema: first.schema, table: first.table, key, isComplete }]
}
