import { StartError } from '../errors.ts'
import {
  blankRanges,
  findAssignments,
  findBlocks,
  lineOf,
  readStrings,
  type SchemaAssignment,
  stripComments,
} from './schema-text.ts'

/** A .prisma file: `path` is relative to the schema's folder, with `/`; `label` is how messages name it. */
export interface SchemaFile {
  readonly path: string
  readonly label: string
  readonly text: string
}

/** What our Prisma takes: no url, no generators; and the preview features that the client needs for it. */
export interface PreparedSchema {
  readonly files: readonly SchemaFile[]
  readonly previewFeatures: readonly string[]
}

const keptDatasourceKeys = new Set(['provider', 'schemas', 'extensions', 'relationMode'])

/*
 * Features that became standard are left out, as is what would change how the client answers (strictUndefinedChecks),
 * needs files that we do not prepare (typedSql), or is refused for a schema in several files (fullTextSearchPostgres).
 */
const keptPreviewFeatures = new Set([
  'nativeDistinct',
  'partialIndexes',
  'postgresqlExtensions',
  'relationJoins',
  'views',
])

/**
 * Turns a schema written for any Prisma since version 4 into one that the installed Prisma takes, by text, so that
 * comments, names and line numbers stay. Throws a StartError where there is no datasource, or one that is not PostgreSQL.
 */
export function prepareSchema(files: readonly SchemaFile[]): PreparedSchema {
  assertPostgres(files)
  const features = new Set(['relationJoins'])
  for (const file of files) for (const feature of readNeededFeatures(file.text)) features.add(feature)
  return { files: files.map(prepareFile), previewFeatures: [...features].toSorted() }
}

function prepareFile(file: SchemaFile): SchemaFile {
  const removed: { start: number; end: number }[] = []
  for (const block of findBlocks(file.text)) {
    if (block.keyword === 'generator') removed.push(block)
    if (block.keyword === 'datasource')
      removed.push(...findAssignments(file.text, block).filter(({ key }) => !keptDatasourceKeys.has(key)))
  }
  // Some editors on Windows begin a file with a byte order mark, which Prisma's parser does not know.
  return { ...file, text: blankRanges(file.text, removed).replace(/^\uFEFF/, '') }
}

function readNeededFeatures(text: string): readonly string[] {
  const features: string[] = []
  for (const block of findBlocks(text)) {
    if (block.keyword === 'view') features.push('views')
    if (block.keyword !== 'generator' && block.keyword !== 'datasource') continue
    for (const assignment of findAssignments(text, block)) {
      if (block.keyword === 'datasource' && assignment.key === 'extensions')
        features.push('postgresqlExtensions')
      if (block.keyword === 'generator' && assignment.key === 'previewFeatures')
        features.push(...readPreviewFeatures(assignment))
    }
  }
  return features
}

function readPreviewFeatures({ value }: SchemaAssignment): readonly string[] {
  return readStrings(stripComments(value)).filter(name => keptPreviewFeatures.has(name))
}

/** Throws a StartError unless the schema has a datasource and it is PostgreSQL. */
export function assertPostgres(files: readonly SchemaFile[]): void {
  const sources = files.flatMap(file =>
    findBlocks(file.text)
      .filter(block => block.keyword === 'datasource')
      .map(block => ({ file, block })),
  )
  const [source] = sources
  if (!source) {
    throw new StartError(
      `${files.map(file => file.label).join(', ') || 'The schema'} has no datasource. Refract expected a block like ` +
        'datasource db { provider = "postgresql" } (each part on a line of its own); add it and try again.',
    )
  }
  const { file, block } = source
  const provider = findAssignments(file.text, block).find(({ key }) => key === 'provider')
  const name = readStrings(provider?.value ?? '')[0]
  if (provider?.value.startsWith('"') && (name === 'postgresql' || name === 'postgres')) return
  const place = `${file.label}:${lineOf(file.text, provider?.start ?? block.start)}`
  throw new StartError(
    `${place}: the datasource's provider is ${provider?.value ?? 'missing'}, but Refract serves PostgreSQL only. ` +
      'Expected provider = "postgresql"; a schema for another database has to be moved to PostgreSQL first.',
  )
}
