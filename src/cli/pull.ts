import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { createConfig } from '../config.ts'
import { openDatabase, parseDatabaseUrl, redactDatabaseUrl } from '../database/index.ts'
import { createSchemaEngine } from '../database/schema-engine/schema-engine.ts'
import { StartError } from '../errors.ts'
import {
  findBlocks,
  locateProject,
  type Project,
  planProject,
  prepareSchema,
  readSchemaFiles,
} from '../project/index.ts'
import type { CommonArguments } from './commands.ts'
import { listNamespaces } from './list-namespaces.ts'
import { describePulled } from './pulled-summary.ts'
import { applyEnvironmentFile } from './session.ts'
import { count, print, shortPath, style } from './terminal.ts'

export interface PullArguments extends CommonArguments {
  readonly force: boolean
}

interface EngineFile {
  readonly path: string
  readonly content: string
}

/** `refract pull`: describes the database at DATABASE_URL in DIR/prisma/schema.prisma, for `refract start` to serve. */
export async function runPull({ project: directory, force }: PullArguments): Promise<number> {
  applyEnvironmentFile(resolve(directory))
  const { databaseUrl } = createConfig({ environment: process.env })
  if (!databaseUrl) {
    throw new StartError(
      'refract pull describes an existing database, and DATABASE_URL does not say which. Expected for example ' +
        'DATABASE_URL=postgresql://user:password@localhost:5432/shop refract pull --project shop.',
    )
  }
  const project = findTarget(directory, force)
  const database = await openDatabase({
    url: databaseUrl,
    projectDir: project.directory,
    createIfMissing: false,
  })
  try {
    const namespaces = await listNamespaces(database, parseDatabaseUrl(databaseUrl).schema)
    if (namespaces.length === 0) {
      throw new StartError(
        `${redactDatabaseUrl(databaseUrl)} has no tables to describe. Expected a database with at least one; check that ` +
          'DATABASE_URL names the right one.',
      )
    }
    const { files, warnings } = await introspect(databaseUrl, project, namespaces)
    writeFiles(project, files)
    print(...describePulled(files, warnings))
    print(
      `${style('green', '✓')} Wrote ${files.map(({ path }) => shortPath(path)).join(', ')}. Next:`,
      `  DATABASE_URL=… refract start${directory === '.' ? '' : ` --project ${directory}`}`,
    )
    return 0
  } finally {
    await database.close()
  }
}

/** The project to write. Throws a StartError where that would overwrite models. */
function findTarget(directory: string, force: boolean): Project {
  const planned = planProject(directory)
  const hasSchema = existsSync(planned.directory) && canLocate(planned.directory)
  if (!hasSchema) return planned
  const project = locateProject(directory)
  const models = readSchemaFiles(project).flatMap(({ text }) =>
    findBlocks(text).filter(({ keyword }) => keyword === 'model' || keyword === 'view'),
  )
  if (models.length === 0 || force) return project
  throw new StartError(
    `${shortPath(project.schemaPath)} has ${count(models.length, 'model')} already, which pull ` +
      'would overwrite. Name another folder with --project DIR, or add --force to bring this one in step with the database.',
  )
}

function canLocate(directory: string): boolean {
  try {
    return locateProject(directory).schemaFiles.length > 0
  } catch (error) {
    if (error instanceof StartError) return false
    throw error
  }
}

async function introspect(
  url: string,
  project: Project,
  namespaces: readonly string[],
): Promise<{ readonly files: readonly EngineFile[]; readonly warnings: string | null }> {
  const isPublicOnly = namespaces.length === 1 && namespaces[0] === 'public'
  const isNamedInUrl = parseDatabaseUrl(url).schema !== undefined
  const schemas = isPublicOnly || isNamedInUrl ? undefined : namespaces
  const files = createStartingFiles(project, schemas)
  const engine = await createSchemaEngine({ url, schemaFiles: files })
  try {
    const result = await engine.introspect({
      schema: { files: files.map(file => ({ ...file })) },
      baseDirectoryPath: project.schemaDirectory,
      force: false,
      compositeTypeDepth: -1,
      namespaces: schemas ? [...schemas] : null,
    })
    const pulled = result.schema.files.map(({ path, content }) => ({ path, content: withoutAdvice(content) }))
    return { files: pulled, warnings: result.warnings }
  } finally {
    await engine.close()
  }
}

/** Prisma's advice about its own limits stands in doc comments, which would become descriptions in the API. */
function withoutAdvice(content: string): string {
  return content.replace(/^[ \t]*\/\/\/ .*https:\/\/pris\.ly\/d\/.*\n/gm, '')
}

/** What the engine adds the models to: the existing schema, whose names and comments it keeps, or only a head. */
function createStartingFiles(
  project: Project,
  schemas: readonly string[] | undefined,
): readonly EngineFile[] {
  const head = createHead(schemas)
  if (!existsSync(project.schemaPath)) return [{ path: project.schemaPath, content: head }]
  const sources = readSchemaFiles(project)
  if (!sources.some(({ text }) => findBlocks(text).length > 0))
    return [{ path: project.schemaFiles[0] ?? project.schemaPath, content: head }]
  return prepareSchema(sources).files.map(({ path, text }, index) => ({
    path: join(project.schemaDirectory, path),
    content: index === 0 ? `${createGenerator()}\n${text.replace(/\n{3,}/g, '\n\n').trimStart()}` : text,
  }))
}

function createHead(schemas: readonly string[] | undefined): string {
  const names = schemas?.map(name => JSON.stringify(name)).join(', ')
  return `${createGenerator()}
datasource db {
  provider = "postgresql"${names ? `\n  schemas  = [${names}]` : ''}
}
`
}

/** Not needed here, where Refract brings its own generators, but with it the plain Prisma CLI works as well. */
function createGenerator(): string {
  return `generator client {
  provider        = "prisma-client"
  output          = "../.refract/generated/client"
  previewFeatures = ["views"]
}
`
}

/** Each file is complete or as it was. */
function writeFiles(project: Project, files: readonly EngineFile[]): void {
  mkdirSync(dirname(project.schemaPath), { recursive: true })
  for (const { path, content } of files) {
    const part = `${path}.part-${process.pid}`
    writeFileSync(part, content)
    renameSync(part, path)
  }
}
