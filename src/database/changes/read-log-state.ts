import type { Query } from './read-recording.ts'

/** What an operator has to know of the log of changes. */
export interface ChangeLogState {
  /** How many changes are kept: counted, or estimated where there are very many. */
  readonly rows: number
  /** On the disk, with indexes. */
  readonly bytes: number
  /** Since the oldest change that is kept was written; 0 where there is none. */
  readonly oldestSeconds: number
  /** Changes that are committed and cannot be delivered yet: a transaction that began to write before them still runs. */
  readonly heldRows: number
  /** Since the oldest of those was written; 0 where there is none. */
  readonly heldSeconds: number
  /** The transaction of the server that began to write first and still runs, as far as the role may see it. */
  readonly oldestWriter: OldestWriter | null
  /** Whether the role sees what others do (`pg_read_all_stats`). */
  readonly seesWriters: boolean
}

export interface OldestWriter {
  /** Null for a prepared transaction, which no process has any more. */
  readonly pid: number | null
  /** The name that the client gave itself, or the prepared transaction's. */
  readonly name: string
  readonly user: string
  readonly database: string
  /** As `pg_stat_activity` has it: `idle in transaction`; or `prepared`. */
  readonly state: string
  /** Since the transaction began. */
  readonly seconds: number
}

/** Above so many bytes rows are estimated: to count them would read as much. */
const countedBytes = 64 * 1_024 * 1_024

const isReadableSql = `
  SELECT coalesce(has_table_privilege(to_regclass('refract.changes'), 'SELECT'), false)
    AND has_schema_privilege(to_regnamespace('refract'), 'USAGE') AS is_readable`

const stateSql = `
  SELECT
    (CASE WHEN pg_relation_size('refract.changes') < ${countedBytes} THEN (SELECT count(*) FROM refract.changes)
      ELSE (SELECT n_live_tup FROM pg_stat_all_tables WHERE relid = 'refract.changes'::regclass) END)::float8 AS rows,
    pg_total_relation_size('refract.changes')::float8 AS bytes,
    coalesce((
      SELECT extract(epoch FROM clock_timestamp() - at) FROM refract.changes ORDER BY xid, position LIMIT 1
    ), 0)::float8 AS oldest_seconds,
    held.rows::float8 AS held_rows, held.seconds::float8 AS held_seconds,
    pg_has_role('pg_read_all_stats', 'USAGE') AS sees_writers
  FROM (
    SELECT count(*) AS rows, coalesce(extract(epoch FROM clock_timestamp() - min(at)), 0) AS seconds
    FROM refract.changes WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())
  ) AS held`

// numbers of transactions have no order but their age
const writerSql = `
  SELECT pid, name, "user", database, state, seconds::float8 AS seconds FROM (
    SELECT pid, application_name AS name, usename::text AS user, datname::text AS database, state,
      extract(epoch FROM clock_timestamp() - xact_start) AS seconds, age(backend_xid) AS age
    FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
    UNION ALL
    SELECT NULL, gid, owner::text, database::text, 'prepared',
      extract(epoch FROM clock_timestamp() - prepared), age(transaction)
    FROM pg_prepared_xacts
  ) AS writers
  ORDER BY age DESC LIMIT 1`

/** Reads the state of the log; null where there is none, or the role may not read it. */
export async function readChangeLogState(query: Query): Promise<ChangeLogState | null> {
  const [access] = await query<{ readonly is_readable: boolean | null }>(isReadableSql)
  if (access?.is_readable !== true) return null
  const [[state], [writer]] = await Promise.all([query(stateSql), query(writerSql)])
  return {
    rows: state?.rows ?? 0,
    bytes: state?.bytes ?? 0,
    oldestSeconds: state?.oldest_seconds ?? 0,
    heldRows: state?.held_rows ?? 0,
    heldSeconds: state?.held_seconds ?? 0,
    oldestWriter: (writer as OldestWriter | undefined) ?? null,
    seesWriters: state?.sees_writers === true,
  }
}
