import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { performance } from 'node:perf_hooks'
import lockfile from 'proper-lockfile'
import { bundleClient } from './bundle-client.ts'
import { createGeneratorBlocks, generatorsFileName } from './generator-blocks.ts'
import { packageDirectory, readPackageVersion } from './package-info.ts'
import { type PreparedSchema, prepareSchema, type SchemaFile } from './prepare-schema.ts'
import { type Project, readSchemaFiles } from './project.ts'
import { describeSchema } from './read-description.ts'
import { runPrisma } from './run-prisma.ts'
import { createSchemaError } from './schema-error.ts'

/** What `generateProject` did: `isFresh` is false where the generated code was already right. */
export interface GenerateResult {
  readonly isFresh: boolean
  readonly milliseconds: number
}

const lockStaleMilliseconds = 10_000 // a killed generator's lock is taken over after this
const lockRetries = { retries: 600, factor: 1, minTimeout: 100, maxTimeout: 100 } // a minute

/**
 * Brings DIR/.refract/generated in step with the schema: the prepared schema, the typed client and its bundle, Pothos's
 * types and datamodel.json. Does nothing when they are in step already. The new folder replaces the old one only when
 * it is complete; processes that do this at the same time wait for each other. Throws a StartError where the schema
 * does not parse.
 */
export async function generateProject(project: Project): Promise<GenerateResult> {
  const startedAt = performance.now()
  const sources = readSchemaFiles(project)
  const prepared = prepareSchema(sources)
  const fingerprint = createFingerprint(prepared)
  const finish = (isFresh: boolean) => ({ isFresh, milliseconds: performance.now() - startedAt })
  if (readFingerprint(project) === fingerprint) return finish(false)

  const unlock = await lockState(project)
  try {
    if (readFingerprint(project) === fingerprint) return finish(false)
    await generate(project, prepared, sources, fingerprint)
    return finish(true)
  } finally {
    await unlock()
  }
}

/** Whether the generated code belongs to the schema as it is now. */
export function isGenerated(project: Project): boolean {
  return readFingerprint(project) === createFingerprint(prepareSchema(readSchemaFiles(project)))
}

/**
 * Writes the copy of the schema that the installed Prisma accepts to DIR/.refract/generated/schema and returns that
 * folder. Cheap: for commands that need the schema but not the client.
 */
export function writePreparedSchema(project: Project): string {
  createStateDirectory(project)
  const directory = join(project.generatedDirectory, 'schema')
  writeSchema(directory, prepareSchema(readSchemaFiles(project)))
  return directory
}

/** The prepared schema in memory, as the schema engine takes it; paths are those of the user's own files. */
export function readPreparedFiles(
  project: Project,
): readonly { readonly path: string; readonly content: string }[] {
  const { files, previewFeatures } = prepareSchema(readSchemaFiles(project))
  return [
    ...files.map(({ label, text }) => ({ path: label, content: text })),
    { path: generatorsFileName, content: createGeneratorBlocks(previewFeatures) },
  ]
}

/** Makes DIR/.refract, which tells git to leave it alone. */
export function createStateDirectory(project: Project): void {
  mkdirSync(project.stateDirectory, { recursive: true })
  const ignoreFile = join(project.stateDirectory, '.gitignore')
  if (!existsSync(ignoreFile)) writeFileSync(ignoreFile, '*\n')
}

async function generate(
  project: Project,
  prepared: PreparedSchema,
  sources: readonly SchemaFile[],
  fingerprint: string,
): Promise<void> {
  removeLeftovers(project)
  const target = join(project.stateDirectory, `generating-${process.pid}`)
  try {
    // First, since it finds what does not parse at once.
    const description = describeSchema(prepared, sources)
    await runGenerators(target, prepared, sources)
    writeFileSync(join(target, 'datamodel.json'), JSON.stringify(description, null, 1))
    writeFileSync(join(target, 'register.d.ts'), registerTypes)
    writeFileSync(join(target, 'package.json'), '{ "type": "module" }\n')
    await bundleClient(target)
    writeFileSync(join(target, 'fingerprint'), fingerprint)
    replaceDirectory(project.generatedDirectory, target)
  } finally {
    rmSync(target, { recursive: true, force: true })
  }
}

async function runGenerators(
  target: string,
  prepared: PreparedSchema,
  sources: readonly SchemaFile[],
): Promise<void> {
  writeSchema(join(target, 'schema'), prepared)
  const configFile = join(target, 'prisma.config.mjs')
  writeFileSync(configFile, "export default { schema: './schema' }\n")
  const { exitCode, output } = await runPrisma(['generate', '--no-hints', '--config', configFile], {
    directory: target,
    // Prisma wants an executable for its schema engine, but generating does not run it.
    variables: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath },
  })
  if (exitCode !== 0) throw createSchemaError(output, sources)
  rmSync(configFile)
}

function writeSchema(directory: string, prepared: PreparedSchema): void {
  rmSync(directory, { recursive: true, force: true })
  for (const file of prepared.files) {
    const path = join(directory, file.path)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, file.text)
  }
  writeFileSync(join(directory, generatorsFileName), createGeneratorBlocks(prepared.previewFeatures))
}

function replaceDirectory(current: string, next: string): void {
  const old = `${current}.old-${process.pid}`
  if (existsSync(current)) renameSync(current, old)
  renameSync(next, current)
  rmSync(old, { recursive: true, force: true })
}

function removeLeftovers(project: Project): void {
  for (const name of readdirSync(project.stateDirectory))
    if (/^(generating-|generated\.old-)\d+$/.test(name))
      rmSync(join(project.stateDirectory, name), { recursive: true, force: true })
}

async function lockState(project: Project): Promise<() => Promise<void>> {
  createStateDirectory(project)
  return await lockfile.lock(project.stateDirectory, {
    lockfilePath: join(project.stateDirectory, 'generate.lock'),
    stale: lockStaleMilliseconds,
    retries: lockRetries,
  })
}

function readFingerprint(project: Project): string | undefined {
  const file = join(project.generatedDirectory, 'fingerprint')
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/** Differs whenever the same command would generate something else: schema, our version and place, the code that describes. */
function createFingerprint(prepared: PreparedSchema): string {
  const hash = createHash('sha256').update(readPackageVersion()).update(packageDirectory)
  hash.update(createGeneratorBlocks(prepared.previewFeatures)).update(registerTypes)
  for (const file of prepared.files) hash.update(`\0${file.path}\0${file.text}`)
  const generatorDirectory = join(packageDirectory, 'src', 'engine', 'datamodel')
  for (const name of readdirSync(generatorDirectory).toSorted())
    hash.update(readFileSync(join(generatorDirectory, name)))
  return hash.digest('hex')
}

/** Gives `defineConfig` and `defineExtension` the types of this project's models. */
const registerTypes = `import type { PrismaClient } from './client/client.ts'
import type PrismaTypes from './pothos.ts'

declare module 'refract' {
  interface Register {
    prismaTypes: PrismaTypes
    client: PrismaClient
  }
}
`
