import { StartError } from '../../errors.ts'
import type { Database } from '../open-database.ts'
import { SchemaEngineError } from '../schema-engine/engine-error.ts'
import { createSchemaEngine, type SchemaFile } from '../schema-engine/schema-engine.ts'
import type { ReadWantedRecording } from '../schema-engine/with-recording.ts'
import { withMigrationLock } from './migration-lock.ts'

export type PushOptions = {
  readonly acceptDataLoss?: boolean
  /** Which changes are to be recorded; left out, recording is left as it is. */
  readonly readWantedRecording?: ReadWantedRecording | undefined
}

/**
 * Makes the database what the schema says, without migrations. Returns how many steps that took.
 *
 * @throws {StartError} when a step would lose data (and `acceptDataLoss` is not set) or cannot be done; then none is
 */
export async function pushSchema(
  database: Database,
  schemaFiles: readonly SchemaFile[],
  { acceptDataLoss = false, readWantedRecording }: PushOptions = {},
): Promise<{ readonly executedSteps: number }> {
  return withMigrationLock(database, async () => {
    const engine = await createSchemaEngine({ url: database.url, schemaFiles, readWantedRecording })
    try {
      const { executedSteps, unexecutable, warnings } = await engine.schemaPush({
        force: acceptDataLoss,
        schema: { files: schemaFiles.map(file => ({ ...file })) },
        filters: { externalTables: [], externalEnums: [] },
      })
      if (unexecutable.length > 0) throw createError(unexecutable, 'Empty the database or change the schema.')
      if (warnings.length > 0 && !acceptDataLoss) {
        throw createError(warnings, 'If that is what you want, run: refract db push --accept-data-loss.')
      }
      return { executedSteps }
    } catch (error) {
      if (!(error instanceof SchemaEngineError)) throw error
      throw new StartError(`The database could not be brought in step with the schema: ${error.message}`, {
        cause: error,
      })
    } finally {
      await engine.close()
    }
  })
}

function createError(reasons: readonly string[], remedy: string): StartError {
  const text = reasons.map(reason => reason.trim().replaceAll(/\s*\n\s*/g, ' ')).join(' ')
  return new StartError(`The database was not brought in step with the schema: ${text} ${remedy}`)
}
