import { stripVTControlCharacters } from 'node:util'
import { StartError } from '../errors.ts'
import type { SchemaFile } from './prepare-schema.ts'

interface SchemaFault {
  readonly message: string
  readonly path: string
  readonly line: number
}

const shownFaults = 5

/**
 * Turns what `prisma generate` printed for the prepared copy of a schema into a StartError about the user's own files.
 * Prisma's wording and line numbers stay.
 */
export function createSchemaError(output: string, files: readonly SchemaFile[]): StartError {
  const text = stripVTControlCharacters(output)
  const faults = readFaults(text)
  if (faults.length === 0) return new StartError(`prisma generate failed: ${readPlainMessage(text)}`)
  const lines = faults.slice(0, shownFaults).map(fault => describeFault(fault, files))
  const more = faults.length - lines.length
  const count = faults.length === 1 ? 'one error' : `${faults.length} errors`
  return new StartError(
    `The Prisma schema does not parse (${count}); nothing was generated. Mend it and try again:\n` +
      lines.join('\n') +
      (more > 0 ? `\n  … and ${more} more` : ''),
  )
}

function readFaults(text: string): readonly SchemaFault[] {
  const pattern = /^error: ([\s\S]*?)\n\s*-->\s+(.*?):(\d+)\s*$/gm
  return [...text.matchAll(pattern)].map(match => ({
    message: (match[1] ?? '').replace(/\s+/g, ' ').trim(),
    path: (match[2] ?? '').replaceAll('\\', '/'),
    line: Number(match[3]),
  }))
}

function describeFault(fault: SchemaFault, files: readonly SchemaFile[]): string {
  const file = files
    .filter(({ path }) => fault.path === path || fault.path.endsWith(`/${path}`))
    .toSorted((a, b) => b.path.length - a.path.length)[0]
  const source = file?.text.split(/\r\n|\n|\r/)[fault.line - 1]?.trim()
  const place = `${file?.label ?? fault.path}:${fault.line}`
  return `  ${place}: ${fault.message}${source ? `\n      ${source}` : ''}`
}

/** A failure that is not about a line: Prisma's message without its banners. */
function readPlainMessage(text: string): string {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(
      line => line && !/^(Loaded Prisma config|Prisma schema loaded|Prisma CLI Version|\[Context)/.test(line),
    )
    .map(line => line.replace(/^(Error|error):\s*/, ''))
    .join(' ')
    .slice(0, 2_000)
}
