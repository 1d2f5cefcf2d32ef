import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../free-port.ts'

/** Administrators show it; long enough for production. */
export const adminSecret = 'a-secret-of-the-soak-that-nobody-else-has'

/** A gateway in a process of its own, as it is deployed. */
export interface Instance {
  readonly name: string
  readonly url: string
  readonly socketUrl: string
  /** `kill -9`. */
  kill(): Promise<void>
  /** As a process manager ends it. Returns its exit code. */
  terminate(): Promise<number | null>
  /** Starts it, as often as it takes: one that finds no database ends again. Resolves when it is ready. */
  start(): Promise<void>
  /** Bytes of memory; 0 while it is down. */
  memory(): number
  /** Of its log: texts of warnings and errors, with how often each came. */
  readonly complaints: ReadonlyMap<string, number>
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const [attempts, probes] = [20, 600]

/** A gateway of the example application on a database, on a port that stays its own. Not started yet. */
export async function createInstance(name: string, databaseUrl: string): Promise<Instance> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const complaints = new Map<string, number>()
  const environment = {
    ...process.env,
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    HOST: '127.0.0.1',
    PORT: String(port),
    LOG_LEVEL: 'warn',
    REFRACT_ADMIN_SECRET: adminSecret,
    REFRACT_AUTH_SECRET: `${adminSecret}-for-cookies`,
    REFRACT_PUBLIC_URL: url,
    REFRACT_RATE_LIMIT_POINTS: '0',
  }
  let child: ChildProcess | undefined

  const end = async (signal: NodeJS.Signals) => {
    const ending = child
    child = undefined
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return null
    const exited = new Promise<number | null>(resolve => ending.once('exit', resolve))
    ending.kill(signal)
    return await exited
  }
  const tryToStart = async () => {
    const started = spawn(process.execPath, ['bin/refract.js', 'start'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment,
    })
    child = started
    for (const output of [started.stdout, started.stderr]) collect(output, complaints)
    for (let probe = 0; probe < probes && started.exitCode === null; probe += 1) {
      const answer = await fetch(`${url}/health/ready`).catch(() => undefined)
      if (answer?.ok) return true
      await wait(100)
    }
    return false
  }
  return {
    name,
    url,
    socketUrl: `${url.replace('http', 'ws')}/graphql`,
    complaints,
    kill: async () => void (await end('SIGKILL')),
    terminate: () => end('SIGTERM'),
    async start() {
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        if (await tryToStart()) return
        await end('SIGKILL')
        await wait(500)
      }
      throw new Error(`Instance ${name} does not start: ${[...complaints.keys()].at(-1)}`)
    },
    memory() {
      if (!child || child.exitCode !== null) return 0
      const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? []
      return Number(kilobytes) * 1_024
    },
  }
}

/** Counts lines of a log: JSON's by their message, without what differs from one to the next. */
function collect(output: NodeJS.ReadableStream, complaints: Map<string, number>): void {
  let rest = ''
  output.setEncoding('utf8')
  output.on('data', (text: string) => {
    const lines = `${rest}${text}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines.filter(Boolean)) {
      const message = messageOf(line)
        .replaceAll(/\s+/g, ' ')
        .replaceAll(/ \(error [^)]+\)|[\d.]+:\d+/g, '')
        .replace(/of \d+ open/, 'of open')
      complaints.set(message, (complaints.get(message) ?? 0) + 1)
    }
  })
}

function messageOf(line: string): string {
  if (!line.startsWith('{')) return line
  const { level, msg } = JSON.parse(line) as { readonly level: string; readonly msg: string }
  return `${level}: ${msg}`
}
