import type pg from 'pg'
import { enginePanic } from './load-engine.ts'

/** A failure that Prisma's schema engine reports. */
export class SchemaEngineError extends Error {
  /** Prisma's code (`P1012`, `P3018`, ...), where it has one. */
  readonly code: string | undefined
  /** Whether the engine itself broke; it cannot be used any more. */
  readonly isPanic: boolean
  /** The migration that failed, and what PostgreSQL said of it. */
  readonly failedMigration: FailedMigration | undefined

  constructor(
    message: string,
    {
      code,
      isPanic = false,
      failedMigration,
      cause,
    }: { code?: string; isPanic?: boolean; failedMigration?: FailedMigration; cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.name = 'SchemaEngineError'
    this.code = code
    this.isPanic = isPanic
    this.failedMigration = failedMigration
  }
}

export type FailedMigration = {
  readonly name: string
  readonly databaseCode: string
  readonly databaseMessage: string
  /** The line of migration.sql, counted from 1, where PostgreSQL names a place. */
  readonly line: number | undefined
}

/** A script that PostgreSQL refused. */
export type ScriptFailure = { readonly script: string; readonly error: pg.DatabaseError }

/**
 * Makes the engine's errors readable. WebAssembly throws plain errors with a `code`, and `RuntimeError` when the engine
 * has broken; of a migration that fails it knows the name, but tells little of what PostgreSQL said (`failure`).
 */
export function explainEngineError(error: unknown, failure?: ScriptFailure): SchemaEngineError {
  if (error instanceof SchemaEngineError) return error
  if (!(error instanceof Error)) return new SchemaEngineError(String(error))
  if (error instanceof WebAssembly.RuntimeError) {
    return new SchemaEngineError(enginePanic.message || error.message, { isPanic: true, cause: error })
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const name = /(?:migration_name="|Migration `)([^"`]+)/.exec(error.message)?.[1]
  if (failure !== undefined && name !== undefined) return explainMigrationFailure(error, name, code, failure)
  return new SchemaEngineError(cleanEngineMessage(error.message), {
    ...(code === undefined ? {} : { code }),
    cause: error,
  })
}

/** The engine's message without its own call stack at the end. */
export function cleanEngineMessage(message: string): string {
  return message.replace(/^external connector error\n/, '').replace(/\n {3}0: [\s\S]*$/, '')
}

function explainMigrationFailure(
  error: Error,
  name: string,
  code: string | undefined,
  failure: ScriptFailure,
): SchemaEngineError {
  const failedMigration = {
    name,
    databaseCode: failure.error.code ?? '',
    databaseMessage: describe(failure.error),
    line: lineOf(failure),
  }
  const place = failedMigration.line === undefined ? '' : ` (line ${failedMigration.line} of migration.sql)`
  const database = `Database error code: ${failedMigration.databaseCode}\n\nDatabase error${place}:\n${failedMigration.databaseMessage}\n`
  if (/shadow database/.test(error.message)) {
    const message = `Migration \`${name}\` failed to apply cleanly to the shadow database.\n\n${database}`
    return new SchemaEngineError(message, { code: code ?? 'P3006', failedMigration, cause: error })
  }
  const message =
    'A migration failed to apply. New migrations cannot be applied before the error is recovered from. Read more about ' +
    'how to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve\n\n' +
    `Migration name: ${name}\n\n${database}`
  return new SchemaEngineError(message, { code: code ?? 'P3018', failedMigration, cause: error })
}

function describe({ severity = 'ERROR', message, detail, hint }: pg.DatabaseError): string {
  return [`${severity}: ${message}`, detail && `DETAIL: ${detail}`, hint && `HINT: ${hint}`]
    .filter(Boolean)
    .join('\n')
}

/** PostgreSQL counts characters, not UTF-16 units. */
function lineOf({ script, error }: ScriptFailure): number | undefined {
  if (error.position === undefined) return undefined
  const before = Array.from(script).slice(0, Number(error.position) - 1)
  return before.filter(character => character === '\n').length + 1
}
