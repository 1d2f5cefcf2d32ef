import { Console } from 'node:console'
import { PassThrough, Readable } from 'node:stream'
import { run } from '../../src/main.ts'
import { type CommandOptions, type CommandResult, createEnvironment } from './refract-command.ts'

let last: Promise<unknown> = Promise.resolve()

/**
 * Runs `refract` with the arguments in this process, which saves the start of another: its directory, environment and
 * streams are the command's own meanwhile, so one runs after the other. Not for commands that end by a signal, nor for
 * those of the Prisma CLI, which write past `process.stdout`.
 */
export function runRefract(
  commandArguments: readonly string[],
  options: Omit<CommandOptions, 'cleanUp'> = {},
): Promise<CommandResult> {
  const result = last.then(() => runAlone(commandArguments, options))
  last = result.catch(() => undefined)
  return result
}

async function runAlone(
  commandArguments: readonly string[],
  { directory = process.cwd(), environment = {}, input = '' }: CommandOptions,
): Promise<CommandResult> {
  const [stdout, stderr] = [captureStream(), captureStream()]
  const restore = [
    replace(process, 'env', createEnvironment(environment)),
    replace(process, 'stdin', Readable.from([input])),
    replace(process, 'stdout', stdout.stream),
    replace(process, 'stderr', stderr.stream),
    replace(globalThis, 'console', new Console(stdout.stream, stderr.stream)),
  ]
  const before = process.cwd()
  process.chdir(directory)
  try {
    const exitCode = await run(commandArguments)
    return { exitCode, stdout: stdout.text(), stderr: stderr.text() }
  } finally {
    process.chdir(before)
    for (const one of restore) one()
  }
}

function captureStream() {
  const chunks: string[] = []
  const stream = new PassThrough()
  stream.on('data', chunk => chunks.push(String(chunk)))
  return { stream, text: () => chunks.join('') }
}

/** Returns what puts the old value back. */
function replace<Target extends object>(target: Target, name: keyof Target, value: unknown): () => void {
  const descriptor = Object.getOwnPropertyDescriptor(target, name)
  if (!descriptor) throw new Error(`Expected ${String(name)} to be there.`)
  Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: true })
  return () => Object.defineProperty(target, name, descriptor)
}
