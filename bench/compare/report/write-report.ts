import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchOptions } from '../options.ts'
import { places } from '../places.ts'
import type { Report } from './create-report.ts'
import { createTables } from './create-tables.ts'

/** Writes the report into bench/results, and prints its tables. */
export function writeReport(report: Report, options: BenchOptions): void {
  const isPartial = options.only.length > 0
  const name = isPartial ? 'partial' : options.isQuick ? 'quick' : 'benchmark'
  const tables = createTables(report)
  mkdirSync(places.results, { recursive: true })
  writeFileSync(join(places.results, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`)
  writeFileSync(join(places.results, `${name}.md`), tables)
  console.log(`\n${tables}`)
}
