import { outboxSql } from './outbox-sql.ts'
import type { RecordingState } from './read-recording.ts'
import { createTriggersSql, dropTriggersSql } from './record-changes.ts'
import { nameRecordedTable, type RecordedTable } from './recorded-table.ts'

/** What a schema wants to be recorded, and which of its tables it does not want to be. */
export type WantedRecording = {
  readonly recorded: readonly RecordedTable[]
  readonly unrecorded: readonly Pick<RecordedTable, 'schema' | 'table'>[]
}

/**
 * The SQL that makes a database record what is wanted; undefined where it does already. Tables that the schema does not
 * name are left as they are. `defaultSchema` is where the tables are whose schema is not said.
 */
export function planRecording(
  { isCurrent, tables }: RecordingState,
  { recorded, unrecorded }: WantedRecording,
  defaultSchema = 'public',
): string | undefined {
  const present = new Map(tables.map(table => [nameRecordedTable(table), table]))
  const isRecorded = (table: RecordedTable) => {
    const found = present.get(nameRecordedTable(table, defaultSchema))
    return found?.isComplete === true && JSON.stringify(found.key) === JSON.stringify(table.key)
  }
  const missing = recorded.filter(table => !isRecorded(table))
  const superfluous = unrecorded.filter(table => present.has(nameRecordedTable(table, defaultSchema)))
  const needsOutbox = recorded.length > 0 && !isCurrent
  if (!needsOutbox && missing.length + superfluous.length === 0) return undefined
  return [
    ...(needsOutbox ? [outboxSql] : []),
    ...superfluous.map(dropTriggersSql),
    ...missing.map(createTriggersSql),
  ].join('\n')
}

/** The tables that are wanted and not recorded. */
export function findUnrecorded<Table extends RecordedTable>(
  state: RecordingState,
  recorded: readonly Table[],
  defaultSchema = 'public',
): readonly Table[] {
  return recorded.filter(
    table => planRecording(state, { recorded: [table], unrecorded: [] }, defaultSchema) !== undefined,
  )
}
