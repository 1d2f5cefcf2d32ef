import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import type { RunningContender } from '../contenders/index.ts'
import type { BenchDatabase } from '../database/create-database.ts'
import { findBackends, findProcessTree, readCpuSeconds, secondsBetween, tellsCost } from './process-cost.ts'

/** Looks at the machine from its start on. */
export interface MachineWatch {
  /** The part of the processors that had neither to do with this run nor nothing to do, 0 to 1. */
  readonly shareOfOthers: () => Promise<number | undefined>
}

/** Begins to look at who uses the machine. It answers undefined where the system does not tell, or the database is elsewhere. */
export async function startWatch(
  database: BenchDatabase,
  running: readonly RunningContender[],
): Promise<MachineWatch> {
  const look = async () => {
    const backends = await findBackends(database.client, database.name)
    // Load generators are children of this process that have ended: they count with it.
    const own = [process.pid, ...running.flatMap(({ processId }) => findProcessTree(processId))]
    return (
      backends && {
        at: performance.now(),
        busy: readBusySeconds(),
        own: readCpuSeconds([...own, ...backends]),
      }
    )
  }
  const before = tellsCost ? await look() : undefined
  return {
    shareOfOthers: async () => {
      const after = before && (await look())
      if (!before || !after) return undefined
      const others = after.busy - before.busy - secondsBetween(before.own, after.own)
      const elapsed = (after.at - before.at) / 1_000
      return Math.max(0, others / (elapsed * cpus().length))
    },
  }
}

/** Seconds of all processors together that were not idle since the machine started. */
function readBusySeconds(): number {
  const [, ...fields] = readFileSync('/proc/stat', 'utf8').split('\n')[0]?.split(/\s+/) ?? []
  // proc(5): user, nice, system, idle, iowait, irq, softirq, steal; guests are in user already
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = fields.map(Number)
  return (user + nice + system + irq + softirq + steal) / 100
}
