import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Database, migrateDatabase, pushSchema } from '../database/index.ts'
import { StartError } from '../errors.ts'
import { type Project, readPreparedFiles } from '../project/index.ts'
import { listNamespaces } from './list-namespaces.ts'
import type { Session } from './session.ts'

/** What was done to the database so that it fits the schema. */
export type Preparation =
  | { readonly kind: 'migrated'; readonly applied: readonly string[] }
  | { readonly kind: 'pushed' }
  | { readonly kind: 'unchanged' }

/**
 * Makes the database fit the schema: applies the project's migrations; without any, brings an embedded database in
 * step directly and takes a server's as it is. Throws a StartError where a migration fails or where there is nothing
 * to start from.
 */
export async function prepareDatabase(
  { project, config }: Session,
  database: Database,
): Promise<Preparation> {
  if (hasMigrations(project)) {
    const { applied } = await migrateDatabase(database, {
      migrationsDir: project.migrationsDirectory,
      schemaFiles: readPreparedFiles(project),
    })
    return { kind: 'migrated', applied }
  }
  if (config.databaseUrl === undefined) return await pushIfChanged(project, database)
  if ((await listNamespaces(database, database.settings.schema)).length > 0) return { kind: 'unchanged' }
  throw new StartError(
    `The database is empty and ${project.migrationsDirectory} has no migrations that could fill it. Make the first ` +
      'one with refract migrate dev --name init (it is applied at once), or start without DATABASE_URL to use the ' +
      'embedded database.',
  )
}

/** Says what was done, in one line; nothing where nothing was. */
export function reportPreparation(preparation: Preparation, report: (line: string) => void): void {
  if (preparation.kind === 'migrated' && preparation.applied.length > 0) {
    const noun = preparation.applied.length === 1 ? 'migration' : 'migrations'
    report(`Applied the ${noun} ${preparation.applied.join(', ')}.`)
  }
  if (preparation.kind === 'pushed') {
    report(
      'Brought the embedded database in step with the schema. (There are no migrations; refract migrate dev makes them.)',
    )
  }
}

/** Whether the project keeps migrations, as plain SQL in folders. */
export function hasMigrations(project: Project): boolean {
  const folder = project.migrationsDirectory
  return (
    existsSync(folder) && readdirSync(folder).some(name => existsSync(join(folder, name, 'migration.sql')))
  )
}

/** The digest of the schema that was pushed last spares every other start from loading the schema engine. */
async function pushIfChanged(project: Project, database: Database): Promise<Preparation> {
  const files = readPreparedFiles(project)
  const digest = createHash('sha256').update(JSON.stringify(files)).digest('hex')
  const digestFile = join(project.stateDirectory, 'pushed')
  const isPushed = existsSync(digestFile) && readFileSync(digestFile, 'utf8') === digest
  if (isPushed && (await listNamespaces(database, database.settings.schema)).length > 0)
    return { kind: 'unchanged' }
  await pushSchema(database, files)
  writeFileSync(digestFile, digest)
  return { kind: 'pushed' }
}
