/**
 * Refract beside its peers, on the same machine and in the same run: docs/benchmark.md.
 *
 *   npm run bench -- --quick
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Closers } from './closers.ts'
import { readOptions } from './options.ts'
import { runBenchmark } from './run-benchmark.ts'

const closers = new Closers()
let isInterrupted = false
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    isInterrupted = true
    console.log('\nCleaning up …')
    void closers.closeAll().then(() => process.exit(130))
  })

try {
  const options = readOptions(process.argv.slice(2))
  const workDirectory = mkdtempSync(join(tmpdir(), 'refract-bench-'))
  closers.add(async () => rmSync(workDirectory, { recursive: true, force: true }))
  await runBenchmark(options, workDirectory, closers)
} catch (error) {
  // What is taken away below it fails.
  if (!isInterrupted) console.error(error instanceof Error ? `✗ ${error.message}` : error)
  process.exitCode = isInterrupted ? 130 : 1
} finally {
  await closers.closeAll()
}
