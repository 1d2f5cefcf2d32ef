import { runCommandLine } from './cli/command-line.ts'
import { reportError } from './cli/report-error.ts'

/**
 * Runs the command line and sets the process's exit code: 0, or 1 with a paragraph on standard error. Never throws.
 */
export async function main(commandArguments: readonly string[]): Promise<void> {
  try {
    process.exitCode = await runCommandLine(commandArguments)
  } catch (error) {
    const isVerbose = commandArguments.includes('--verbose') || Boolean(process.env.REFRACT_DEBUG)
    reportError(error, { isVerbose })
    process.exitCode = 1
  }
}
