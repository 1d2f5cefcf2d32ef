import { type ChildProcess, spawn } from 'node:child_process'
import { openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Closers } from '../closers.ts'
import { places } from '../places.ts'
import { type BenchQuery, typename, type Variables } from '../queries/index.ts'
import type { Contender, StartSettings } from './contender.ts'

/** A contender that answers. */
export interface RunningContender {
  readonly contender: Contender
  readonly processId: number
  readonly urlOf: (query: BenchQuery) => string
  readonly headers: Readonly<Record<string, string>>
  /** One request outside of any measurement: the data of the answer; throws where there are errors. */
  readonly ask: (query: BenchQuery, variables: Variables) => Promise<unknown>
  readonly stop: () => Promise<void>
}

export interface StartOptions extends Omit<StartSettings, 'port'> {
  readonly closers: Closers
  /** Where its output goes. */
  readonly logDirectory: string
  /** Of the viewer, for the guarded ones. */
  readonly token: string
}

const startMilliseconds = 60_000
const stopMilliseconds = 5_000

/** Starts a contender and resolves when it answers; throws where it does not within a minute. */
export async function startContender(contender: Contender, options: StartOptions): Promise<RunningContender> {
  const port = await findFreePort()
  const { program, programArguments, environment } = contender.launch({ ...options, port })
  // a file, as in production: a pipe would cost this process time for what they print
  const logFile = join(options.logDirectory, `${contender.id}.log`)
  const log = openSync(logFile, 'a')
  const child = spawn(program, programArguments, {
    cwd: places.root,
    stdio: ['ignore', log, log],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', ...environment },
  })
  const stop = createStop(child)
  options.closers.add(stop)
  const running: RunningContender = {
    contender,
    processId: child.pid ?? 0,
    urlOf: query => `http://127.0.0.1:${port}${contender.pathOf(query)}`,
    headers: {
      'content-type': 'application/json',
      // Errors then have a status of their own, which the load generator counts.
      accept: 'application/graphql-response+json, application/json',
      ...(contender.isGuarded ? { authorization: `Bearer ${options.token}` } : {}),
    },
    ask: (query, variables) => ask(running, query, variables),
    stop,
  }
  await waitUntilHealthy(running, child, logFile)
  return running
}

/** The body of a request. */
export function createBody(contender: Contender, query: BenchQuery, variables: Variables): string {
  const document = contender.questionOf(query)?.document.replaceAll(/\s+/g, ' ')
  return JSON.stringify(document === '' ? { variables } : { query: document, variables })
}

async function ask(
  { contender, urlOf, headers }: RunningContender,
  query: BenchQuery,
  variables: Variables,
): Promise<unknown> {
  const body = createBody(contender, query, variables)
  const response = await fetch(urlOf(query), { method: 'POST', headers, body })
  const text = await response.text()
  const { data, errors } = response.ok ? JSON.parse(text) : { errors: text }
  if (errors) throw new Error(`${contender.title} answers ${query.id} with ${JSON.stringify(errors)}`)
  return data
}

async function waitUntilHealthy(
  running: RunningContender,
  child: ChildProcess,
  logFile: string,
): Promise<void> {
  const deadline = Date.now() + startMilliseconds
  for (;;) {
    const failure = await running.ask(typename, {}).then(
      () => undefined,
      (error: Error) => error,
    )
    if (!failure) return
    if (hasEnded(child) || Date.now() > deadline) {
      const log = readFileSync(logFile, 'utf8').slice(-2_000)
      throw new Error(`${running.contender.title} did not start: ${failure.message}\n${log}`)
    }
    await wait(100)
  }
}

function createStop(child: ChildProcess): () => Promise<void> {
  const ended = new Promise(resolve => child.once('exit', resolve).once('error', resolve))
  return async () => {
    if (hasEnded(child)) return
    child.kill('SIGTERM')
    const killing = setTimeout(() => child.kill('SIGKILL'), stopMilliseconds)
    await ended
    clearTimeout(killing)
  }
}

/** Also true of what could not be started at all. */
function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
      .on('error', reject)
      .listen(0, '127.0.0.1', () => {
        const address = server.address()
        server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
      })
  })
}
