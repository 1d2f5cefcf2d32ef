import type { Report } from './create-report.ts'
import { createTable, formatNumber, formatRatio, nothing } from './markdown.ts'
import { ratioOf, summarize } from './summarize.ts'

/** What the README shows of a report: requests a second of all that have no viewer, and Refract's share of each peer's. */
export function createReadmeBlock(report: Report, chart: string): string {
  const contenders = report.contenders.filter(({ isGuarded }) => !isGuarded)
  const peers = contenders.filter(({ id }) => id !== 'refract')
  const rows = report.queries.map(query => [
    query.title,
    ...contenders.map(({ id }) => {
      const summary = summarize(report.measurements, query.id, id)
      if (!summary) return nothing
      const number = formatNumber(summary.requestsPerSecond.median)
      const ratio = peers.some(peer => peer.id === id)
        ? ratioOf(report.measurements, query.id, 'refract', id)
        : undefined
      return ratio ? `${number} (${formatRatio(ratio.median)})` : number
    }),
  ])
  return [
    createTable(['Requests a second', ...contenders.map(({ title }) => title)], rows),
    `In brackets: Refract’s as a multiple of it, in the same round. \`${report.command}\`, ${report.date}: ${report.machine}; ` +
      `${report.versions}; ${report.conditions}.`,
    `![Requests a second](${chart})`,
  ].join('\n\n')
}
