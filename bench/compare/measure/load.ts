import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { places } from '../places.ts'
import { runCommand } from '../run-command.ts'
import { catchesInterrupts } from './process-cost.ts'

/** What is sent, by how many connections at once, for how long. */
export interface LoadSettings {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** One after the other, again and again. */
  readonly bodies: readonly string[]
  readonly connections: number
  readonly milliseconds: number
}

/** What came back. Milliseconds that requests took are those that the client saw. */
export interface LoadResult {
  readonly requests: number
  readonly seconds: number
  readonly failures: number
  readonly medianMilliseconds: number
  readonly p99Milliseconds: number
}

/** Sends requests as fast as they are answered. */
export interface LoadGenerator {
  readonly name: string
  readonly run: (settings: LoadSettings) => Promise<LoadResult>
}

const scripts = {
  wrk: fileURLToPath(new URL('wrk.lua', import.meta.url)),
  autocannon: fileURLToPath(new URL('autocannon.js', import.meta.url)),
}

/**
 * wrk where the machine has it, since it takes least of the processor that the servers need too; else autocannon. Throws
 * where there is neither.
 */
export async function findLoadGenerator(workDirectory: string): Promise<LoadGenerator> {
  const version = await wrkVersion()
  const bodiesFile = join(workDirectory, 'bodies')
  const create = (name: string, start: (settings: LoadSettings) => ChildProcess): LoadGenerator => ({
    name,
    run: async settings => {
      writeFileSync(bodiesFile, settings.bodies.map(body => `${body}\n`).join(''))
      return await readResult(name, start(settings))
    },
  })
  if (version !== undefined) return create(version, settings => startWrk(settings, bodiesFile))
  if (!existsSync(join(places.peers, 'node_modules', 'autocannon')))
    throw new Error('There is no load generator: install wrk, or see why bench/peers cannot be installed.')
  return create('autocannon', settings => startAutocannon(settings, bodiesFile))
}

async function wrkVersion(): Promise<string | undefined> {
  // `wrk -v` prints its version with the exit code 1
  const output = await runCommand('wrk', ['-v']).catch((error: Error) => error.message)
  return /wrk (?:debian\/)?[\d.]+/.exec(output)?.[0].replace('debian/', '')
}

function startWrk({ url, headers, connections, milliseconds }: LoadSettings, bodiesFile: string) {
  const headerFlags = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const seconds = Math.ceil(milliseconds / 1_000) + 1
  const child = spawn(
    'wrk',
    [
      '-t1',
      `-c${connections}`,
      `-d${seconds}s`,
      // longer than servers may take: on a busy machine a slow answer is no failure
      '--timeout=30s',
      ...headerFlags,
      '-s',
      scripts.wrk,
      url,
      '--',
      bodiesFile,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  // It knows whole seconds only; interrupted it stops and reports as at its end.
  void wait(milliseconds).then(() => interrupt(child))
  return child
}

/** Interrupts a process as soon as it listens to that: on a busy machine a young one may not do so yet, and would die of it. */
async function interrupt(child: ChildProcess): Promise<void> {
  while (child.exitCode === null && !catchesInterrupts(child.pid ?? 0)) await wait(5)
  child.kill('SIGINT')
}

function startAutocannon(settings: LoadSettings, bodiesFile: string) {
  const { url, headers, connections, milliseconds } = settings
  const input = JSON.stringify({ url, headers, connections, milliseconds, bodiesFile })
  return spawn(process.execPath, [scripts.autocannon, input], {
    cwd: places.peers,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

/** The last line that it prints is its result. */
async function readResult(name: string, child: ChildProcess): Promise<LoadResult> {
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', text => {
    output += text
  })
  await once(child, 'close')
  const line = output.trimEnd().split('\n').at(-1) ?? ''
  if (!line.startsWith('{')) throw new Error(`${name} did not report:\n${output}`)
  return JSON.parse(line)
}
