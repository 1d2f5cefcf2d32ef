/** A table in Markdown; all columns but the first are numbers, on the right. */
export function createTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'))
  return [line(head), `|${rule.join('|')}|`, ...rows.map(line)].join('\n')
}

/** In place of what was not measured. */
export const nothing = '–'

/** With as many digits as are of use: 12,345; 123; 12.3; 1.23; 0.123. */
export function formatNumber(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** A ratio: 0.57×. */
export function formatRatio(value: number): string {
  return `${value < 0.1 ? value.toFixed(3) : value < 10 ? value.toFixed(2) : value.toFixed(1)}×`
}

/** The text without a block's old content, with the new; throws where the block's marks are not in it. */
export function replaceBlock(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [from, to] = [text.indexOf(start), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`Expected ${start} and ${end}, in this order.`)
  return `${text.slice(0, from)}${start}\n${content.trim()}\n${text.slice(to)}`
}
