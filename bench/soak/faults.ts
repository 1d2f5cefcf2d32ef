import { setTimeout as wait } from 'node:timers/promises'
import { createRandom, type Random } from '../../src/app/seed/random.ts'
import type { Cluster } from '../cluster.ts'
import type { Instance } from './instance.ts'

/** What was broken, how often. */
export interface FaultCounts {
  /** Of the database: as in a crash, or in order. */
  crashes: number
  restarts: number
  /** Of instances: by `kill -9`, or in order. */
  kills: number
  shutdowns: number
  /** Milliseconds that the database was away altogether. */
  databaseAway: number
}

export interface Faults {
  readonly counts: Readonly<FaultCounts>
  /** Whether nothing was broken for a while. */
  isCalm(): boolean
  start(): void
  /** Breaks nothing more; resolves when everything is up again. */
  end(): Promise<void>
}

export interface FaultOptions {
  readonly cluster: Cluster
  readonly instances: readonly Instance[]
  readonly milliseconds: number
  readonly seed: string
}

const calmMilliseconds = 5_000

/** Breaks the database and the instances again and again, one thing or both at once. */
export function createFaults({ cluster, instances, milliseconds, seed }: FaultOptions): Faults {
  const counts: FaultCounts = { crashes: 0, restarts: 0, kills: 0, shutdowns: 0, databaseAway: 0 }
  const ending = new AbortController()
  let [broken, mendedAt] = [0, performance.now()]
  const breaking = async (work: () => Promise<unknown>) => {
    broken += 1
    await work().finally(() => {
      broken -= 1
      mendedAt = performance.now()
    })
  }
  const every = async (average: number, name: string, work: (random: Random) => Promise<unknown>) => {
    const random = createRandom(`${seed} ${name}`)
    while (!ending.signal.aborted) {
      const pause = wait(average * (0.5 + random.fraction()), undefined, { signal: ending.signal })
      // the end of the soak ends the pause
      const isOver = await pause.then(
        () => false,
        () => true,
      )
      if (!isOver) await breaking(() => work(random))
    }
  }
  let running: Promise<unknown> = Promise.resolve()
  const run = () => [
    every(Math.max(8_000, milliseconds / 10), 'database', random => breakDatabase(cluster, counts, random)),
    every(Math.max(8_000, milliseconds / 15), 'instances', random =>
      breakInstance(instances, counts, random),
    ),
  ]
  return {
    counts,
    isCalm: () => broken === 0 && performance.now() - mendedAt > calmMilliseconds,
    start() {
      running = Promise.all(run())
    },
    async end() {
      ending.abort()
      await running
    },
  }
}

async function breakDatabase(cluster: Cluster, counts: FaultCounts, random: Random): Promise<void> {
  const stoppedAt = performance.now()
  if (random.chance(0.6)) {
    counts.crashes += 1
    await cluster.stopAtOnce()
  } else {
    counts.restarts += 1
    await cluster.stop()
  }
  await wait(random.integer(0, 3_000))
  await cluster.start()
  counts.databaseAway += performance.now() - stoppedAt
}

async function breakInstance(
  instances: readonly Instance[],
  counts: FaultCounts,
  random: Random,
): Promise<void> {
  const instance = random.pick(instances)
  if (random.chance(0.75)) {
    counts.kills += 1
    await instance.kill()
  } else {
    counts.shutdowns += 1
    await instance.terminate()
  }
  await wait(random.integer(0, 2_000))
  await instance.start()
}
