import { type RunningContender, startContender } from './contenders/index.ts'
import { removeWrites } from './database/remove-writes.ts'
import { settle } from './database/settle.ts'
import { startWatch } from './measure/machine-load.ts'
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
  /** Those that there was time for. */
  readonly rounds: number
  readonly measurements: readonly Measurement[]
  /** By the contender's id; 0 where there is no /proc. */
  readonly memory: Readonly<Record<string, Memory>>
  /** The part of the processors that others used meanwhile, 0 to 1; undefined where it cannot be known. */
  readonly otherLoad: number | undefined
}

/**
 * Starts all contenders, warms them up and loads them with one query after the other, one contender at a time, in each
 * round in another order. A round that would not end within the time that there is is not begun.
 */
export async function runRounds(bench: Bench): Promise<Rounds> {
  const running: RunningContender[] = []
  for (const contender of bench.contenders) running.push(await startContender(contender, bench.startOptions))
  for (const query of bench.queries) await warmUp(bench, query, running)

  const { budgetMilliseconds } = bench.options
  const measurements: Measurement[] = []
  const watch = await startWatch(bench.database, running)
  let rounds = 0
  for (let longest = 0; rounds < bench.options.rounds; rounds += 1) {
    const startedAt = performance.now()
    if (rounds > 0 && startedAt + longest > budgetMilliseconds) {
      console.log(`No time is left for another round, after ${rounds}.`)
      break
    }
    measurements.push(...(await runRound(bench, running, rounds)))
    longest = Math.max(longest, performance.now() - startedAt)
  }
  const otherLoad = await watch.shareOfOthers()
  const memory = Object.fromEntries(
    running.map(({ contender, processId }) => [contender.id, readMemory(findProcessTree(processId))]),
  )
  for (const one of running) await one.stop()
  return { rounds, measurements, memory, otherLoad }
}

async function runRound(
  bench: Bench,
  running: readonly RunningContender[],
  round: number,
): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = []
  for (const [index, query] of bench.queries.entries()) {
    const first = (round + index) % running.length
    const order = [...running.slice(first), ...running.slice(0, first)]
    const results = await loadAll(bench, query, order, round)
    measurements.push(...results)
    printResults(bench, round, query, results)
  }
  return measurements
}

const warmRequests = 1_000 // after so many V8 has compiled most of what a query runs
const warmUpTurns = 4

/** Loads each contender for a while, and again as long as it has answered too few for its code to be compiled. */
async function warmUp(bench: Bench, query: BenchQuery, running: readonly RunningContender[]): Promise<void> {
  const { isQuick, warmUpMilliseconds } = bench.options
  for (const one of running.filter(({ contender }) => contender.questionOf(query))) {
    let requests = 0
    for (let turn = 0; turn < (isQuick ? 1 : warmUpTurns) && requests < warmRequests; turn += 1)
      requests += (await load(bench, query, one, 0, warmUpMilliseconds)).requests
  }
}

async function loadAll(
  bench: Bench,
  query: BenchQuery,
  running: readonly RunningContender[],
  round: number,
): Promise<readonly Measurement[]> {
  const results: Measurement[] = []
  for (const one of running.filter(({ contender }) => contender.questionOf(query)))
    results.push(await load(bench, query, one, round, bench.options.milliseconds))
  return results
}

/** One load; when it resolves, the database is at rest and as it was. */
async function load(
  { database, generator, options, samples }: Bench,
  query: BenchQuery,
  running: RunningContender,
  round: number,
  milliseconds: number,
): Promise<Measurement> {
  const { connections } = options
  const variables = query.variables(samples)
  const result = await measureLoad(running, query, variables, round, {
    database,
    generator,
    connections,
    milliseconds,
  })
  await settle(database)
  if (query.isWrite) assertWritten(result, await removeWrites(database))
  return result
}

/** Throws where answers came for rows that are not there; those on their way at the end of a load may be more. */
function assertWritten({ contender, query, requests }: Measurement, rows: number): void {
  if (rows < requests)
    throw new Error(`${contender} answered ${requests} requests of ${query}, but created ${rows} rows.`)
}

function printResults(
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
