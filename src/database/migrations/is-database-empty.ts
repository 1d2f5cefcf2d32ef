import pg from 'pg'
import type { Database } from '../open-database.ts'

/** Whether no table of the database holds a row; what Prisma and PostgreSQL keep for themselves does not count. */
export async function isDatabaseEmpty(database: Database): Promise<boolean> {
  const tables = await database.query<{ schema: string; name: string }>(
    `SELECT schemaname AS schema, tablename AS name FROM pg_tables
     WHERE schemaname !~ '^pg_' AND schemaname <> 'information_schema' AND tablename <> '_prisma_migrations'`,
  )
  if (tables.length === 0) return true
  const conditions = tables.map(
    ({ schema, name }) => `EXISTS (SELECT FROM ${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)})`,
  )
  const [row] = await database.query<{ has_rows: boolean }>(`SELECT ${conditions.join(' OR ')} AS has_rows`)
  return row?.has_rows === false
}
