/**
 * A name for a migration that tells what it changes (`add_issue_due_date`), made from the SQL that Prisma generated for
 * it. Two changes are joined by `and`; of more, the first is named.
 */
export function nameMigration(sql: string, { isFirst = false } = {}): string {
  const changes = [...new Set(readChanges(sql))]
  const created = changes.filter(change => change.startsWith('create_'))
  if (isFirst && created.length > 1) return 'init'
  const [first, second] = changes
  if (first === undefined) return isFirst ? 'init' : 'change_database'
  const name =
    second === undefined ? first : changes.length === 2 ? `${first}_and_${second}` : `${first}_and_more`
  return name.slice(0, maximumLength).replace(/_+$/, '')
}

const maximumLength = 80 // Prisma's own limit is 200; longer ones are not read by anybody

/** In the order of their importance for a reader: an index that comes with a new table is not worth a name. */
function readChanges(sql: string): string[] {
  const tables = find(sql, /^CREATE TABLE (?!IF )(\S+)/gm).map(([table]) => `create_${table}`)
  const drops = find(sql, /^DROP TABLE (\S+?);/gm).map(([table]) => `drop_${table}`)
  const columns = readTableChanges(sql)
  const enums = [
    ...find(sql, /^CREATE TYPE (\S+) AS ENUM/gm).map(([name]) => `create_${name}`),
    ...find(sql, /^ALTER TYPE (\S+) ADD VALUE '([^']+)'/gm).map(([name, value]) => `add_${name}_${value}`),
    ...find(sql, /^DROP TYPE (\S+?);/gm).map(([name]) => `drop_${name}`),
  ]
  const structural = [...tables, ...drops, ...columns, ...enums]
  if (structural.length > 0) return structural
  const others = [
    ...find(sql, /^CREATE (?:UNIQUE )?INDEX (\S+)/gm).map(([name]) => `add_${name}`),
    ...find(sql, /^DROP INDEX (\S+?);/gm).map(([name]) => `drop_${name}`),
    ...find(sql, /^ALTER INDEX (\S+) RENAME/gm).map(([name]) => `rename_${name}`),
    ...find(sql, /^ALTER TABLE \S+ (?:ADD|DROP|RENAME) CONSTRAINT (\S+?)[ ;,]/gm).map(
      ([name]) => `change_${name}`,
    ),
  ]
  if (others.length > 0) return others
  if (/^-- RecordChanges\b/m.test(sql)) return ['record_changes']
  return /^-- RecordNoChanges$/m.test(sql) ? ['record_no_changes'] : []
}

function readTableChanges(sql: string): string[] {
  return [...sql.matchAll(/^ALTER TABLE (\S+) ([\s\S]*?);$/gm)].flatMap(([, table = '', actions = '']) => [
    ...find(actions, /ADD COLUMN\s+("[^"]+")/g).map(([column]) => `add_${clean(table)}_${column}`),
    ...find(actions, /DROP COLUMN ("[^"]+")/g).map(([column]) => `drop_${clean(table)}_${column}`),
    ...find(actions, /ALTER COLUMN ("[^"]+")/g).map(([column]) => `change_${clean(table)}_${column}`),
  ])
}

function find(text: string, pattern: RegExp): string[][] {
  return [...text.matchAll(pattern)].map(([, ...groups]) => groups.map(group => clean(group ?? '')))
}

/** `"public"."IssueLabel"` → `issue_label` */
function clean(identifier: string): string {
  const name = identifier.split('.').at(-1) ?? identifier
  return name
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .replaceAll(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1_$2')
    .replaceAll(' ', '_')
    .toLowerCase()
}
