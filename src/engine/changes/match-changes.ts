import type { Datamodel, Model } from '../datamodel/model.ts'
import type { Where } from '../operations/client.ts'
import { createSqlContext, type SqlContext } from '../operations/sql/sql-context.ts'
import { whereSql } from '../operations/sql/where-sql.ts'
import { quoteIdentifier, quoteTable } from '../operations/sql-name.ts'
import { isEveryRow, isNoRow } from '../policy/logic.ts'
import type { Change, ChangeType } from './change.ts'
import { loggedTable } from './change-log.ts'
import type { ChangeSource } from './change-source.ts'
import { createRowJudge } from './judge-rows.ts'
import type { Position } from './position.ts'

/** What somebody may see, and has asked for, of a model's rows. */
export interface Interest {
  readonly model: Model
  /** The rows that exist for the viewer. */
  readonly visible: Where
  /** Those of them that were asked for. */
  readonly wanted: Where
  /** By Prisma name the fields that can be read in some rows only, or in none. */
  readonly fields: ReadonlyMap<string, Where>
}

/** A change as it is to those with an interest. */
export interface SeenChange {
  readonly change: Change
  readonly type: ChangeType
  /** The Prisma names of the fields that have other values now, out of those that can be read before or after. */
  readonly changedFields: readonly string[]
}

/** What holds of a row, before and after a change. */
export type Sides = readonly [before: boolean, after: boolean]

export interface Verdict {
  readonly visible: Sides
  readonly wanted: Sides
  readonly fields: ReadonlyMap<string, Sides>
}

/** Of the changes of the model those that concern an interest: one statement for all of them, or none where rows tell. */
export async function matchChanges(
  datamodel: Datamodel,
  source: ChangeSource,
  interest: Interest,
  changes: readonly Change[],
): Promise<readonly SeenChange[]> {
  const own = changes.filter(({ model }) => model === interest.model)
  if (own.length === 0 || isNoRow(interest.wanted)) return []
  const rows = createRowJudge(datamodel, interest)
  const isRead = rows?.columns.every(name =>
    own.every(({ before, after }) => name in (after ?? before ?? {})),
  )
  const verdicts =
    rows && isRead ? own.map(rows.judge) : await judge(datamodel, source, interest, own, changes)
  return own.flatMap((change, index) => {
    const seen = verdicts[index]
    return seen ? see(change, seen) : []
  })
}

function see(change: Change, { visible, wanted, fields }: Verdict): readonly SeenChange[] {
  const [was, is] = wanted
  if (!was && !is) return []
  if (change.operation !== 'UPDATE')
    return [{ change, type: change.operation === 'INSERT' ? 'CREATED' : 'DELETED', changedFields: [] }]
  const changedFields = change.changed.filter(name => (fields.get(name) ?? [true, true]).some(Boolean))
  if (was && is) return changedFields.length > 0 ? [{ change, type: 'UPDATED', changedFields }] : []
  const isKnown = visible.every(Boolean)
  return [{ change, type: is ? 'ENTERED' : 'LEFT', changedFields: isKnown ? changedFields : [] }]
}

/**
 * Asks the database about the images that the log has of the rows. What conditions say of related rows is asked of those
 * that there are now, and of the row before the change of those as well that the same transaction has deleted: a row that
 * goes along with another one was to be seen with it.
 */
async function judge(
  datamodel: Datamodel,
  source: ChangeSource,
  interest: Interest,
  own: readonly Change[],
  all: readonly Change[],
): Promise<readonly (Verdict | undefined)[]> {
  const after = createSqlContext(datamodel)
  const transactions = after.parameter(
    own.map(({ position }) => String(position.transaction)),
    'xid8[]',
  )
  const sequences = after.parameter(
    own.map(({ position }) => String(position.sequence)),
    'bigint[]',
  )
  const before: SqlContext = {
    datamodel,
    parameter: (value, type) => after.parameter(value, type),
    nextAlias: () => after.nextAlias(),
    tableOf: withDeleted(source.schema, after, all),
  }
  // a policy can look at columns that the API does not have
  const model = datamodel.model(interest.model.name)
  const table = qualified(model, source.schema)
  const conditions = [interest.visible, interest.wanted, ...interest.fields.values()]
  const columns = conditions.flatMap((where, index) => [
    `${imageMeets(before, model, table, where, 'before')} AS "before ${index}"`,
    `${imageMeets(after, model, table, where, 'after')} AS "after ${index}"`,
  ])
  const rows = await source.query(
    `SELECT c.xid::text AS xid, c.position::text AS position, ${columns.join(', ')}
     FROM unnest(${transactions}, ${sequences}) AS p (xid, position)
     JOIN refract.changes c ON c.xid = p.xid AND c.position = p.position`,
    after.values,
  )
  const byPlace = new Map(rows.map(row => [`${row.xid} ${row.position}`, row]))
  const names = [...interest.fields.keys()]
  return own.map(({ position }) => {
    const row = byPlace.get(placeText(position))
    // it has been pruned in the meantime
    if (!row) return undefined
    const sides = (index: number): Sides => [row[`before ${index}`] === true, row[`after ${index}`] === true]
    return {
      visible: sides(0),
      wanted: sides(1),
      fields: new Map(names.map((name, index) => [name, sides(index + 2)])),
    }
  })
}

function imageMeets(
  context: SqlContext,
  model: Model,
  table: string,
  where: Where,
  image: 'before' | 'after',
): string {
  if (isEveryRow(where)) return `c.${image} IS NOT NULL`
  if (isNoRow(where)) return 'false'
  const row = `jsonb_populate_record(NULL::${table}, c.${image})`
  return `c.${image} IS NOT NULL AND coalesce((SELECT ${whereSql(context, model, where, 't')} FROM ${row} AS t), false)`
}

/** The table with its schema in any case: as a type, `"box"` alone would be PostgreSQL's own. */
function qualified({ databaseSchema, table }: Model, defaultSchema: string): string {
  return `${quoteIdentifier(databaseSchema ?? defaultSchema)}.${quoteIdentifier(table)}`
}

function placeText({ transaction, sequence }: Position): string {
  return `${transaction} ${sequence}`
}

/** The rows of a table together with those that the transaction of the change `c` has deleted from it. */
function withDeleted(
  defaultSchema: string,
  context: SqlContext,
  changes: readonly Change[],
): (model: Model) => string {
  const deleted = new Set(
    changes.map(({ operation, model }) => (operation === 'DELETE' ? model?.name : undefined)),
  )
  return model => {
    if (!deleted.has(model.name)) return quoteTable(model)
    const table = qualified(model, defaultSchema)
    return (
      `(SELECT * FROM ${table} UNION ALL SELECT gone.* FROM refract.changes d ` +
      `CROSS JOIN LATERAL jsonb_populate_record(NULL::${table}, d.before) AS gone ` +
      `WHERE d.xid = c.xid AND d.operation = 'DELETE' AND d.table_name = ${context.parameter(loggedTable(model, defaultSchema), 'text')})`
    )
  }
}
