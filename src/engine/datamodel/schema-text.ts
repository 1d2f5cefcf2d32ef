/**
 * What Prisma's DMMF leaves out of a schema and only its text says: which blocks are views, the `Unsupported`
 * columns, the PostgreSQL schemas of enums, and who keeps foreign keys. No library parses Prisma 7 schemas of every kind without rewriting
 * them; these are the facts needed.
 */
export interface SchemaTextFacts {
  readonly views: ReadonlySet<string>
  readonly unsupported: ReadonlyMap<string, readonly UnsupportedColumn[]>
  /** `@@schema` by enum. */
  readonly enumSchemas: ReadonlyMap<string, string>
  /** The datasource has `relationMode = "prisma"`. */
  readonly emulatesRelations: boolean
}

export interface UnsupportedColumn {
  readonly name: string
  readonly column: string
  readonly databaseType: string
  readonly documentation: string | null
  readonly isRequired: boolean
  readonly isList: boolean
  readonly hasDefault: boolean
}

const blockStart = /^\s*(model|view|enum)\s+(\w+)\s*\{/
const schemaLine = /^\s*@@schema\(\s*(?:map:\s*)?"((?:[^"\\]|\\.)*)"\s*\)/
const relationModeLine = /^\s*relationMode\s*=\s*"prisma"/m
const unsupportedLine = /^\s*(\w+)\s+Unsupported\(\s*"((?:[^"\\]|\\.)*)"\s*\)\s*(\?|\[\])?(.*)$/

/** Reads the facts from the text of a whole schema (all of its files joined). */
export function readSchemaText(text: string): SchemaTextFacts {
  const views = new Set<string>()
  const unsupported = new Map<string, UnsupportedColumn[]>()
  const enumSchemas = new Map<string, string>()
  let block: string | null = null
  let isEnum = false
  let documentation: string[] = []
  for (const line of text.split(/\r?\n/)) {
    const start = blockStart.exec(line)
    if (start) {
      block = start[2] ?? null
      isEnum = start[1] === 'enum'
      if (start[1] === 'view' && block) views.add(block)
      documentation = []
    } else if (/^\s*\}/.test(line)) {
      block = null
    } else if (/^\s*\/\/\//.test(line)) {
      documentation.push(line.replace(/^\s*\/\/\/ ?/, ''))
    } else if (!/^\s*\/\//.test(line) && line.trim() !== '') {
      const schema = isEnum ? schemaLine.exec(line)?.[1] : undefined
      if (block && schema !== undefined) enumSchemas.set(block, schema)
      const column = block ? readUnsupported(line, documentation) : null
      if (block && column) unsupported.set(block, [...(unsupported.get(block) ?? []), column])
      documentation = []
    }
  }
  return { views, unsupported, enumSchemas, emulatesRelations: relationModeLine.test(text) }
}

function readUnsupported(line: string, documentation: readonly string[]): UnsupportedColumn | null {
  const found = unsupportedLine.exec(line)
  if (!found) return null
  const [, name = '', databaseType = '', arity, rest = ''] = found
  if (/@ignore\b/.test(rest)) return null
  const trailing = /\/\/\/\s?(.*)$/.exec(rest)?.[1]
  const lines = trailing === undefined ? documentation : [...documentation, trailing]
  return {
    name,
    column: /@map\(\s*(?:name:\s*)?"((?:[^"\\]|\\.)*)"/.exec(rest)?.[1] ?? name,
    databaseType: databaseType.toLowerCase(),
    documentation: lines.length > 0 ? lines.join('\n') : null,
    isRequired: arity === undefined,
    isList: arity === '[]',
    hasDefault: /@default\(/.test(rest),
  }
}
