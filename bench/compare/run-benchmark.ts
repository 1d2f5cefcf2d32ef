import { checkAndCount } from './check-and-count.ts'
import type { Closers } from './closers.ts'
import { installPeers } from './install-peers.ts'
import type { BenchOptions } from './options.ts'
import { prepareBench } from './prepare-bench.ts'
import { createReport } from './report/create-report.ts'
import { writeReport } from './report/write-report.ts'
import { runRounds } from './run-rounds.ts'

/** The whole run: prepares, checks that all answer alike, measures, and writes what came of it. */
export async function runBenchmark(
  options: BenchOptions,
  workDirectory: string,
  closers: Closers,
): Promise<void> {
  const startedAt = performance.now()
  await installPeers()
  console.log('Preparing the database and the contenders …')
  const bench = await prepareBench(options, workDirectory, closers)
  console.log('Checking that all answer alike …')
  const statements = await checkAndCount(bench)
  console.log(`Requests a second, by ${bench.generator.name}:`)
  const rounds = await runRounds(bench)
  const report = createReport({ bench, statements, rounds })
  writeReport(report, options)
  console.log(`It took ${Math.round((performance.now() - startedAt) / 1_000)} seconds.`)
}
