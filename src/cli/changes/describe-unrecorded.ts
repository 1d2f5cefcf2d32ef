import type { Database } from '../../database/index.ts'
import { createDatamodel, type DatamodelDescription, readRecording } from '../../engine/index.ts'
import type { LoadedProject, Project } from '../../project/index.ts'
import { hasMigrations } from '../has-migrations.ts'
import { readRecordedModels } from './recorded-models.ts'

const namesToTell = 5

/** A sentence about the models whose changes the database should record and does not; undefined where it does. */
export async function describeUnrecorded(
  database: Database,
  project: Project,
  { datamodel }: Pick<LoadedProject, 'datamodel'>,
): Promise<string | undefined> {
  const wanted = readRecording(createDatamodel(datamodel as DatamodelDescription))
  const { missing } = await readRecordedModels(database, wanted)
  if (missing.length === 0) return undefined
  const names = missing.slice(0, namesToTell).map(({ model }) => model)
  const others = missing.length > namesToTell ? ` and ${missing.length - namesToTell} more` : ''
  return `The database does not record the changes of ${names.join(', ')}${others}. ${remedy(project)}`
}

function remedy(project: Project): string {
  return hasMigrations(project)
    ? 'Run refract migrate dev --name record_changes to write the migration that makes it do so.'
    : 'Run refract db push, or hand the output of refract changes sql to whoever migrates the database.'
}
