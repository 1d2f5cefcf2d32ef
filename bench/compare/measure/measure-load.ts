import { createBody, type RunningContender } from '../contenders/index.ts'
import type { BenchDatabase } from '../database/create-database.ts'
import type { BenchQuery, Variables } from '../queries/index.ts'
import type { LoadGenerator } from './load.ts'
import {
  type CpuSeconds,
  findBackends,
  findProcessTree,
  readCpuSeconds,
  secondsBetween,
  tellsCost,
} from './process-cost.ts'

/** One query to one contender, for a while. */
export interface Measurement {
  readonly query: string
  readonly contender: string
  readonly round: number
  readonly requests: number
  readonly requestsPerSecond: number
  readonly medianMilliseconds: number
  readonly p99Milliseconds: number
  /** Milliseconds of the processor for a request; undefined where the system does not tell. */
  readonly serverCpu: number | undefined
  /** Undefined where the database is on another machine. */
  readonly databaseCpu: number | undefined
}

export interface MeasureOptions {
  readonly database: BenchDatabase
  readonly generator: LoadGenerator
  readonly connections: number
  readonly milliseconds: number
}

const mostMilliseconds = 10_000

/**
 * Loads a contender with a query; longer than asked for where a busy machine answers nothing in that time. Throws where
 * any request fails, or where none is answered in ten seconds either.
 */
export async function measureLoad(
  running: RunningContender,
  query: BenchQuery,
  variables: readonly Variables[],
  round: number,
  options: MeasureOptions,
): Promise<Measurement> {
  const { contender } = running
  const load = await runLoad(running, query, variables, options)
  const { requests, failures, seconds } = load.result
  if (requests === 0 && failures === 0 && options.milliseconds < mostMilliseconds) {
    const milliseconds = Math.min(options.milliseconds * 4, mostMilliseconds)
    return await measureLoad(running, query, variables, round, { ...options, milliseconds })
  }
  if (requests === 0 || failures > 0)
    throw new Error(`${contender.title} failed at ${failures} of ${requests} requests of ${query.id}.`)
  // At the end each connection has a request on its way, on average half done: not answered, but worked at.
  const workedAt = requests + options.connections / 2
  return {
    query: query.id,
    contender: contender.id,
    round,
    requests,
    requestsPerSecond: requests / seconds,
    medianMilliseconds: load.result.medianMilliseconds,
    p99Milliseconds: load.result.p99Milliseconds,
    serverCpu: tellsCost ? (load.serverSeconds * 1_000) / workedAt : undefined,
    databaseCpu: load.databaseSeconds === undefined ? undefined : (load.databaseSeconds * 1_000) / workedAt,
  }
}

/** One run of the load generator, with the seconds of the processor that it took on both sides of it. */
async function runLoad(
  running: RunningContender,
  query: BenchQuery,
  variables: readonly Variables[],
  { database, generator, connections, milliseconds }: MeasureOptions,
) {
  const processIds = findProcessTree(running.processId)
  const serverBefore = readCpuSeconds(processIds)
  const databaseBefore = await readDatabase(database)
  const result = await generator.run({
    url: running.urlOf(query),
    headers: running.headers,
    bodies: variables.map(values => createBody(running.contender, query, values)),
    connections,
    milliseconds,
  })
  const serverSeconds = secondsBetween(serverBefore, readCpuSeconds(processIds))
  const databaseAfter = await readDatabase(database)
  return {
    result,
    serverSeconds,
    databaseSeconds: databaseBefore && databaseAfter && secondsBetween(databaseBefore, databaseAfter),
  }
}

/** What the database's processes have used; undefined where they are on another machine. */
async function readDatabase({ client, name }: BenchDatabase): Promise<CpuSeconds | undefined> {
  const backends = await findBackends(client, name)
  return backends && readCpuSeconds(backends)
}
