import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchOptions } from '../options.ts'
import { places } from '../places.ts'
import { createChart } from './create-chart.ts'
import { createReadmeBlock } from './create-readme-block.ts'
import type { Report } from './create-report.ts'
import { createTables } from './create-tables.ts'
import { replaceBlock } from './markdown.ts'

/** Writes the report into bench/results, and where that was asked for into the README; prints its tables. */
export function writeReport(report: Report, options: BenchOptions): void {
  const name = options.only.length > 0 ? 'partial' : options.isQuick ? 'quick' : 'benchmark'
  const tables = createTables(report)
  mkdirSync(places.results, { recursive: true })
  const write = (extension: string, text: string) =>
    writeFileSync(join(places.results, `${name}.${extension}`), text)
  write('json', `${JSON.stringify(report, null, 1)}\n`)
  write('md', tables)
  write('svg', createChart(report))
  console.log(`\n${tables}`)
  console.log(`Written to bench/results/${name}.md, .svg and .json.`)
  if (!options.writesReadme) return
  const block = createReadmeBlock(report, `bench/results/${name}.svg`)
  writeFileSync(places.readme, replaceBlock(readFileSync(places.readme, 'utf8'), 'benchmark', block))
  console.log('Written to README.md.')
}
