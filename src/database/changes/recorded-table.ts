import pg from 'pg'

/** A table whose changes are recorded. */
export type RecordedTable = {
  /** The PostgreSQL schema; null for the one that the connection works in. */
  readonly schema: string | null
  readonly table: string
  /** The columns that tell its rows apart, none of which is ever null. */
  readonly key: readonly string[]
}

/** The table as it stands in SQL, quoted. */
export function quoteTable({ schema, table }: Pick<RecordedTable, 'schema' | 'table'>): string {
  const name = pg.escapeIdentifier(table)
  return schema === null ? name : `${pg.escapeIdentifier(schema)}.${name}`
}

/** The table as `refract.changes.table_name` has it: `public.issues`, without any quotes. */
export function nameRecordedTable(
  { schema, table }: Pick<RecordedTable, 'schema' | 'table'>,
  defaultSchema = 'public',
): string {
  return `${schema ?? defaultSchema}.${table}`
}
