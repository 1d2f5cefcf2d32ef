import pg from 'pg'
import { outboxSql, recordFunction } from './outbox-sql.ts'
import { quoteTable, type RecordedTable } from './recorded-table.ts'

/** The parts of a recording, by the name of their trigger. */
export type RecordingTrigger = { readonly name: string; readonly event: string }

/*
 * PostgreSQL fires triggers in the order of their names: with these, ours come before other triggers on statements,
 * whose own changes then follow the change that made them.
 */
export const recordingTriggers: readonly RecordingTrigger[] = [
  { name: '00_refract_insert', event: 'AFTER INSERT ON % REFERENCING NEW TABLE AS new_rows' },
  {
    name: '00_refract_update',
    event: 'AFTER UPDATE ON % REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows',
  },
  { name: '00_refract_delete', event: 'AFTER DELETE ON % REFERENCING OLD TABLE AS old_rows' },
  { name: '00_refract_truncate', event: 'BEFORE TRUNCATE ON %' },
]

/**
 * SQL that makes the outbox `refract.changes` and records the changes of these tables in it. Can be run again, also
 * where a part of it is there.
 */
export function recordChangesSql(tables: readonly RecordedTable[]): string {
  return [outboxSql, ...tables.map(createTriggersSql)].join('\n')
}

/** Records the changes of one table; replaces what recorded them before. */
export function createTriggersSql(table: RecordedTable): string {
  const name = quoteTable(table)
  const key = table.key.map(pg.escapeLiteral).join(', ')
  const triggers = recordingTriggers.map(
    trigger =>
      `CREATE OR REPLACE TRIGGER ${pg.escapeIdentifier(trigger.name)} ${trigger.event.replace('%', () => name)}\n` +
      `  FOR EACH STATEMENT EXECUTE FUNCTION ${recordFunction}(${key});\n`,
  )
  return `-- RecordChanges\n${triggers.join('')}`
}

/** Records the changes of one table no longer. */
export function dropTriggersSql(table: Pick<RecordedTable, 'schema' | 'table'>): string {
  const name = quoteTable(table)
  const triggers = recordingTriggers.map(
    trigger => `DROP TRIGGER IF EXISTS ${pg.escapeIdentifier(trigger.name)} ON ${name};\n`,
  )
  return `-- RecordNoChanges\n${triggers.join('')}`
}
