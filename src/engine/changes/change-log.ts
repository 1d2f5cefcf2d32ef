import type { Datamodel, Model, ScalarField } from '../datamodel/model.ts'
import type { Row } from '../operations/client.ts'
import { keyOf } from '../operations/key.ts'
import { pointFields } from '../operations/write/plan-values.ts'
import type { Change } from './change.ts'
import type { ChangeSource } from './change-source.ts'
import { readImage } from './image-values.ts'
import { origin, type Position } from './position.ts'
import type { ReadColumns } from './read-columns.ts'

/** Changes in their order, and how far the log has been read with them. */
export interface ChangeBatch {
  readonly changes: readonly Change[]
  /** Everything up to here has been read. */
  readonly until: Position
  /** There may be more at once: as many were read as one statement reads. */
  readonly isFull: boolean
  /** Changes have been committed that have to wait for a transaction which began before them. */
  readonly isHeldUp: boolean
}

/** What had been committed at a moment, as PostgreSQL's `pg_snapshot` says it. */
export interface Snapshot {
  includes(transaction: bigint): boolean
}

/** The log of changes, which triggers of the database write: statements that read it. */
export interface ChangeLog {
  /** The changes after a position, at most `limit`. */
  read(after: Position, limit: number): Promise<ChangeBatch>
  /** The last position that nothing can come before any more. */
  latest(): Promise<Position>
  /** Whether the change of a position is there still. All after it are as well, then. */
  has(position: Position): Promise<boolean>
  snapshot(): Promise<Snapshot>
  /** Milliseconds since the next change after a position was written; 0 where there is none. */
  waiting(after: Position): Promise<number>
  /**
   * Deletes changes that are older than so many milliseconds, at most `limit`, never the last one, and none that comes after
   * one which stays. Returns how many.
   */
  prune(maximumAge: number, limit: number): Promise<number>
}

/** The table's name in the log of changes. */
export function loggedTable({ databaseSchema, table }: Model, defaultSchema: string): string {
  return `${databaseSchema ?? defaultSchema}.${table}`
}

/** @param columns what is read of the rows; looked at each time */
export function createChangeLog(datamodel: Datamodel, source: ChangeSource, columns: ReadColumns): ChangeLog {
  const models = new Map(
    datamodel.models
      .filter(({ isRecorded }) => isRecorded)
      .map(model => [loggedTable(model, source.schema), model]),
  )
  return {
    async read(after, limit) {
      const fields = new Map([...models.values()].map(model => [model, columns.of(model)]))
      const rows = await source.query(readStatement, [
        String(after.transaction),
        String(after.sequence),
        JSON.stringify(
          Object.fromEntries(
            [...fields].map(([model, read]) => [
              loggedTable(model, source.schema),
              read.map(field => field.column),
            ]),
          ),
        ),
        limit,
      ])
      const safe = rows.filter(row => row.is_safe === true)
      const changes = safe.map(row => {
        const model = models.get(String(row.table_name)) ?? null
        return toChange(datamodel, model, (model && fields.get(model)) ?? [], row)
      })
      return {
        changes,
        until: changes.at(-1)?.position ?? after,
        isFull: safe.length === limit,
        isHeldUp: safe.length < rows.length,
      }
    },
    async latest() {
      const [row] = await source.query(latestStatement, [])
      return row ? toPosition(row) : origin
    },
    async has({ transaction, sequence }) {
      const rows = await source.query(
        'SELECT FROM refract.changes WHERE xid = $1::xid8 AND position = $2::bigint',
        [String(transaction), String(sequence)],
      )
      return rows.length > 0
    },
    async snapshot() {
      const [row] = await source.query('SELECT pg_current_snapshot()::text AS snapshot', [])
      return parseSnapshot(String(row?.snapshot))
    },
    async waiting({ transaction, sequence }) {
      const [row] = await source.query(waitingStatement, [String(transaction), String(sequence)])
      return Number(row?.milliseconds ?? 0)
    },
    async prune(maximumAge, limit) {
      const rows = await source.query(pruneStatement, [maximumAge, limit])
      return rows.length
    },
  }
}

// The rows are ordered by transaction. One with a lower number than those that still run cannot be joined by rows any
// more; of a later one it is not known yet what comes before it.
const readStatement = `
  SELECT c.xid::text AS xid, c.position::text AS position, c.at, c.table_name, c.operation::text AS operation,
    c.xid < pg_snapshot_xmin(pg_current_snapshot()) AS is_safe,
    CASE WHEN c.before IS NOT NULL THEN ARRAY(
      SELECT c.before ->> k.name
      FROM jsonb_array_elements_text($3::jsonb -> c.table_name) WITH ORDINALITY AS k (name, place) ORDER BY k.place
    ) END AS before,
    CASE WHEN c.after IS NOT NULL THEN ARRAY(
      SELECT c.after ->> k.name
      FROM jsonb_array_elements_text($3::jsonb -> c.table_name) WITH ORDINALITY AS k (name, place) ORDER BY k.place
    ) END AS after,
    CASE WHEN c.operation::text = 'UPDATE' AND $3::jsonb ? c.table_name THEN ARRAY(
      SELECT a.key FROM jsonb_each(c.after) a JOIN jsonb_each(c.before) b USING (key)
      WHERE a.value IS DISTINCT FROM b.value
    ) ELSE '{}' END AS changed
  FROM refract.changes c
  WHERE (c.xid, c.position) > ($1::xid8, $2::bigint)
  ORDER BY c.xid, c.position
  LIMIT $4::int`

const latestStatement = `
  SELECT xid::text AS xid, position::text AS position FROM refract.changes
  WHERE xid < pg_snapshot_xmin(pg_current_snapshot())
  ORDER BY refract.changes.xid DESC, refract.changes.position DESC LIMIT 1`

const waitingStatement = `
  SELECT extract(epoch FROM clock_timestamp() - at)::float8 * 1000 AS milliseconds FROM refract.changes
  WHERE (xid, position) > ($1::xid8, $2::bigint)
  ORDER BY xid, position LIMIT 1`

// Only ever the beginning of the log: so whoever's last change is there has missed nothing.
const pruneStatement = `
  WITH oldest AS (
    SELECT xid, position, at < now() - $1::float8 * interval '1 millisecond' AS is_old
    FROM refract.changes ORDER BY xid, position LIMIT $2::int
  ), young AS (
    SELECT xid, position FROM oldest WHERE NOT is_old ORDER BY xid, position LIMIT 1
  ), last AS (
    SELECT xid, position FROM refract.changes ORDER BY xid DESC, position DESC LIMIT 1
  )
  DELETE FROM refract.changes c USING oldest o
  WHERE c.xid = o.xid AND c.position = o.position
    AND NOT EXISTS (SELECT FROM young y WHERE (y.xid, y.position) <= (o.xid, o.position))
    AND NOT EXISTS (SELECT FROM last l WHERE l.xid = o.xid AND l.position = o.position)
  RETURNING 1`

function toPosition(row: Row): Position {
  return { transaction: BigInt(String(row.xid)), sequence: BigInt(String(row.position)) }
}

function toChange(
  datamodel: Datamodel,
  model: Model | null,
  fields: readonly ScalarField[],
  row: Row,
): Change {
  const changed = new Set(row.changed as readonly string[])
  const read = (texts: unknown) =>
    model && Array.isArray(texts) ? readImage(datamodel, fields, texts as readonly (string | null)[]) : null
  const [before, after] = [read(row.before), read(row.after)]
  return {
    position: toPosition(row),
    at: row.at as Date,
    model,
    operation: row.operation as Change['operation'],
    key: model ? keyOf(model, after ?? before ?? {}) : {},
    before,
    after,
    changed: model
      ? [...model.scalars, ...pointFields(model)]
          .filter(({ column }) => changed.has(column))
          .map(({ name }) => name)
      : [],
  }
}

/** `xmin:xmax:xip,…`: what is below the first and not from the second on, and none of the rest, has been committed. */
function parseSnapshot(text: string): Snapshot {
  const [minimum = '0', maximum = '0', running = ''] = text.split(':')
  const still = new Set(running.split(',').filter(Boolean).map(BigInt))
  const [lowest, highest] = [BigInt(minimum), BigInt(maximum)]
  return {
    includes: transaction => transaction < lowest || (transaction < highest && !still.has(transaction)),
  }
}
