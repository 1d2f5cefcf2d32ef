import { type RunningContender, startContender } from './contenders/index.ts'
import { removeWrites } from './database/remove-writes.ts'
import { type Measurement, measureLoad } from './measure/measure-load.ts'
import { findProcessTree, readMemory } from './measure/process-cost.ts'
import type { Bench } from './prepare-bench.ts'
import type { BenchQuery } from './queries/index.ts'

/** Bytes that a contender held after the last round, and at most. */
export interface Memory {
  readonly now: number
  readonly peak: number
}

export interface Rounds {
  readonly measurements: readonly Measurement[]
  /** By the contender's id; empty where there is no /proc. */
  readonly memory: Readonly<Record<string, Memory>>
}

/**
 * Starts all contenders, warms them up and loads them with one query after the other, one contender at a time, in each
 * round in another order.
 */
export async function runRounds(bench: Bench): Promise<Rounds> {
  const { options, queries } = bench
  const running: RunningContender[] = []
  for (const contender of bench.contenders) running.push(await startContender(contender, bench.startOptions))

  for (const query of queries) await loadAll(bench, query, running, 'warm-up')
  const measurements: Measurement[] = []
  for (let round = 0; round < options.rounds; round += 1) {
    for (const [index, query] of queries.entries()) {
      const first = (round + index) % running.length
      const order = [...running.slice(first), ...running.slice(0, first)]
      const results = await loadAll(bench, query, order, round)
      measurements.push(...results)
      printRound(bench, round, query, results)
    }
  }
  const memory = Object.fromEntries(
    running.map(({ contender, processId }) => [contender.id, readMemory(findProcessTree(processId))]),
  )
  for (const one of running) await one.stop()
  return { measurements, memory }
}

async function loadAll(
  { database, generator, options, samples }: Bench,
  query: BenchQuery,
  running: readonly RunningContender[],
  round: number | 'warm-up',
): Promise<readonly Measurement[]> {
  const isWarmUp = round === 'warm-up'
  const results: Measurement[] = []
  for (const one of running) {
    if (!one.contender.questionOf(query)) continue
    results.push(
      await measureLoad(one, query, query.variables(samples), isWarmUp ? 0 : round, {
        database,
        generator,
        connections: options.connections,
        milliseconds: isWarmUp ? options.warmUpMilliseconds : options.milliseconds,
      }),
    )
    if (query.isWrite) await removeWrites(database)
  }
  return results
}

function printRound(
  { options, contenders }: Bench,
  round: number,
  query: BenchQuery,
  results: readonly Measurement[],
): void {
  const cells = contenders.flatMap(({ id }) => {
    const result = results.find(({ contender }) => contender === id)
    return result ? `${id} ${Math.round(result.requestsPerSecond)}` : []
  })
  console.log(`${round + 1}/${options.rounds}  ${query.id.padEnd(14)} ${cells.join('  ')}`)
}
