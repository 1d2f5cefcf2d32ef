import { installRecording } from '../changes/install-recording.ts'
import { planRecording, type WantedRecording } from '../changes/plan-recording.ts'
import type { RecordingState } from '../changes/read-recording.ts'
import type { SchemaEngine } from './schema-engine.ts'

/** Reads which changes the schema wants to be recorded; asked when a migration is made or a schema pushed. */
export type ReadWantedRecording = () => Promise<WantedRecording>

export type RecordingOptions = {
  readonly url: string
  /** The PostgreSQL schema of tables whose schema is not said. */
  readonly schema: string | undefined
  readonly readWanted: ReadWantedRecording
  /** What the migrations record: read from the shadow database that they were replayed in last. */
  readonly migrated: () => RecordingState | undefined
}

const nothing: RecordingState = { isCurrent: false, tables: [] }

/**
 * The same engine, to which the recording of changes is a part of the schema: what is missing in the migrations counts
 * as a step and goes into the migration that is made, and a push installs it.
 */
export function withRecording(
  engine: SchemaEngine,
  { url, schema, readWanted, migrated }: RecordingOptions,
): SchemaEngine {
  const plan = async () => planRecording(migrated() ?? nothing, await readWanted(), schema)
  const methods: Pick<SchemaEngine, 'evaluateDataLoss' | 'createMigration' | 'schemaPush'> = {
    async evaluateDataLoss(input) {
      const output = await engine.evaluateDataLoss(input)
      const steps = (await plan()) === undefined ? 0 : 1
      return { ...output, migrationSteps: output.migrationSteps + steps }
    },
    async createMigration(input) {
      const draft = await engine.createMigration({
        ...input,
        // Nobody is asked for a name where the schema itself has not changed.
        migrationName: input.migrationName === '' ? 'record_changes' : input.migrationName,
      })
      const sql = await plan()
      return sql === undefined ? draft : { ...draft, migrationScript: append(draft.migrationScript, sql) }
    },
    async schemaPush(input) {
      const output = await engine.schemaPush(input)
      const isDone = output.unexecutable.length === 0 && (output.warnings.length === 0 || input.force)
      if (isDone) await installRecording(url, await readWanted())
      return output
    },
  }
  return new Proxy(engine, {
    get: (target, name) => Reflect.get(name in methods ? methods : target, name),
  })
}

/** Behind what the schema itself needs, since the triggers are of its tables. */
function append(script: string | null, sql: string): string {
  const isEmpty = script === null || /^\s*(?:--.*\s*)?$/.test(script)
  return isEmpty ? sql : `${script.trimEnd()}\n\n${sql}`
}
