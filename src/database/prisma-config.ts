import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadEnvFile } from 'node:process'
import { fileURLToPath } from 'node:url'
import type { PrismaConfig } from 'prisma/config'
import { writePreparedSchema } from '../project/generate-project.ts'
import { locateProject, type Project } from '../project/project.ts'
import { startKeeper } from './embedded/keep-embedded.ts'
import { readEmbeddedAddress } from './embedded/open-embedded.ts'

const packageDirectory = fileURLToPath(new URL('../../', import.meta.url))

/**
 * The configuration of the official Prisma CLI for a project folder (absolute): it runs offline on our schema engine,
 * uses `DATABASE_URL` (also from the folder's `.env`) or the embedded database, and starts the latter for as long as the
 * command lives when the command needs a database and none is running.
 */
export function createPrismaConfig(
  projectDir: string,
  commandArguments: readonly string[] = process.argv.slice(2),
): PrismaConfig {
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= join(packageDirectory, 'bin', 'schema-engine.js')
  // For the schema engine, which runs in a process of its own.
  process.env.REFRACT_PROJECT ??= projectDir
  process.env.PRISMA_HIDE_UPDATE_MESSAGE ??= '1'
  process.env.CHECKPOINT_DISABLE ??= '1'
  const environmentFile = join(projectDir, '.env')
  if (existsSync(environmentFile)) loadEnvFile(environmentFile)

  const project = locateProject(projectDir)
  const { SHADOW_DATABASE_URL: shadowDatabaseUrl } = process.env
  return {
    schema: needsPreparedSchema(project, commandArguments)
      ? writePreparedSchema(project)
      : project.schemaPath,
    migrations: {
      path: project.migrationsDirectory,
      seed: asCommand([
        process.execPath,
        join(packageDirectory, 'bin', 'refract.js'),
        'seed',
        '--project',
        projectDir,
      ]),
    },
    datasource: {
      url: findUrl(projectDir, commandArguments),
      ...(shadowDatabaseUrl ? { shadowDatabaseUrl } : {}),
    },
  }
}

/** Prisma cuts the command at its spaces, except at those behind a backslash; it knows no quotes. */
function asCommand(words: readonly string[]): string {
  return words.map(word => word.replaceAll(' ', '\\ ')).join(' ')
}

function findUrl(projectDir: string, commandArguments: readonly string[]): string {
  const { DATABASE_URL: url } = process.env
  if (url) return url
  if (needsDatabase(commandArguments)) return startKeeper(projectDir)
  return readEmbeddedAddress(projectDir)?.url ?? 'postgresql://postgres:postgres@127.0.0.1:5432/postgres'
}

const commandsWithDatabase = new Set(['migrate', 'db', 'studio'])

function needsDatabase(commandArguments: readonly string[]): boolean {
  const isHelp = commandArguments.some(argument => ['--help', '-h', '--version'].includes(argument))
  return !isHelp && commandArguments.some(argument => commandsWithDatabase.has(argument))
}

/**
 * Schemas written for Prisma 5 and 6 name the database's address, which Prisma 7 refuses: commands then read our copy
 * without it. Those that write the schema get the original.
 */
function needsPreparedSchema(project: Project, commandArguments: readonly string[]): boolean {
  if (commandArguments.includes('pull') || commandArguments.includes('format')) return false
  const address = /^\s*(?:url|directUrl|shadowDatabaseUrl)\s*=/m
  return project.schemaFiles.some(file => address.test(readFileSync(file, 'utf8')))
}
