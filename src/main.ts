import { runCommandLine } from './cli/command-line.ts'
import { reportError } from './cli/report-error.ts'

/**
 * Runs the command line and ends the process: with 0, or with 1 and a paragraph on standard error.
 */
export async function main(commandArguments: readonly string[]): Promise<void> {
  process.stdout.on('error', endWithReader)
  const exitCode = await run(commandArguments)
  await Promise.all([flush(process.stdout), flush(process.stderr)])
  // A command that is done has closed what it opened; timers that libraries leave behind must not delay the end.
  process.exit(exitCode)
}

/** Runs the command line in this process, and resolves with its exit code when it is done. */
export async function run(commandArguments: readonly string[]): Promise<number> {
  try {
    return await runCommandLine(commandArguments)
  } catch (error) {
    const isVerbose = commandArguments.includes('--verbose') || Boolean(process.env.REFRACT_DEBUG)
    reportError(error, { isVerbose })
    return 1
  }
}

function flush(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise(resolve => {
    stream.write('', () => resolve())
  })
}

/** `refract schema print | head`: whoever read the output has had enough. */
function endWithReader(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
}
