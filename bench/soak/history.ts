import type pg from 'pg'
import { encodePosition } from '../../src/engine/changes/position.ts'
import type { ChangeType, RowState, Watch } from './watches.ts'

/** A row of `refract.changes`, without what no subscriber looks at. */
export interface LoggedChange {
  readonly cursor: string
  readonly table: string
  readonly operation: 'INSERT' | 'UPDATE' | 'DELETE'
  readonly id: string
  readonly before: RowState | null
  readonly after: RowState | null
  /** Names of fields. */
  readonly changed: readonly string[]
}

/** What a subscriber should have got. */
export interface ExpectedEvent {
  readonly cursor: string
  readonly type: ChangeType
  /** Sorted. */
  readonly changedFields: readonly string[]
  readonly nodeId: string
}

const pageSize = 5_000

/** The whole log, in its order. */
export async function readHistory(client: pg.Client): Promise<readonly LoggedChange[]> {
  const history: LoggedChange[] = []
  let last: readonly [string, string] = ['0', '0']
  for (;;) {
    const { rows } = await client.query(
      `SELECT xid::text AS xid, position::text AS position, table_name, operation, before, after FROM refract.changes
       WHERE table_name IN ('public.issues', 'public.teams') AND (xid, position) > ($1::xid8, $2::bigint)
       ORDER BY refract.changes.xid, refract.changes.position LIMIT ${pageSize}`,
      [...last],
    )
    history.push(...rows.map(toLoggedChange))
    const end = rows.at(-1)
    if (!end) return history
    last = [end.xid, end.position]
  }
}

/**
 * How many rows of the journal, which the writers kept by themselves, are not in the log, or the other way round, or
 * were changed in another order by one transaction.
 */
export async function compareWithJournal(client: pg.Client): Promise<{ rows: number; differences: number }> {
  const { rows } = await client.query(`
    WITH written AS (
      SELECT xid, issue_id::text AS id, string_agg(operation, ' ' ORDER BY id) AS operations, count(*) AS count
      FROM soak.journal GROUP BY xid, issue_id
    ), logged AS (
      SELECT xid, coalesce(after, before) ->> 'id' AS id, string_agg(operation, ' ' ORDER BY position) AS operations
      FROM refract.changes WHERE table_name = 'public.issues' GROUP BY 1, 2
    )
    SELECT coalesce(sum(written.count), 0)::int AS rows,
      count(*) FILTER (WHERE written.operations IS DISTINCT FROM logged.operations)::int AS differences
    FROM written FULL JOIN logged USING (xid, id)`)
  return rows[0]
}

/** What of the history a watch is about, by the words of the guide to subscriptions and not by the code behind it. */
export function expectedEvents(watch: Watch, history: readonly LoggedChange[]): readonly ExpectedEvent[] {
  return history.flatMap(change => {
    if (change.table !== watch.table) return []
    const [was, is] = [change.before, change.after].map(row => row !== null && matches(watch, row))
    const type = typeOf(change, was === true, is === true)
    if (!type || (watch.types && !watch.types.includes(type))) return []
    const isKnown = [change.before, change.after].every(row => row !== null && watch.isVisible(row))
    return [
      {
        ...{ cursor: change.cursor, type, nodeId: nodeIdOf(change) },
        changedFields: isKnown ? change.changed : [],
      },
    ]
  })
}

function matches(watch: Watch, row: RowState): boolean {
  return watch.isVisible(row) && watch.isWanted(row)
}

function typeOf({ operation, changed }: LoggedChange, was: boolean, is: boolean): ChangeType | undefined {
  if (operation === 'INSERT') return is ? 'CREATED' : undefined
  if (operation === 'DELETE') return was ? 'DELETED' : undefined
  if (was && is) return changed.length > 0 ? 'UPDATED' : undefined
  if (was) return 'LEFT'
  return is ? 'ENTERED' : undefined
}

function nodeIdOf({ table, id }: LoggedChange): string {
  return Buffer.from(JSON.stringify([table === 'issues' ? 'Issue' : 'Team', id])).toString('base64url')
}

type Image = Readonly<Record<string, unknown>>

function toLoggedChange(row: pg.QueryResultRow): LoggedChange {
  const before = row.before as Image | null
  const after = row.after as Image | null
  const table = String(row.table_name).replace('public.', '')
  return {
    ...{ table, operation: row.operation, id: String((after ?? before)?.id) },
    cursor: encodePosition({ transaction: BigInt(row.xid), sequence: BigInt(row.position) }),
    before: before && toRowState(table, before),
    after: after && toRowState(table, after),
    changed: before && after ? changedFields(before, after) : [],
  }
}

function toRowState(table: string, image: Image): RowState {
  const text = (name: string) => String(image[name])
  return {
    teamId: text(table === 'teams' ? 'id' : 'team_id'),
    status: text('status'),
    priority: text('priority'),
  }
}

/** The API has no field for the column of the search. */
function changedFields(before: Image, after: Image): readonly string[] {
  return Object.keys(after)
    .filter(name => name !== 'search_vector' && JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .map(name => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()))
    .toSorted()
}
