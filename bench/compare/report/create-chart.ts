import type { Report } from './create-report.ts'
import { formatNumber } from './markdown.ts'
import { summarize } from './summarize.ts'

const width = 860
const plot = { left: 330, right: 830, top: 78, rowHeight: 34 }
// The colours of Okabe and Ito, which colour-blind people can tell apart; in an order that their names have here.
const colors = ['#0072b2', '#e69f00', '#009e73', '#888888']

/**
 * The requests a second as an SVG: a row for each query, a dot for each contender without a viewer, on a logarithmic
 * axis, since the fastest answer a hundred times as many as the slowest.
 */
export function createChart(report: Report): string {
  const contenders = report.contenders.filter(({ isGuarded }) => !isGuarded)
  const rows = report.queries.map(({ id, title }) => ({
    title: title.replaceAll('`', ''),
    values: contenders.map(
      contender => summarize(report.measurements, id, contender.id)?.requestsPerSecond.median,
    ),
  }))
  const known = rows.flatMap(({ values }) => values.filter(value => value !== undefined))
  const [low, high] = [Math.floor(Math.log10(Math.min(...known))), Math.ceil(Math.log10(Math.max(...known)))]
  const x = (value: number) =>
    plot.left + ((Math.log10(value) - low) / Math.max(1, high - low)) * (plot.right - plot.left)
  const bottom = plot.top + rows.length * plot.rowHeight
  const powers = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index))
  const parts = [
    ...contenders.map(({ title }, index) => createLegend(title, index)),
    ...powers.map(power => createGridLine(x(power), bottom, formatPower(power))),
    ...rows.map((row, index) => createRow(row, plot.top + (index + 0.5) * plot.rowHeight, x)),
  ]
  return wrap(parts, bottom + 40)
}

function createLegend(title: string, index: number): string {
  const left = 20 + index * 210
  return `<circle cx="${left}" cy="48" r="6" fill="${colors[index]}"/><text x="${left + 12}" y="52">${escapeText(title)}</text>`
}

function createGridLine(x: number, bottom: number, label: string): string {
  const place = x.toFixed(1)
  return (
    `<line class="grid" x1="${place}" y1="${plot.top}" x2="${place}" y2="${bottom}"/>` +
    `<text class="axis" x="${place}" y="${bottom + 20}" text-anchor="middle">${label}</text>`
  )
}

function createRow(
  { title, values }: { readonly title: string; readonly values: readonly (number | undefined)[] },
  y: number,
  x: (value: number) => number,
): string {
  const places = values.flatMap(value => (value === undefined ? [] : x(value)))
  const dots = values.map((value, index) =>
    value === undefined
      ? ''
      : `<circle cx="${x(value).toFixed(1)}" cy="${y}" r="6" fill="${colors[index]}"><title>${formatNumber(value)} requests a second</title></circle>`,
  )
  return (
    `<text x="${plot.left - 16}" y="${y + 4}" text-anchor="end">${escapeText(title)}</text>` +
    `<line class="span" x1="${Math.min(...places).toFixed(1)}" y1="${y}" x2="${Math.max(...places).toFixed(1)}" y2="${y}"/>` +
    // the first contender lies on top
    dots.toReversed().join('')
  )
}

/** It follows the reader's light or dark theme. */
function wrap(parts: readonly string[], height: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Requests a second of Refract and its peers">
<style>
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .head { font-weight: 600; font-size: 15px }
  .axis { fill: #656d76 }
  .grid { stroke: #d0d7de }
  .span { stroke: #d0d7de; stroke-width: 3 }
  .paper { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .axis { fill: #8d96a0 }
    .grid, .span { stroke: #30363d }
    .paper { fill: #0d1117 }
  }
</style>
<rect class="paper" width="${width}" height="${height}"/>
<text class="head" x="14" y="24">Requests a second, one process each (more is better; logarithmic)</text>
${parts.join('\n')}
</svg>
`
}

function formatPower(power: number): string {
  return power.toLocaleString('en')
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
