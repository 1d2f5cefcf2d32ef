import type { Report, ReportedContender } from './create-report.ts'
import { createTable, formatNumber, formatRatio, nothing } from './markdown.ts'
import { ratioOf, type Summary, summarize } from './summarize.ts'

/** The whole report in Markdown. */
export function createTables(report: Report): string {
  const open = report.contenders.filter(({ isGuarded }) => !isGuarded)
  const guarded = report.contenders.filter(({ isGuarded }) => isGuarded)
  const sections = [
    '# Refract beside its peers',
    `${report.date}, \`${report.command}\`. ${report.machine}; ${report.versions}; ${report.conditions}. How it is measured, and what ` +
      'to make of it: [the benchmark](../../docs/benchmark.md).',
    describeContenders(report),
    ...createComparison(report, 'Open to everyone', open),
    ...createComparison(report, 'With a row policy and a viewer who has signed in', guarded),
    '## Memory',
    createMemoryTable(report),
  ]
  return `${sections.join('\n\n')}\n`
}

function describeContenders({ contenders }: Report): string {
  const seen = new Map(contenders.map(({ title, description }) => [title, description]))
  return [...seen].map(([title, description]) => `- **${title}**: ${description}`).join('\n')
}

function createComparison(
  report: Report,
  title: string,
  contenders: readonly ReportedContender[],
): readonly string[] {
  if (contenders.length === 0) return []
  return [
    `## ${title}`,
    'Requests a second:',
    createSummaryTable(report, contenders, ({ requestsPerSecond }) => formatNumber(requestsPerSecond.median)),
    ...createRatios(report, contenders),
    'Milliseconds of CPU for a request, of the server + of the database:',
    createSummaryTable(report, contenders, ({ serverCpu, databaseCpu }) =>
      [serverCpu, databaseCpu].map(value => (value === undefined ? nothing : value.toFixed(2))).join(' + '),
    ),
    'SQL statements for a request, BEGIN and COMMIT among them:',
    createStatementTable(report, contenders),
  ]
}

/** One cell for each query and contender. */
function createSummaryTable(
  { queries, measurements }: Report,
  contenders: readonly ReportedContender[],
  toCell: (summary: Summary) => string,
): string {
  const rows = queries.map(query => [
    query.title,
    ...contenders.map(({ id }) => {
      const summary = summarize(measurements, query.id, id)
      return summary ? toCell(summary) : nothing
    }),
  ])
  return createTable(['Query', ...contenders.map(({ title }) => title)], rows)
}

function createRatios(report: Report, contenders: readonly ReportedContender[]): readonly string[] {
  const [refract, ...others] = contenders
  if (!refract?.id.startsWith('refract') || others.length === 0) return []
  const rows = report.queries.map(query => [
    query.title,
    ...others.map(({ id }) => {
      const ratio = ratioOf(report.measurements, query.id, refract.id, id)
      if (!ratio) return nothing
      const { median, least, most } = ratio
      return `${formatRatio(median)} (${formatRatio(least)} to ${formatRatio(most)})`
    }),
  ])
  return [
    'Refract’s requests a second as a multiple of the others’ in the same round; of the rounds the median (least to most):',
    createTable(['Query', ...others.map(({ title }) => `Refract ÷ ${title}`)], rows),
  ]
}

function createStatementTable(
  { queries, statements }: Report,
  contenders: readonly ReportedContender[],
): string {
  const rows = queries.map(query => [
    query.title,
    ...contenders.map(({ id }) => String(statements[query.id]?.[id]?.length ?? nothing)),
  ])
  return createTable(['Query', ...contenders.map(({ title }) => title)], rows)
}

function createMemoryTable({ contenders, memory }: Report): string {
  const megabytes = (bytes = 0) => (bytes === 0 ? nothing : formatNumber(bytes / 1e6))
  const rows = contenders.map(({ id, title, isGuarded }) => [
    isGuarded ? `${title}, with a viewer` : title,
    megabytes(memory[id]?.now),
    megabytes(memory[id]?.peak),
  ])
  return createTable(['Resident memory in MB', 'after the rounds', 'at most'], rows)
}
