import type { Database } from '../database/index.ts'

/**
 * The PostgreSQL schemas that hold tables or views which are not an extension's; only `named`, where the address names
 * one. Sorted.
 */
export async function listNamespaces(
  database: Database,
  named: string | undefined,
): Promise<readonly string[]> {
  const rows = await database.query<{ name: string }>(`
    SELECT DISTINCT n.nspname::text AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relname <> '_prisma_migrations'
      AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'refract')
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1`)
  const names = rows.map(({ name }) => name)
  return named === undefined ? names : names.filter(name => name === named)
}
