import { checkAnswers } from './check-answers.ts'
import { type RunningContender, startContender } from './contenders/index.ts'
import { removeWrites } from './database/remove-writes.ts'
import { type StatementCounter, startStatementCounter } from './measure/statement-counter.ts'
import type { Bench } from './prepare-bench.ts'
import type { BenchQuery } from './queries/index.ts'

/** The SQL that a contender ran for one request of a query, by the ids of both. */
export type Statements = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>

/**
 * Holds the answers of all contenders against each other, and notes the statements of a request. For this they connect by
 * way of a proxy, which would slow the rounds: so they are started for this alone, and are not warm afterwards.
 */
export async function checkAndCount(bench: Bench): Promise<Statements> {
  const connected = await Promise.all(bench.contenders.map(contender => connect(bench, contender)))
  const statements: Record<string, Record<string, readonly string[]>> = {}
  try {
    for (const query of bench.queries) {
      const able = connected.filter(({ running }) => running.contender.questionOf(query))
      for (const isGuarded of [false, true]) {
        const group = able.filter(({ running }) => running.contender.isGuarded === isGuarded)
        await checkAnswers(
          query,
          query.variables(bench.samples),
          group.map(({ running }) => running),
        )
      }
      statements[query.id] = Object.fromEntries(
        await Promise.all(able.map(one => countStatements(one, query, bench))),
      )
      if (query.isWrite) await removeWrites(bench.database)
    }
  } finally {
    for (const { running, counter } of connected) {
      await running.stop()
      await counter.close()
    }
  }
  return statements
}

interface Connected {
  readonly running: RunningContender
  readonly counter: StatementCounter
}

async function connect(bench: Bench, contender: Bench['contenders'][number]): Promise<Connected> {
  const counter = await startStatementCounter(bench.database.url)
  const running = await startContender(contender, { ...bench.startOptions, databaseUrl: counter.url })
  return { running, counter }
}

/** The statements of a request that is not the first of its kind. */
async function countStatements(
  { running, counter }: Connected,
  query: BenchQuery,
  { samples }: Bench,
): Promise<readonly [string, readonly string[]]> {
  counter.take()
  await running.ask(query, query.variables(samples)[0] ?? {})
  return [running.contender.id, counter.take()]
}
