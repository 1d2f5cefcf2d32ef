import { type SpawnOptions, spawn } from 'node:child_process'
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

/** A PostgreSQL of our own, in a temporary folder: one that may be broken. */
export interface Cluster {
  readonly url: string
  /** Stops without a word: as when the machine loses power, but for what the system has not yet written to its disk. */
  stopAtOnce(): Promise<void>
  /** Ends all connections, and stops. */
  stop(): Promise<void>
  start(): Promise<void>
  /** Stops, and deletes everything. */
  remove(): Promise<void>
}

/**
 * Makes a cluster by the programs of Debian's packages, as the user postgres where we are root, and starts it.
 *
 * @param database that `url` names; whoever connects as a gateway makes it
 */
export async function createCluster(database: string): Promise<Cluster> {
  const programs = findPrograms()
  const account = process.getuid?.() === 0 ? findAccount('postgres') : undefined
  const folder = mkdtempSync(join(tmpdir(), 'refract-bench-'))
  if (account) chownSync(folder, account.uid, account.gid)
  const data = join(folder, 'data')
  const port = await freePort()
  const run = (program: string, ...rest: readonly string[]) =>
    runToEnd(join(programs, program), rest, { cwd: folder, ...account })
  const stop = (mode: 'fast' | 'immediate') => run('pg_ctl', 'stop', '-D', data, '-m', mode, '-w', '-s')
  // what waits for a lock that waits for it is to be found out soon: writers are to meet it often
  const settings = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c deadlock_timeout=100ms -c max_connections=200`
  const start = () =>
    run('pg_ctl', 'start', '-D', data, '-o', settings, '-l', join(folder, 'log'), '-w', '-s')
  await run('initdb', '-D', data, '-U', 'postgres', '--auth', 'trust', '-E', 'UTF8')
  await start()
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/${database}`,
    stopAtOnce: () => stop('immediate'),
    stop: () => stop('fast'),
    start,
    async remove() {
      await stop('immediate')
      rmSync(folder, { recursive: true })
    },
  }
}

function findPrograms(): string {
  const versions = '/usr/lib/postgresql'
  const newest = readdirSync(versions)
    .toSorted((one, other) => Number(other) - Number(one))
    .at(0)
  if (newest === undefined) throw new Error(`Expected PostgreSQL's programs in ${versions}.`)
  return join(versions, newest, 'bin')
}

/** initdb refuses to run as root. */
function findAccount(name: string): { readonly uid: number; readonly gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find(text => text.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  if (uid === undefined || gid === undefined) throw new Error(`Expected a user ${name} on this machine.`)
  return { uid: Number(uid), gid: Number(gid) }
}

async function runToEnd(program: string, programArguments: readonly string[], options: SpawnOptions) {
  const child = spawn(program, programArguments, { ...options, stdio: ['ignore', 'ignore', 'inherit'] })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
  if (code !== 0) throw new Error(`${program} ${programArguments.join(' ')} has ended with ${code}.`)
}
