import { relative } from 'node:path'
import { stripVTControlCharacters, styleText } from 'node:util'

type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan'

/** Writes lines for the person at the terminal to standard output. */
export function print(...lines: readonly string[]): void {
  for (const line of lines) process.stdout.write(`${line}\n`)
}

/** Writes lines to standard error: for what is not the command's result. */
export function printError(...lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`${line}\n`)
}

/** Colours the text where a terminal shows it and NO_COLOR does not forbid it. */
export function style(format: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return isColourful(stream) ? styleText(format, text) : text
}

function isColourful(stream: NodeJS.WriteStream): boolean {
  if (process.env.NO_COLOR) return false
  if (process.env.FORCE_COLOR && process.env.FORCE_COLOR !== '0') return true
  return stream.isTTY === true && process.env.TERM !== 'dumb'
}

/** `1 model`, `3 models`. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? singular : plural}`
}

/** A time a person can read: `85 ms`, `1.2 s`. */
export function formatDuration(milliseconds: number): string {
  return milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1_000).toFixed(1)} s`
}

/** Lines of `label  text` with the texts under each other. */
export function formatTable(rows: readonly (readonly [label: string, text: string])[]): readonly string[] {
  const width = Math.max(...rows.map(([label]) => stripVTControlCharacters(label).length))
  return rows.map(([label, text]) => {
    const padding = ' '.repeat(width - stripVTControlCharacters(label).length)
    return `  ${style('dim', label)}${padding}  ${text}`
  })
}

/** A path as the person would type it: relative to where they are, unless it is elsewhere. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path)
  return short === '' || short.startsWith('..') ? path : short
}
