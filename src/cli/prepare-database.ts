import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, migrateDatabase, pushSchema, recordChangesSql } from '../database/index.ts'
import { StartError } from '../errors.ts'
import { type Project, readPreparedFiles } from '../project/index.ts'
import { readWantedRecording } from './changes/wanted-recording.ts'
import { hasMigrations } from './has-migrations.ts'
import { listNamespaces } from './list-namespaces.ts'
import type { Session } from './session.ts'

/** Hears in one line of what was done. */
export type Report = (line: string) => void

/**
 * Makes the database fit the schema: applies the project's migrations; without any, brings an embedded database in
 * step directly and takes the one at DATABASE_URL as it is. Throws a StartError where a migration fails or where there
 * is nothing to start from.
 */
export async function prepareDatabase(
  { project, config }: Session,
  database: Database,
  report: Report,
): Promise<void> {
  if (hasMigrations(project)) return await applyMigrations(project, database, report)
  if (config.databaseUrl === undefined) return await pushIfChanged(project, database, report)
  if (await hasTables(database)) return
  throw new StartError(
    `The database is empty and ${project.migrationsDirectory} has no migrations that could fill it. Make the first ` +
      'one with refract migrate dev --name init (it is applied at once), or start without DATABASE_URL to use the ' +
      'embedded database.',
  )
}

async function applyMigrations(project: Project, database: Database, report: Report): Promise<void> {
  const { applied } = await migrateDatabase(database, {
    migrationsDir: project.migrationsDirectory,
    schemaFiles: readPreparedFiles(project),
    onWait: () => report('Waiting for another process that is migrating this database.'),
  })
  if (applied.length > 0)
    report(`Applied the ${applied.length === 1 ? 'migration' : 'migrations'} ${applied.join(', ')}.`)
}

/** The digest of the schema that was pushed last spares every other start from loading the schema engine. */
async function pushIfChanged(project: Project, database: Database, report: Report): Promise<void> {
  const files = readPreparedFiles(project)
  // Beside the schema, what it is recorded with: another version of ours may have another function.
  const digest = createHash('sha256')
    .update(JSON.stringify([files, recordChangesSql([])]))
    .digest('hex')
  const digestFile = join(project.stateDirectory, 'pushed')
  const isPushed = existsSync(digestFile) && readFileSync(digestFile, 'utf8') === digest
  if (isPushed && (await hasTables(database))) return
  await pushSchema(database, files, { readWantedRecording: () => readWantedRecording(project.directory) })
  writeFileSync(digestFile, digest)
  report(
    'Brought the embedded database in step with the schema, without migrations. (How to begin with them: docs/deployment.md.)',
  )
}

async function hasTables(database: Database): Promise<boolean> {
  return (await listNamespaces(database, database.settings.schema)).length > 0
}
