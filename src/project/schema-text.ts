/** A top-level block of a Prisma schema, as positions in its text. `end` is behind the closing brace. */
export interface SchemaBlock {
  readonly keyword: string
  readonly name: string
  readonly start: number
  readonly bodyStart: number
  readonly bodyEnd: number
  readonly end: number
}

/** One `key = value` of a datasource or generator; `value` is the raw text, `end` is before the line's end. */
export interface SchemaAssignment {
  readonly key: string
  readonly value: string
  readonly start: number
  readonly end: number
}

const hiddenText = /"(?:\\.|[^"\\\r\n])*"|\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g

/**
 * The text with the inside of every string and every comment turned to spaces: same length, same lines. What is
 * found in it by position is code, so braces in comments and `generator` in a string mislead nobody.
 */
function maskSchema(text: string): string {
  return text.replace(hiddenText, hidden => {
    const isString = hidden.startsWith('"')
    const blank = hidden.replace(/[^\r\n]/g, ' ')
    return isString ? `"${blank.slice(1, -1)}"` : blank
  })
}

/** The text without its comments; `//` in a string is none. */
export function stripComments(text: string): string {
  return text.replace(hiddenText, hidden => (hidden.startsWith('"') ? hidden : ''))
}

/** All top-level blocks in the order of the text; a block that is never closed ends with the text. */
export function findBlocks(text: string): readonly SchemaBlock[] {
  const mask = maskSchema(text)
  const opening = /(?<![\w@.])(datasource|generator|model|view|enum|type)\s+([\w-]+)\s*\{/g
  const blocks: SchemaBlock[] = []
  for (let match = opening.exec(mask); match; match = opening.exec(mask)) {
    const bodyStart = match.index + match[0].length
    const bodyEnd = findClosingBrace(mask, bodyStart)
    const end = Math.min(bodyEnd + 1, mask.length)
    blocks.push({
      keyword: match[1] ?? '',
      name: match[2] ?? '',
      start: match.index,
      bodyStart,
      bodyEnd,
      end,
    })
    opening.lastIndex = end
  }
  return blocks
}

function findClosingBrace(mask: string, from: number): number {
  let depth = 1
  for (let index = from; index < mask.length; index += 1) {
    if (mask[index] === '{') depth += 1
    if (mask[index] === '}') depth -= 1
    if (depth === 0) return index
  }
  return mask.length
}

/** The assignments of a datasource or generator block; a value in brackets may go over several lines. */
export function findAssignments(text: string, block: SchemaBlock): readonly SchemaAssignment[] {
  const mask = maskSchema(text)
  const key = /(?<!\w)(\w+)[ \t]*=[ \t]*/g
  key.lastIndex = block.bodyStart
  const assignments: SchemaAssignment[] = []
  for (let match = key.exec(mask); match && match.index < block.bodyEnd; match = key.exec(mask)) {
    const valueStart = match.index + match[0].length
    const end = findValueEnd(mask, valueStart, block.bodyEnd)
    assignments.push({
      key: match[1] ?? '',
      value: text.slice(valueStart, end).trim(),
      start: match.index,
      end,
    })
    key.lastIndex = end
  }
  return assignments
}

function findValueEnd(mask: string, from: number, limit: number): number {
  let depth = 0
  for (let index = from; index < limit; index += 1) {
    const character = mask[index] ?? ''
    if ('([{'.includes(character)) depth += 1
    if (')]}'.includes(character)) depth -= 1
    if ((character === '\n' || character === '\r') && depth <= 0) return index
  }
  return limit
}

/** Takes ranges out of the text but leaves their line ends, so that every other line keeps its number. */
export function blankRanges(
  text: string,
  ranges: readonly { readonly start: number; readonly end: number }[],
): string {
  let result = ''
  let position = 0
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(position, start) + text.slice(start, end).replace(/[^\r\n]/g, '')
    position = end
  }
  return result + text.slice(position)
}

/** The string literals inside a piece of schema text, unescaped. */
export function readStrings(value: string): readonly string[] {
  return [...value.matchAll(/"((?:\\.|[^"\\])*)"/g)].map(match => (match[1] ?? '').replace(/\\(.)/g, '$1'))
}

/** The 1-based line of a position. */
export function lineOf(text: string, position: number): number {
  return text.slice(0, position).split(/\r\n|\r|\n/).length
}
