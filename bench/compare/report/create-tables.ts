import type { Report } from './create-report.ts'
import { ratioOf, summarize } from './summarize.ts'

/** The report in Markdown. */
export function createTables(report: Report): string {
  const { contenders, queries, measurements, statements } = report
  const lines = [
    `| Query | ${contenders.map(({ id }) => id).join(' | ')} |`,
    `|---|${contenders.map(() => '---:').join('|')}|`,
  ]
  for (const query of queries) {
    const cells = contenders.map(({ id, isGuarded }) => {
      const summary = summarize(measurements, query.id, id)
      if (!summary) return '–'
      const ratio = ratioOf(measurements, query.id, isGuarded ? 'refract-viewer' : 'refract', id)
      return `${Math.round(summary.requestsPerSecond.median)} (${ratio?.median.toFixed(2)}) ${summary.serverCpu.toFixed(2)}+${summary.databaseCpu?.toFixed(2)} ${statements[query.id]?.[id]?.length}`
    })
    lines.push(`| ${query.title} | ${cells.join(' | ')} |`)
  }
  return `${lines.join('\n')}\n`
}
