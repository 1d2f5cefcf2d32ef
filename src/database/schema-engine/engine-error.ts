import { enginePanic } from './load-engine.ts'

/** A failure that Prisma's schema engine reports. */
export class SchemaEngineError extends Error {
  /** Prisma's code (`P1012`, `P3018`, ...), where it has one. */
  readonly code: string | undefined
  /** Whether the engine itself broke; it cannot be used any more. */
  readonly isPanic: boolean

  constructor(
    message: string,
    { code, isPanic = false, cause }: { code?: string; isPanic?: boolean; cause?: unknown },
  ) {
    super(message, { cause })
    this.name = 'SchemaEngineError'
    this.code = code
    this.isPanic = isPanic
  }
}

/** WebAssembly throws plain errors with a `code`, and `RuntimeError` when the engine has broken. */
export function explainEngineError(error: unknown): SchemaEngineError {
  if (error instanceof SchemaEngineError) return error
  if (!(error instanceof Error)) return new SchemaEngineError(String(error), {})
  if (error instanceof WebAssembly.RuntimeError) {
    return new SchemaEngineError(enginePanic.message || error.message, { isPanic: true, cause: error })
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return new SchemaEngineError(error.message, { ...(code === undefined ? {} : { code }), cause: error })
}
