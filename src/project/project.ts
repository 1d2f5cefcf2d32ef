import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { StartError } from '../errors.ts'
import { isRecord } from './package-info.ts'
import { assertPostgres, type SchemaFile } from './prepare-schema.ts'
import { findBlocks } from './schema-text.ts'

/** A folder with a Prisma schema: where everything that belongs to it is. All paths are absolute. */
export interface Project {
  readonly directory: string
  /** The .prisma file, or the folder of a schema in several files. */
  readonly schemaPath: string
  /** The folder that the schema's files are relative to. */
  readonly schemaDirectory: string
  readonly schemaFiles: readonly string[]
  readonly migrationsDirectory: string
  /** The project's own ignored state: database, generated code. */
  readonly stateDirectory: string
  readonly generatedDirectory: string
  /** refract.config.ts (or .js, .mjs), if there is one. */
  readonly configFile: string | undefined
  /** schema.graphql, the printed API. */
  readonly graphqlFile: string
}

/**
 * Finds the project in `directory`: the schema that package.json (`prisma.schema`) or prisma.config.ts names, else
 * prisma/schema.prisma (with the files beside it), prisma/schema/, prisma/*.prisma or schema.prisma. Reads the schema
 * only as far as its provider. Throws a StartError where there is none or it is not for PostgreSQL.
 */
export function openProject(directory: string): Project {
  const project = locateProject(directory)
  assertPostgres(readSchemaFiles(project))
  return project
}

/** As `openProject`, but takes a schema as it is: for commands that write it. */
export function locateProject(directory: string): Project {
  const root = resolve(directory)
  if (!existsSync(root) || !statSync(root).isDirectory()) {
    throw new StartError(
      `${root} is not a folder. --project expects the folder that holds prisma/schema.prisma; ` +
        'to make one from an existing database run refract pull --project DIR with DATABASE_URL set.',
    )
  }
  const schemaPath = findSchemaPath(root)
  if (!schemaPath) {
    throw new StartError(
      `There is no Prisma schema in ${root}: expected prisma/schema.prisma, a folder prisma/schema/, or the path in ` +
        'package.json under "prisma": { "schema": … }. Name another folder with --project DIR, or make a schema from ' +
        'an existing database with DATABASE_URL=postgresql://… refract pull.',
    )
  }
  return describeProject(root, schemaPath)
}

/** The project that `directory` would be once it has a schema at prisma/schema.prisma. */
export function planProject(directory: string): Project {
  const root = resolve(directory)
  return describeProject(root, join(root, 'prisma', 'schema.prisma'))
}

/** The schema's files as they are on disk now. */
export function readSchemaFiles(project: Project): readonly SchemaFile[] {
  return project.schemaFiles.map(file => ({
    path: toSlashes(relative(project.schemaDirectory, file)),
    label: toSlashes(relative(project.directory, file)),
    text: readFileSync(file, 'utf8'),
  }))
}

function describeProject(directory: string, schemaPath: string): Project {
  const isFolder = existsSync(schemaPath) && statSync(schemaPath).isDirectory()
  const schemaDirectory = isFolder ? schemaPath : dirname(schemaPath)
  const stateDirectory = join(directory, '.refract')
  return Object.freeze({
    directory,
    schemaPath,
    schemaDirectory,
    schemaFiles: Object.freeze(isFolder ? listPrismaFiles(schemaPath) : [schemaPath]),
    migrationsDirectory: findMigrations(directory, schemaDirectory),
    stateDirectory,
    generatedDirectory: join(stateDirectory, 'generated'),
    configFile: ['refract.config.ts', 'refract.config.mts', 'refract.config.js', 'refract.config.mjs']
      .map(name => join(directory, name))
      .find(file => existsSync(file)),
    graphqlFile: join(directory, 'schema.graphql'),
  })
}

function findMigrations(directory: string, schemaDirectory: string): string {
  const usual = join(directory, 'prisma', 'migrations')
  const besideSchema = join(schemaDirectory, 'migrations')
  if (existsSync(usual) || !existsSync(besideSchema)) return usual
  return besideSchema
}

function findSchemaPath(directory: string): string | undefined {
  const named = readManifestPath(directory) ?? readPrismaConfigPath(directory)
  if (named) {
    const path = resolve(directory, named.path)
    if (isSchema(path)) return path
    throw new StartError(
      `${named.source} of ${directory} says that the Prisma schema is at ${named.path}, but there is no .prisma file ` +
        'there. Correct the path, or remove it to use prisma/schema.prisma.',
    )
  }
  const folder = join(directory, 'prisma')
  const single = join(folder, 'schema.prisma')
  if (existsSync(single)) return hasParts(folder, single) ? folder : single
  for (const path of [join(folder, 'schema'), folder, join(directory, 'schema.prisma')])
    if (isSchema(path)) return path
  return undefined
}

/** Whether other files in the folder belong to the same schema: a second datasource marks a copy or another schema. */
function hasParts(folder: string, main: string): boolean {
  const others = listPrismaFiles(folder).filter(file => file !== main)
  return others.length > 0 && !others.some(file => hasDatasource(file))
}

function hasDatasource(file: string): boolean {
  return findBlocks(readFileSync(file, 'utf8')).some(block => block.keyword === 'datasource')
}

function isSchema(path: string): boolean {
  if (!existsSync(path)) return false
  return statSync(path).isDirectory() ? listPrismaFiles(path).length > 0 : path.endsWith('.prisma')
}

const ignoredFolders = new Set(['node_modules', 'migrations'])

function listPrismaFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap(entry => {
      const path = join(folder, entry.name)
      if (entry.isDirectory())
        return ignoredFolders.has(entry.name) || entry.name.startsWith('.') ? [] : listPrismaFiles(path)
      return basename(path).endsWith('.prisma') ? [path] : []
    })
    .toSorted()
}

interface NamedPath {
  readonly path: string
  readonly source: string
}

function readManifestPath(directory: string): NamedPath | undefined {
  const file = join(directory, 'package.json')
  if (!existsSync(file)) return undefined
  const manifest: unknown = parseManifest(file)
  const prisma = isRecord(manifest) ? manifest.prisma : undefined
  const path = isRecord(prisma) ? prisma.schema : undefined
  return typeof path === 'string' ? { path, source: 'package.json' } : undefined
}

function parseManifest(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new StartError(`${file} is not valid JSON: ${error instanceof Error ? error.message : error}.`, {
      cause: error,
    })
  }
}

/** Read as text: such a file may import packages that are not installed here, and only this one path is wanted. */
function readPrismaConfigPath(directory: string): NamedPath | undefined {
  const file = ['prisma.config.ts', 'prisma.config.mts', 'prisma.config.js', 'prisma.config.mjs']
    .map(name => join(directory, name))
    .find(path => existsSync(path))
  if (!file) return undefined
  const path = /^\s*schema:\s*(?:path\.join\(|join\()?['"]([^'"]+)['"](?:,\s*['"]([^'"]+)['"])?/m.exec(
    readFileSync(file, 'utf8'),
  )
  return path?.[1] ? { path: join(path[1], path[2] ?? ''), source: basename(file) } : undefined
}

function toSlashes(path: string): string {
  return path.split(sep).join('/')
}
