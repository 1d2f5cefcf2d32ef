import { randomBytes } from 'node:crypto'
import type { Closers } from './closers.ts'
import { type Contender, createContenders, createToken, type StartOptions } from './contenders/index.ts'
import { type BenchDatabase, createDatabase } from './database/create-database.ts'
import { readSamples } from './database/read-samples.ts'
import { findLoadGenerator, type LoadGenerator } from './measure/load.ts'
import type { BenchOptions } from './options.ts'
import { type BenchQuery, queries, type Samples } from './queries/index.ts'

/** Everything that a run needs, ready. */
export interface Bench {
  readonly options: BenchOptions
  readonly closers: Closers
  readonly database: BenchDatabase
  readonly samples: Samples
  readonly generator: LoadGenerator
  readonly contenders: readonly Contender[]
  readonly queries: readonly BenchQuery[]
  readonly startOptions: StartOptions
}

/** Makes the database, and the contenders and queries that were asked for. */
export async function prepareBench(
  options: BenchOptions,
  workDirectory: string,
  closers: Closers,
): Promise<Bench> {
  const database = await createDatabase(closers)
  const samples = await readSamples(database.client)
  const contenders = await createContenders(database.url, workDirectory)
  const jwtSecret = randomBytes(32).toString('hex')
  return {
    options,
    closers,
    database,
    samples,
    generator: await findLoadGenerator(workDirectory),
    ...select(options.only, contenders),
    startOptions: {
      databaseUrl: database.url,
      poolSize: options.poolSize,
      jwtSecret,
      token: await createToken(samples.agentId, jwtSecret),
      closers,
      logDirectory: workDirectory,
    },
  }
}

/** Of queries and of contenders those that are named; all, where none of a kind is. Throws at a name that is neither's. */
function select(only: readonly string[], contenders: readonly Contender[]) {
  const known = [...queries, ...contenders].map(({ id }) => id)
  const unknown = only.filter(id => !known.includes(id))
  if (unknown.length > 0)
    throw new Error(`--only has ${unknown.join(', ')}, but expected some of ${known.join(', ')}.`)
  const pick = <Item extends { readonly id: string }>(items: readonly Item[]) => {
    const picked = items.filter(({ id }) => only.includes(id))
    return picked.length > 0 ? picked : items
  }
  return { queries: pick(queries), contenders: pick(contenders) }
}
