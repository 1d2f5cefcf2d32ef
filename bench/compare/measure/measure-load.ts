import { createBody, type RunningContender } from '../contenders/index.ts'
import type { BenchDatabase } from '../database/create-database.ts'
import type { BenchQuery, Variables } from '../queries/index.ts'
import type { LoadGenerator } from './load.ts'
import { findBackends, findProcessTree, readCpuSeconds } from './process-cost.ts'

/** One query to one contender, for a while. */
export interface Measurement {
  readonly query: string
  readonly contender: string
  readonly round: number
  readonly requests: number
  readonly requestsPerSecond: number
  readonly medianMilliseconds: number
  readonly p99Milliseconds: number
  /** Milliseconds of the processor for a request. */
  readonly serverCpu: number
  /** Undefined where the database is on another machine. */
  readonly databaseCpu: number | undefined
}

export interface MeasureOptions {
  readonly database: BenchDatabase
  readonly generator: LoadGenerator
  readonly connections: number
  readonly milliseconds: number
}

/** Loads a contender with a query. Throws where any request fails. */
export async function measureLoad(
  running: RunningContender,
  query: BenchQuery,
  variables: readonly Variables[],
  round: number,
  { database, generator, connections, milliseconds }: MeasureOptions,
): Promise<Measurement> {
  const { contender } = running
  const processIds = findProcessTree(running.processId)
  const backendsBefore = await findBackends(database.client, database.name)
  const [server, backends] = [readCpuSeconds(processIds), readCpuSeconds(backendsBefore)]
  const result = await generator.run({
    url: running.urlOf(query),
    headers: running.headers,
    bodies: variables.map(values => createBody(contender, query, values)),
    connections,
    milliseconds,
  })
  const serverSeconds = readCpuSeconds(processIds) - server
  const backendsAfter = await findBackends(database.client, database.name)
  // One that has ended meanwhile was idle: it is in neither sum.
  const ended = backendsBefore.filter(id => !backendsAfter.includes(id))
  const databaseSeconds = readCpuSeconds(backendsAfter) - (backends - readCpuSeconds(ended))
  const { requests, seconds, failures } = result
  if (failures > 0 || requests === 0)
    throw new Error(`${contender.title} failed at ${failures} of ${requests} requests of ${query.id}.`)
  return {
    query: query.id,
    contender: contender.id,
    round,
    requests,
    requestsPerSecond: requests / seconds,
    medianMilliseconds: result.medianMilliseconds,
    p99Milliseconds: result.p99Milliseconds,
    serverCpu: (serverSeconds * 1_000) / requests,
    databaseCpu: backendsAfter.length === 0 ? undefined : (databaseSeconds * 1_000) / requests,
  }
}
