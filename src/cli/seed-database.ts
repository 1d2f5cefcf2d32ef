import { StartError } from '../errors.ts'
import type { GeneratedClient } from '../project/index.ts'
import { createProgress, type Progress } from './progress.ts'
import { print } from './terminal.ts'

/** What a project's seed function is given. `client` writes in one transaction: all of the seed, or nothing. */
export interface SeedContext {
  readonly client: GeneratedClient
  readonly progress: Progress
  readonly log: (line: string) => void
}

export type SeedFunction = (context: SeedContext) => Promise<void>

export interface SeedOptions {
  /** What to do where there are rows already; `leave` does nothing. */
  readonly existing: 'leave' | 'add' | 'delete'
}

/** The part of a generated client that is used here. */
interface RawClient extends GeneratedClient {
  $queryRawUnsafe(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>
  $executeRawUnsafe(sql: string): Promise<number>
  $transaction<T>(
    run: (client: RawClient) => Promise<T>,
    options: { readonly maxWait: number; readonly timeout: number },
  ): Promise<T>
}

const seedTimeoutMilliseconds = 1_800_000 // half an hour, also for waiting until another process has seeded
const seedLockKey = 7_236_011 // any number that nothing else takes

/**
 * Runs the seed in one transaction and returns whether it ran. Processes that do so at once wait for each other: on a
 * server for an advisory lock, on the embedded database because it runs one transaction at a time. Throws a
 * StartError where the seed fails; then nothing is written.
 */
export async function seedDatabase(
  client: GeneratedClient,
  seed: SeedFunction,
  { existing }: SeedOptions,
): Promise<boolean> {
  if (existing === 'leave' && !(await isWithoutRows(client))) return false
  const limits = { maxWait: seedTimeoutMilliseconds, timeout: seedTimeoutMilliseconds }
  try {
    return await (client as RawClient).$transaction(async transaction => {
      await transaction.$executeRawUnsafe('SET LOCAL statement_timeout = 0')
      await transaction.$queryRawUnsafe(`SELECT pg_advisory_xact_lock(${seedLockKey})::text`)
      const tables = await listTables(transaction)
      if (existing === 'leave' && (await hasRows(transaction, tables))) return false
      if (existing === 'delete' && tables.length > 0)
        await transaction.$executeRawUnsafe(`TRUNCATE ${tables.join(', ')} RESTART IDENTITY CASCADE`)
      await seed({ client: transaction, progress: createProgress(), log: line => print(`  ${line}`) })
      return true
    }, limits)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(
      `The seed of refract.config.ts failed and nothing of it was written: ${reason.replace(/\s+/g, ' ').trim()} ` +
        'Correct it and run refract seed, or run with --verbose to see where it fails.',
      { cause: error },
    )
  }
}

/** Whether no table that may be read, other than those of extensions and of migrations, has a row. */
async function isWithoutRows(client: GeneratedClient): Promise<boolean> {
  const raw = client as RawClient
  return !(await hasRows(raw, await listTables(raw)))
}

async function listTables(client: RawClient): Promise<readonly string[]> {
  const rows = await client.$queryRawUnsafe(`
    SELECT format('%I.%I', n.nspname, c.relname) AS name
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> '_prisma_migrations'
      AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'refract')
      AND has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
      AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1`)
  return rows.map(({ name }) => String(name))
}

async function hasRows(client: RawClient, tables: readonly string[]): Promise<boolean> {
  if (tables.length === 0) return false
  const conditions = tables.map(table => `EXISTS (SELECT 1 FROM ${table})`)
  const [row] = await client.$queryRawUnsafe(`SELECT ${conditions.join(' OR ')} AS found`)
  return row?.found === true
}
