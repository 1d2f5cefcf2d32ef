import { readdirSync, readFileSync } from 'node:fs'
import type pg from 'pg'

const ticksPerSecond = 100 // USER_HZ, which is 100 on every Linux that Node runs on

/** Seconds of the processor that the processes have used so far, those that have ended among their children too. */
export function readCpuSeconds(processIds: readonly number[]): number {
  return processIds.reduce((sum, id) => sum + (readStat(id)?.cpuSeconds ?? 0), 0)
}

/** A process and all below it. */
export function findProcessTree(root: number): readonly number[] {
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

/** The processes of PostgreSQL that work for a database; empty where they are not on this machine. */
export async function findBackends(client: pg.Client, database: string): Promise<readonly number[]> {
  const { rows } = await client.query(
    'SELECT pid FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
    [database],
  )
  return rows.map(row => row.pid).filter(id => readStat(id)?.name.startsWith('postgres'))
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
