import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type pg from 'pg'

const ticksPerSecond = 100 // USER_HZ, which is 100 on every Linux that Node runs on

/** Whether this system tells what processes use: Linux does. */
export const tellsCost = existsSync('/proc/self/stat')

/** Seconds of the processor that each process has used so far. */
export type CpuSeconds = ReadonlyMap<number, number>

/** What the processes have used so far, with those of their children that have ended. */
export function readCpuSeconds(processIds: readonly number[]): CpuSeconds {
  return new Map(processIds.map(id => [id, readStat(id)?.cpuSeconds ?? 0]))
}

/** What was used from one look to the next. A process that ended meanwhile does not count: it was idle before it did. */
export function secondsBetween(before: CpuSeconds, after: CpuSeconds): number {
  return [...after].reduce((sum, [id, seconds]) => sum + seconds - (before.get(id) ?? 0), 0)
}

/** A process and all below it; the process alone where the system does not tell. */
export function findProcessTree(root: number): readonly number[] {
  if (!tellsCost) return [root]
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const id = Number(name)
    const stat = Number.isInteger(id) ? readStat(id) : undefined
    if (stat) parents.set(id, stat.parent)
  }
  const below = (id: number): readonly number[] => [
    id,
    ...[...parents].filter(([, parent]) => parent === id).flatMap(([child]) => below(child)),
  ]
  return below(root)
}

/** The processes of PostgreSQL that work for a database; undefined where they are not on this machine. */
export async function findBackends(
  client: pg.Client,
  database: string,
): Promise<readonly number[] | undefined> {
  const { rows } = await client.query(
    'SELECT pid, pid = pg_backend_pid() AS is_own FROM pg_stat_activity WHERE datname = $1',
    [database],
  )
  const isHere = rows.some(({ pid, is_own }) => is_own && readStat(pid)?.name.startsWith('postgres'))
  return isHere ? rows.filter(({ is_own }) => !is_own).map(({ pid }) => pid) : undefined
}

/** Bytes of memory that are resident now, and that were at most. */
export function readMemory(processIds: readonly number[]): { readonly now: number; readonly peak: number } {
  const sum = (key: string) =>
    processIds.reduce((total, id) => {
      const [, kilobytes] = new RegExp(`${key}:\\s+(\\d+)`).exec(read(`/proc/${id}/status`) ?? '') ?? []
      return total + Number(kilobytes ?? 0) * 1024
    }, 0)
  return { now: sum('VmRSS'), peak: sum('VmHWM') }
}

/** Whether a process has a handler of its own for SIGINT. */
export function catchesInterrupts(id: number): boolean {
  const [, mask = '0'] = /^SigCgt:\s+([\da-f]+)/m.exec(read(`/proc/${id}/status`) ?? '') ?? []
  return (Number.parseInt(mask.slice(-1), 16) & 2) !== 0
}

interface Stat {
  readonly name: string
  readonly parent: number
  readonly cpuSeconds: number
}

function readStat(id: number): Stat | undefined {
  const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(read(`/proc/${id}/stat`) ?? '') ?? []
  if (rest === '') return undefined
  const fields = rest.split(' ')
  // proc(5): the parent is field 4; utime, stime, cutime and cstime are 14 to 17; `rest` begins with field 3
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  return { name, parent: Number(fields[1]), cpuSeconds: ticks / ticksPerSecond }
}

/** Undefined where the process has ended, or is not to be looked at. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined
    throw error
  }
}
