import { findBlocks } from '../project/index.ts'
import { count, style } from './terminal.ts'

interface PulledFile {
  readonly content: string
}

/** Lines that say what a pulled schema holds, and which tables are left out and why. */
export function describePulled(files: readonly PulledFile[], warnings: string | null): readonly string[] {
  const blocks = files.flatMap(({ content }) =>
    findBlocks(content).map(block => ({ ...block, body: content.slice(block.bodyStart, block.bodyEnd) })),
  )
  const ofKind = (keyword: string) => blocks.filter(block => block.keyword === keyword)
  const ignored = blocks.filter(({ body }) => /^\s*@@ignore\b/m.test(body))
  const served = ofKind('model').filter(block => !ignored.includes(block))
  const lines = [
    `Found ${count(served.length, 'model')}, ${count(ofKind('view').length, 'view')}, ${count(ofKind('enum').length, 'enum')}.`,
  ]
  for (const { keyword, name } of ignored) {
    const kind = keyword === 'view' ? 'view' : 'table'
    lines.push(
      `${style('yellow', '!')} The ${kind} ${name} is ignored: it has no primary key and no unique column, so no row of it can be named. ` +
        'Give it one and pull again.',
    )
  }
  for (const { name, body } of blocks) {
    const unsupported = [...body.matchAll(/^\s*(\w+)\s+Unsupported\("([^"]*)"\)/gm)]
    for (const [, field, type] of unsupported)
      if (type !== 'point' && type !== 'tsvector')
        lines.push(
          `${style('yellow', '!')} ${name}.${field} is left out of the API: Prisma has no type for ${type}.`,
        )
  }
  return [...lines, ...readOtherWarnings(warnings).map(line => style('dim', `  ${line}`))]
}

/** Prisma's own warnings, without those that are told better above. */
function readOtherWarnings(warnings: string | null): readonly string[] {
  return (warnings ?? '')
    .split(/\n\s*\n/)
    .map(paragraph => paragraph.trim())
    .filter(paragraph => paragraph && !/^\*\*\*|were ignored as they do not have/.test(paragraph))
    .flatMap(paragraph => paragraph.split('\n'))
}
