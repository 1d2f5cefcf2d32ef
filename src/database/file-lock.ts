import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import lockfile from 'proper-lockfile'

/** Who holds a lock: enough to tell a live process from another one that got the same number later. */
export type LockHolder = {
  readonly token: string
  readonly pid: number
  readonly startedAt: string
  readonly host: string
}

export type FileLock = {
  readonly holder: LockHolder
  release(): void
}

const heartbeatMilliseconds = 5_000
const staleMilliseconds = 20_000

/**
 * Takes the lock `path`, a file that names its holder, or tells who has it.
 *
 * The lock of a process that is gone (also after kill -9) is taken over at once: the process number and its start time
 * decide. A holder on another machine or in another container cannot be asked, so its lock counts as long as the file
 * was touched within 20 seconds.
 */
export async function tryLock(path: string): Promise<FileLock | { readonly heldBy: LockHolder }> {
  mkdirSync(dirname(path), { recursive: true })
  const lock = createLock(path)
  if (lock !== undefined) return lock
  const heldBy = readLiveHolder(path)
  return heldBy === undefined ? takeOver(path) : { heldBy }
}

/**
 * Takes the lock `path`, waiting for its holder as long as it lives; `onWait` is called once when there is a wait.
 *
 * @throws {Error} when it was not free within `timeoutMilliseconds`
 */
export async function waitForLock(
  path: string,
  {
    timeoutMilliseconds = 600_000, // 10 minutes
    onWait,
  }: { timeoutMilliseconds?: number; onWait?: (holder: LockHolder) => void } = {},
): Promise<FileLock> {
  const deadline = Date.now() + timeoutMilliseconds
  for (let turn = 0; ; turn++) {
    const lock = await tryLock(path)
    if ('release' in lock) return lock
    if (turn === 0) onWait?.(lock.heldBy)
    if (Date.now() > deadline) {
      throw new Error(
        `Process ${lock.heldBy.pid} has held ${path} for ${timeoutMilliseconds / 1_000} seconds`,
      )
    }
    await delay(50)
  }
}

/** The live process that holds the lock; undefined when there is none. */
export function readLiveHolder(path: string): LockHolder | undefined {
  const holder = readHolder(path)
  return holder !== undefined && isAlive(path, holder) ? holder : undefined
}

function readHolder(path: string): LockHolder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as LockHolder
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** The file appears with its content in one step (a hard link), so nobody reads half of it. */
function createLock(path: string): FileLock | undefined {
  const holder = {
    token: randomUUID(),
    pid: process.pid,
    startedAt: startOf(process.pid) ?? '',
    host: hostname(),
  }
  const draft = `${path}.${holder.token}`
  writeFileSync(draft, JSON.stringify(holder))
  try {
    linkSync(draft, path)
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return undefined
    throw error
  } finally {
    rmSync(draft)
  }
  return keepLock(path, holder)
}

function keepLock(path: string, holder: LockHolder): FileLock {
  const heartbeat = setInterval(() => {
    const now = new Date()
    if (readHolder(path)?.token === holder.token) utimesSync(path, now, now)
  }, heartbeatMilliseconds).unref()
  return {
    holder,
    release() {
      clearInterval(heartbeat)
      if (readHolder(path)?.token === holder.token) rmSync(path, { force: true })
    },
  }
}

/**
 * Removing a dead holder's file is done by one process at a time; otherwise the slower of two would remove the lock
 * that the faster one has just made.
 */
async function takeOver(path: string): Promise<FileLock | { readonly heldBy: LockHolder }> {
  const release = await lockfile.lock(path, {
    realpath: false,
    lockfilePath: `${path}.takeover`,
    stale: 5_000,
    retries: { retries: 200, minTimeout: 20, maxTimeout: 100 },
  })
  try {
    const holder = readHolder(path)
    if (holder !== undefined && !isAlive(path, holder)) rmSync(path, { force: true })
  } finally {
    await release()
  }
  const lock = createLock(path)
  if (lock !== undefined) return lock
  const heldBy = readHolder(path)
  return heldBy === undefined ? tryLock(path) : { heldBy }
}

function isAlive(path: string, holder: LockHolder): boolean {
  if (holder.host !== hostname()) {
    const touched = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
    return Date.now() - touched < staleMilliseconds
  }
  const startedAt = startOf(holder.pid)
  return startedAt !== undefined && startedAt === holder.startedAt
}

/** When the process began, in the system's own words; undefined when there is no such process (or only its zombie). */
function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') return startOnLinux(pid)
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return undefined
    if (!hasCode(error, 'EPERM')) throw error
  }
  if (process.platform === 'win32') return 'running'
  return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
}

function startOnLinux(pid: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in brackets and may hold spaces: count from its end.
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ESRCH')) return undefined
    throw error
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
