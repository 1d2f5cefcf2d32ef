/** An error as plain data for a log line. */
export interface ErrorDescription {
  readonly name: string
  readonly message: string
  readonly code?: string
  /** The frames only: the head of a stack repeats the message, which may hold what a client sent. */
  readonly stack?: string
  readonly cause?: ErrorDescription
}

const longestMessage = 1_000 // characters
const deepestCause = 5

/**
 * Returns what a log may know of a thrown value. Prisma's messages carry an excerpt of the source and the arguments
 * of the call, which may be secrets: only their last paragraph, the reason, is kept.
 */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) {
    return { name: typeof error, message: shortMessage(String(error)) }
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const stack = stackFrames(error)
  return {
    name: error.name,
    message: reasonOf(error),
    ...(code === undefined ? {} : { code }),
    ...(stack === undefined ? {} : { stack }),
    ...(error.cause === undefined || depth >= deepestCause
      ? {}
      : { cause: describeError(error.cause, depth + 1) }),
  }
}

/** The message without Prisma's excerpt of the source, on one line. */
export function reasonOf(error: Error): string {
  const message = error.message.trim()
  if (!/^Invalid `.*` invocation/.test(message)) {
    return shortMessage(message)
  }
  return shortMessage(message.split(/\n\s*\n/).at(-1) ?? '')
}

function shortMessage(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim()
  return line.length > longestMessage ? `${line.slice(0, longestMessage)}…` : line
}

function stackFrames(error: Error): string | undefined {
  const frames = error.stack?.split('\n').filter(line => /^\s+at /.test(line))
  return frames === undefined || frames.length === 0 ? undefined : frames.join('\n')
}
