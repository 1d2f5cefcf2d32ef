import { type Database, findUnrecorded, planRecording, readRecordingState } from '../../database/index.ts'
import type { RecordedModel, Recording, UnrecordedModel } from '../../engine/index.ts'

/** How what a database records compares with what the schema wants. */
export interface RecordedModels {
  /** Recorded, as the schema wants it. */
  readonly recorded: readonly RecordedModel[]
  /** To be recorded, but the database has no triggers for them, or others. */
  readonly missing: readonly RecordedModel[]
  /** Not to be recorded, and why. */
  readonly unrecorded: readonly UnrecordedModel[]
  /** What brings the database in step; undefined where it is. */
  readonly sql: string | undefined
}

/** Reads in one statement, for which every role has the right, which models of the schema have their changes recorded. */
export async function readRecordedModels(database: Database, wanted: Recording): Promise<RecordedModels> {
  const state = await readRecordingState(sql => database.query(sql))
  const { schema } = database.settings
  const missing = findUnrecorded(state, wanted.recorded, schema)
  return {
    recorded: wanted.recorded.filter(model => !missing.includes(model)),
    missing,
    unrecorded: wanted.unrecorded,
    sql: planRecording(state, wanted, schema),
  }
}
