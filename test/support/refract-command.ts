import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { CleanUp } from './project-folder.ts'

const script = fileURLToPath(new URL('../../bin/refract.js', import.meta.url))

export interface CommandOptions {
  readonly directory?: string
  /** Added to the environment, without this process's own settings; undefined takes a variable away. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly input?: string
  /** When to stop a command that is still running: at the end of the test, if left out. */
  readonly cleanUp?: CleanUp
}

export interface CommandResult {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `refract` with the arguments as a child process and waits for its end. */
export async function spawnRefract(
  commandArguments: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const command = startRefract(commandArguments, options)
  command.child.stdin?.end(options.input ?? '')
  return await command.ended
}

/** A `refract` that is running; the test's end stops it. */
export interface RunningCommand {
  readonly child: ChildProcess
  readonly ended: Promise<CommandResult>
  /** Everything printed so far, on both streams. */
  output(): string
  /** Resolves with the match when the output, from `from` on, matches; rejects when the command ends before. */
  waitFor(pattern: RegExp, from?: number): Promise<RegExpExecArray>
}

/** Starts `refract` with the arguments as a child process. */
export function startRefract(
  commandArguments: readonly string[],
  { directory, environment = {}, cleanUp = onTestFinished }: CommandOptions = {},
): RunningCommand {
  const child = spawn(process.execPath, [script, ...commandArguments], {
    cwd: directory,
    env: createEnvironment(environment),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  let output = ''
  let check = (): void => undefined
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    output += text
    check()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    output += text
    check()
  })
  const ended = once(child, 'close').then(() => ({ exitCode: child.exitCode, stdout, stderr }))
  cleanUp(async () => {
    child.kill('SIGTERM')
    await ended
  })
  return {
    child,
    ended,
    output: () => output,
    waitFor: (pattern, from = 0) =>
      new Promise((resolve, reject) => {
        check = () => {
          const match = pattern.exec(output.slice(from))
          if (match) resolve(match)
        }
        check()
        void ended.then(() => reject(new Error(`refract ended without ${pattern}:\n${output}`)))
      }),
  }
}

/** This process's environment without its own settings, and with what is added. */
export function createEnvironment(added: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  const { DATABASE_URL: _, NODE_ENV: __, PORT: ___, HOST: ____, ...rest } = process.env
  return { ...rest, NO_COLOR: '1', ...added }
}
