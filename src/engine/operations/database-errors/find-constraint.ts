import type { DatabaseClient } from '../client.ts'

/** A constraint or unique index, as the database's catalogue has it. */
export interface Constraint {
  readonly name: string
  readonly schema: string
  readonly table: string
  /** The columns that it looks at, also inside expressions. */
  readonly columns: readonly string[]
  /** What a foreign key refers to. */
  readonly targetTable: string | null
}

/** `pg_depend` knows the columns inside the expressions of an index or a check. */
const byNames = `
SELECT found.name, namespace.nspname AS schema, class.relname AS table, target.relname AS "targetTable",
  ARRAY(
    SELECT attribute.attname::text FROM pg_attribute attribute
    WHERE attribute.attrelid = found.class AND (
      attribute.attnum = ANY (found.numbers) OR EXISTS (
        SELECT FROM pg_depend WHERE objid = found.id AND classid = found.catalog
          AND refobjid = found.class AND refobjsubid = attribute.attnum
      )
    ) AND attribute.attnum > 0 ORDER BY array_position(found.numbers, attribute.attnum), attribute.attnum
  ) AS columns
FROM (
  SELECT oid AS id, 'pg_constraint'::regclass AS catalog, conname::text AS name, conrelid AS class,
    confrelid AS target, conkey AS numbers
  FROM pg_constraint WHERE conname = ANY ($1::text[])
  UNION ALL
  SELECT index.indexrelid, 'pg_class'::regclass, class.relname::text, index.indrelid, 0, index.indkey::int2[]
  FROM pg_index index JOIN pg_class class ON class.oid = index.indexrelid
  WHERE index.indisunique AND class.relname = ANY ($1::text[])
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = index.indexrelid AND contype <> 'f')
) found
JOIN pg_class class ON class.oid = found.class
JOIN pg_namespace namespace ON namespace.oid = class.relnamespace
LEFT JOIN pg_class target ON target.oid = found.target`

const caches = new WeakMap<DatabaseClient, Map<string, readonly Constraint[]>>()

/** The constraints of any of the names: one statement, once for each client and names. */
export async function findConstraints(
  client: DatabaseClient,
  names: readonly string[],
): Promise<readonly Constraint[]> {
  if (names.length === 0) return []
  const cache = caches.get(client) ?? new Map<string, readonly Constraint[]>()
  caches.set(client, cache)
  const key = JSON.stringify(names)
  const known = cache.get(key)
  if (known) return known
  const found = await client.$queryRawUnsafe<Constraint[]>(byNames, names)
  if (found.length > 0) cache.set(key, found)
  return found
}

/** The identifiers that a message of PostgreSQL quotes, in any of its languages; the constraint comes last. */
export function quotedNames(message: string): readonly string[] {
  return [...message.matchAll(/["“„«»](.+?)["”“»«]/g)].map(match => match[1] ?? '').reverse()
}
