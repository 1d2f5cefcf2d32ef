import { cpus, totalmem } from 'node:os'
import type { Statements } from '../check-and-count.ts'
import type { Measurement } from '../measure/measure-load.ts'
import type { Bench } from '../prepare-bench.ts'
import type { Memory, Rounds } from '../run-rounds.ts'

export interface ReportedContender {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly isGuarded: boolean
}

/** All that was seen, as it is kept in a file: the tables and the chart are made of it. */
export interface Report {
  readonly date: string
  readonly command: string
  readonly machine: string
  readonly versions: string
  readonly conditions: string
  readonly queries: readonly { readonly id: string; readonly title: string }[]
  readonly contenders: readonly ReportedContender[]
  readonly measurements: readonly Measurement[]
  readonly statements: Statements
  readonly memory: Readonly<Record<string, Memory>>
}

/** Puts together what a run has seen. */
export function createReport(run: {
  readonly bench: Bench
  readonly statements: Statements
  readonly rounds: Rounds
}): Report {
  const { bench, statements, rounds } = run
  const { options, database } = bench
  return {
    date: new Date().toISOString().slice(0, 10),
    command: ['npm run bench', ...(options.flags.length > 0 ? ['--', ...options.flags] : [])].join(' '),
    machine: describeMachine(),
    versions: `Node ${process.version}, PostgreSQL ${database.version}, ${database.source}`,
    conditions: describeConditions(bench, rounds),
    queries: bench.queries.map(({ id, title }) => ({ id, title })),
    contenders: bench.contenders.map(({ id, title, description, isGuarded }) => ({
      id,
      title,
      description,
      isGuarded,
    })),
    measurements: rounds.measurements,
    statements,
    memory: rounds.memory,
  }
}

function describeMachine(): string {
  const processors = cpus()
  const gigabytes = Math.round(totalmem() / 2 ** 30)
  return `${processors.length} × ${processors[0]?.model.trim()}, ${gigabytes} GB`
}

function describeConditions({ options, generator }: Bench, { rounds, otherLoad }: Rounds): string {
  const others =
    otherLoad === undefined ? [] : [`other programs took ${(otherLoad * 100).toFixed(0)} % of the processors`]
  return [
    `${rounds} ${rounds === 1 ? 'round' : 'rounds'} of ${options.milliseconds / 1_000} s for each load`,
    `${options.connections} connections of ${generator.name}`,
    `${options.poolSize} to the database`,
    ...others,
  ].join('; ')
}
