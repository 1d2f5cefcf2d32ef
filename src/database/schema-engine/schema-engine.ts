import type { SchemaEngine as WasmSchemaEngine } from '@prisma/schema-engine-wasm'
import { parseDatabaseUrl } from '../database-url.ts'
import { createEngineConnections, type EngineConnections } from './engine-adapter.ts'
import { explainEngineError } from './engine-error.ts'
import { loadEngine } from './load-engine.ts'
import { type ReadWantedRecording, withRecording } from './with-recording.ts'

/** A `.prisma` file: its path, as it is to appear in messages, and its text. */
export type SchemaFile = { readonly path: string; readonly content: string }

/** The methods of Prisma's schema engine; their inputs and outputs are those of the package. */
export type SchemaEngine = Pick<
  WasmSchemaEngine,
  | 'applyMigrations'
  | 'createMigration'
  | 'dbExecute'
  | 'devDiagnostic'
  | 'diagnoseMigrationHistory'
  | 'diff'
  | 'ensureConnectionValidity'
  | 'evaluateDataLoss'
  | 'introspect'
  | 'introspectSql'
  | 'markMigrationApplied'
  | 'markMigrationRolledBack'
  | 'reset'
  | 'schemaPush'
  | 'version'
  | 'debugPanic'
> & {
  /** Ends the engine's connections and its shadow databases. */
  close(): Promise<void>
}

export type CreateSchemaEngineOptions = {
  readonly url: string
  readonly schemaFiles?: readonly SchemaFile[]
  readonly shadowDatabaseUrl?: string | undefined
  /** Makes the recording of changes a part of the schema; without it the engine knows nothing of that. */
  readonly readWantedRecording?: ReadWantedRecording | undefined
  /** Hears the engine's own log, one JSON text a line. */
  readonly onLog?: (line: string) => void
}

/**
 * Starts Prisma's schema engine inside this process, on the database at `url`.
 *
 * @throws {SchemaEngineError} when the schema does not parse or the database does not answer
 */
export async function createSchemaEngine({
  url,
  schemaFiles,
  shadowDatabaseUrl,
  readWantedRecording: readWanted,
  onLog = () => undefined,
}: CreateSchemaEngineOptions): Promise<SchemaEngine> {
  const connections = createEngineConnections({ url, shadowDatabaseUrl })
  try {
    const { SchemaEngine: Engine } = await loadEngine()
    const datamodels = schemaFiles?.map(({ path, content }): [string, string] => [path, content])
    const engine = withErrors(await Engine.new({ datamodels }, onLog, connections.factory), connections)
    if (readWanted === undefined) return engine
    const { schema } = parseDatabaseUrl(url)
    return withRecording(engine, { url, schema, readWanted, migrated: connections.migratedRecording })
  } catch (error) {
    await connections.close()
    throw explainEngineError(error)
  }
}

/** The same engine, whose methods throw a SchemaEngineError instead of the text that WebAssembly throws. */
function withErrors(engine: WasmSchemaEngine, { scriptFailure, close }: EngineConnections): SchemaEngine {
  return new Proxy(engine, {
    get(target, name) {
      if (name === 'close') return close
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return async (...parameters: unknown[]) => {
        try {
          return await rejectOnPanic(() => method.apply(target, parameters))
        } catch (error) {
          throw explainEngineError(error, scriptFailure())
        }
      }
    },
  }) as unknown as SchemaEngine
}

/**
 * When the engine breaks in the middle of its work, WebAssembly throws where nobody waits for it and the promise of
 * the call stays open for ever: the exception is turned into the rejection of that call.
 */
async function rejectOnPanic(call: () => Promise<unknown>): Promise<unknown> {
  let stopListening: () => void = () => undefined
  const panic = new Promise<never>((_, reject) => {
    const listener = (error: Error) => {
      if (error instanceof WebAssembly.RuntimeError) return reject(error)
      // Not ours: what Node would have done without this listener.
      process.stderr.write(`${error.stack ?? error}\n`)
      process.exit(1)
    }
    process.prependOnceListener('uncaughtException', listener)
    stopListening = () => process.off('uncaughtException', listener)
  })
  try {
    return await Promise.race([call(), panic])
  } finally {
    stopListening()
  }
}
