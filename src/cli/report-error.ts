import { RefractError, StartError } from '../errors.ts'
import { printError, style } from './terminal.ts'

/**
 * Tells the person at the terminal what went wrong: the paragraph of a StartError as it is; for any other error its
 * message, and how to see more. `isVerbose` adds the stack and the causes.
 */
export function reportError(error: unknown, { isVerbose }: { readonly isVerbose: boolean }): void {
  const mark = style('red', '✗', process.stderr)
  if (error instanceof StartError || error instanceof RefractError) {
    printError(`${mark} ${error.message}`)
  } else {
    printError(
      `${mark} Unexpected fault: ${readMessage(error)}`,
      ...(isVerbose
        ? []
        : ['  This is not your mistake. Run it again with --verbose to see where it happened.']),
    )
  }
  if (isVerbose) for (const stack of readStacks(error)) printError(style('dim', stack, process.stderr))
}

function readMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.replace(/\s*\n\s*/g, ' ').trim()
}

function readStacks(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return []
  const stack = error.stack ?? ''
  return error.cause === undefined
    ? [stack]
    : [stack, ...readStacks(error.cause).map(text => `caused by ${text}`)]
}
