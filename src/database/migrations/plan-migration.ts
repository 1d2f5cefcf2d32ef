import { StartError } from '../../errors.ts'
import type { Database } from '../open-database.ts'
import { SchemaEngineError } from '../schema-engine/engine-error.ts'
import { createSchemaEngine, type SchemaEngine, type SchemaFile } from '../schema-engine/schema-engine.ts'
import type { ReadWantedRecording } from '../schema-engine/with-recording.ts'
import { applyMigrations } from './migrate-database.ts'
import { createMigrationList, readMigrations, removeMigration, writeMigration } from './migration-folder.ts'
import { withMigrationLock } from './migration-lock.ts'
import { nameMigration } from './name-migration.ts'

/** What a schema needs beyond the migrations that there are. */
export type MigrationPlan = {
  readonly sql: string
  /** Names what changes: `add_issue_due_date`. */
  readonly suggestedName: string
  /** Why applying it would lose data or fail, one sentence each; includes `unexecutable`. */
  readonly warnings: readonly string[]
  /** Of the warnings those that say that it cannot be applied to the data as it is. */
  readonly unexecutable: readonly string[]
  /**
   * Writes `<timestamp>_<name>/migration.sql`, applies it, and returns the folder's name. When it cannot be applied it
   * is not kept: throws a StartError, with the folder and the database as they were.
   */
  apply(name?: string): Promise<string>
}

export type PlanOptions = {
  readonly migrationsDir: string
  readonly schemaFiles: readonly SchemaFile[]
  /** Which changes are to be recorded; left out, recording is not looked at. */
  readonly readWantedRecording?: ReadWantedRecording | undefined
}

/**
 * Finds out what has to change in the database to fit the schema; undefined when nothing has to. All existing
 * migrations must have been applied.
 *
 * @throws {StartError} when the database is not what the migrations make, or the schema is not valid
 */
export async function planMigration(
  database: Database,
  { migrationsDir, schemaFiles, readWantedRecording }: PlanOptions,
): Promise<MigrationPlan | undefined> {
  const { SHADOW_DATABASE_URL: shadowDatabaseUrl } = process.env
  const engine = await createSchemaEngine({
    url: database.url,
    schemaFiles,
    shadowDatabaseUrl: shadowDatabaseUrl || undefined,
    readWantedRecording,
  })
  try {
    const draft = await createDraft(engine, migrationsDir, schemaFiles)
    if (draft === undefined) return undefined
    const { sql, timestamp } = draft
    const suggestedName = nameMigration(sql, { isFirst: readMigrations(migrationsDir).length === 0 })
    return {
      ...draft,
      suggestedName,
      async apply(name = suggestedName) {
        const migration = { name: `${timestamp}_${name}`, sql }
        await writeAndApply(database, { migrationsDir, schemaFiles }, migration)
        return migration.name
      },
    }
  } catch (error) {
    if (!(error instanceof SchemaEngineError)) throw error
    throw new StartError(`The change of the schema could not be planned: ${oneLine(error.message)}`, {
      cause: error,
    })
  } finally {
    await engine.close()
  }
}

async function createDraft(engine: SchemaEngine, migrationsDir: string, schemaFiles: readonly SchemaFile[]) {
  const migrationsList = createMigrationList(migrationsDir)
  const filters = { externalTables: [], externalEnums: [] }
  const schema = { files: schemaFiles.map(file => ({ ...file })) }
  // Also needed for itself: without it the engine has no shadow database to make the migration with.
  const { action } = await engine.devDiagnostic({ migrationsList, filters })
  if (action.tag === 'reset') {
    throw new StartError(
      `The database is not what its migrations make: ${oneLine(action.reason)} Apply the change in a migration, or ` +
        'rebuild the database with: refract migrate reset (that deletes its data).',
    )
  }
  const loss = await engine.evaluateDataLoss({ migrationsList, schema, filters })
  if (loss.migrationSteps === 0) return undefined
  const { migrationScript, generatedMigrationName } = await engine.createMigration({
    draft: false,
    migrationName: 'change',
    migrationsList,
    schema,
    filters,
  })
  if (migrationScript === null) return undefined
  const unexecutable = loss.unexecutableSteps.map(({ message }) => oneLine(message))
  return {
    sql: migrationScript,
    timestamp: nextTimestamp(generatedMigrationName, migrationsDir),
    unexecutable,
    warnings: [...unexecutable, ...loss.warnings.map(({ message }) => oneLine(message)).filter(losesData)],
  }
}

/** A new unique constraint on rows that are not unique only fails, and then nothing has happened. */
function losesData(warning: string): boolean {
  return !/^A unique constraint covering .* will be added/.test(warning)
}

/** Migrations are applied in the order of their names, so two made within one second must not begin alike. */
function nextTimestamp(generatedName: string, migrationsDir: string): string {
  const timestamp = generatedName.slice(0, 14)
  const last = readMigrations(migrationsDir).at(-1)?.name.slice(0, 14) ?? ''
  return /^\d{14}$/.test(last) && last >= timestamp ? String(BigInt(last) + 1n) : timestamp
}

async function writeAndApply(
  database: Database,
  { migrationsDir, schemaFiles }: PlanOptions,
  migration: { readonly name: string; readonly sql: string },
): Promise<void> {
  await withMigrationLock(database, async () => {
    writeMigration(migrationsDir, migration)
    try {
      await applyMigrations(database, migrationsDir, schemaFiles)
    } catch (error) {
      await forget(database, migration.name, schemaFiles)
      removeMigration(migrationsDir, migration.name)
      throw error instanceof StartError ? withoutRemedy(error) : error
    }
  })
}

async function forget(
  database: Database,
  migrationName: string,
  schemaFiles: readonly SchemaFile[],
): Promise<void> {
  const engine = await createSchemaEngine({ url: database.url, schemaFiles })
  try {
    await engine.markMigrationRolledBack({ migrationName })
  } finally {
    await engine.close()
  }
}

/** The migration is not kept, so there is nothing to correct in it. */
function withoutRemedy(error: StartError): StartError {
  const reason = error.message.slice(0, error.message.indexOf('. A migration runs'))
  return new StartError(
    `${reason}. The migration was taken back. Change the schema or the data, or write the migration by hand with: ` +
      'refract migrate dev --create-only.',
    { cause: error },
  )
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ')
}
