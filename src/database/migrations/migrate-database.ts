import { join, relative } from 'node:path'
import { StartError } from '../../errors.ts'
import type { Database } from '../open-database.ts'
import { SchemaEngineError } from '../schema-engine/engine-error.ts'
import { createSchemaEngine, type SchemaFile } from '../schema-engine/schema-engine.ts'
import { createMigrationList } from './migration-folder.ts'
import { withMigrationLock } from './migration-lock.ts'
import { type MigrationStatus, readMigrationStatus } from './migration-status.ts'

export type MigrateOptions = {
  readonly migrationsDir: string
  /** The schema that the migrations lead to. */
  readonly schemaFiles: readonly SchemaFile[]
  /** Called when another process is migrating this database, which is waited for. */
  readonly onWait?: () => void
}

/**
 * Applies the migrations that the database does not have yet and returns their names. Cheap when there are none. Of
 * several processes that start at the same time one migrates; the others wait for it.
 *
 * @throws {StartError} when a migration fails or has failed before, or was changed after it had been applied
 */
export async function migrateDatabase(
  database: Database,
  { migrationsDir, schemaFiles, onWait }: MigrateOptions,
): Promise<{ readonly applied: readonly string[] }> {
  const { pending, failed, edited } = await readMigrationStatus(database, { migrationsDir })
  // Whatever else there is may be the work of a process that is migrating just now: it is looked at under the lock.
  if (pending.length + failed.length + edited.length === 0) return { applied: [] }
  return withMigrationLock(
    database,
    async () => {
      const status = await readMigrationStatus(database, { migrationsDir })
      assertNoneFailed(status, migrationsDir)
      assertNoneEdited(status, migrationsDir)
      if (status.pending.length === 0) return { applied: [] }
      return { applied: await applyMigrations(database, migrationsDir, schemaFiles) }
    },
    onWait,
  )
}

export async function applyMigrations(
  database: Database,
  migrationsDir: string,
  schemaFiles: readonly SchemaFile[],
): Promise<readonly string[]> {
  const engine = await createSchemaEngine({ url: database.url, schemaFiles })
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: createMigrationList(migrationsDir),
      filters: { externalTables: [], externalEnums: [] },
    })
    return appliedMigrationNames
  } catch (error) {
    throw explainFailure(error, migrationsDir)
  } finally {
    await engine.close()
  }
}

function explainFailure(error: unknown, migrationsDir: string): unknown {
  if (!(error instanceof SchemaEngineError)) return error
  const { failedMigration, code } = error
  if (failedMigration !== undefined) {
    const { name, line, databaseMessage } = failedMigration
    const place = line === undefined ? '' : `, line ${line}`
    return new StartError(
      `The migration ${name} failed (${fileOf(migrationsDir, name)}${place}): ${oneLine(databaseMessage)}. ${remedy(name)}`,
      { cause: error },
    )
  }
  if (code === 'P3005') {
    return new StartError(
      'The database already has tables, but no record of migrations, so they cannot be applied to it. Use an empty ' +
        'database, or, if it is already what a migration would make, record that with: refract migrate resolve ' +
        '--applied NAME (once for each folder in prisma/migrations).',
      { cause: error },
    )
  }
  if (/permission denied/i.test(error.message)) {
    return new StartError(
      `Migrations are pending and the database's role may not apply them: ${oneLine(error.message)}. Run refract migrate ` +
        'deploy with a DATABASE_URL whose role may change the schema, then start again.',
      { cause: error },
    )
  }
  return new StartError(
    `The migrations could not be applied: ${oneLine(error.message)}. Look at them with: refract migrate status.`,
    { cause: error },
  )
}

function assertNoneFailed({ failed }: MigrationStatus, migrationsDir: string): void {
  const [first] = failed
  if (first === undefined) return
  const reason = first.reason === '' ? 'it was interrupted' : oneLine(first.reason)
  throw new StartError(
    `The migration ${first.name} (${fileOf(migrationsDir, first.name)}) failed when it was applied before: ${reason}. ` +
      remedy(first.name),
  )
}

function assertNoneEdited({ edited }: MigrationStatus, migrationsDir: string): void {
  const [first] = edited
  if (first === undefined) return
  throw new StartError(
    `The migration ${first} was changed after it had been applied to this database, so nobody can tell what the ` +
      `database holds. Take the change in ${fileOf(migrationsDir, first)} back and make a new migration for it ` +
      '(refract migrate dev), or, in development, rebuild the database from the migrations: refract migrate reset. ' +
      'That deletes its data.',
  )
}

function remedy(name: string): string {
  return (
    `A migration runs as one transaction, so as a rule nothing of it remains. Correct the file, then run: refract ` +
    `migrate resolve --rolled-back ${name}, and start again. If you have brought the database in step by hand, run ` +
    `instead: refract migrate resolve --applied ${name}.`
  )
}

function fileOf(migrationsDir: string, name: string): string {
  return relative(process.cwd(), join(migrationsDir, name, 'migration.sql'))
}

function oneLine(text: string): string {
  return text
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '')
}
