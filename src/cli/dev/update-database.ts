import { type Database, planMigration } from '../../database/index.ts'
import { StartError } from '../../errors.ts'
import { readPreparedFiles } from '../../project/index.ts'
import { readWantedRecording } from '../changes/wanted-recording.ts'
import { hasMigrations } from '../has-migrations.ts'
import { prepareDatabase, type Report } from '../prepare-database.ts'
import type { Session } from '../session.ts'

/**
 * Makes the database fit the schema while it is being worked on: applies the migrations there are, then writes and
 * applies one for what is new in the schema. Throws a StartError, with nothing done, where that would lose data.
 */
export async function updateDatabase(session: Session, database: Database, report: Report): Promise<void> {
  await prepareDatabase(session, database, report)
  const { project } = session
  if (!hasMigrations(project)) return
  const plan = await planMigration(database, {
    migrationsDir: project.migrationsDirectory,
    schemaFiles: readPreparedFiles(project),
    readWantedRecording: () => readWantedRecording(project.directory),
  })
  if (!plan) return
  if (plan.warnings.length > 0) {
    throw new StartError(
      `The change of the schema was not applied, because it could lose data: ${plan.warnings.join(' ')} If that is what ` +
        `you want, run refract migrate dev; otherwise take the change back.`,
    )
  }
  const name = await plan.apply()
  report(`Wrote and applied the migration ${name}.`)
}
