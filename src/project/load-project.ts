import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { StartError } from '../errors.ts'
import { useModuleHooks } from './module-hooks.ts'
import { isRecord } from './package-info.ts'
import type { Project } from './project.ts'

/** A generated client, as far as it is the same for every schema. */
export interface GeneratedClient {
  $disconnect(): Promise<void>
}

/** The class of a generated client. */
export type PrismaClientClass = new (options: { readonly adapter: unknown }) => GeneratedClient

/** What the engine needs of a generated project. */
export interface LoadedProject {
  readonly PrismaClient: PrismaClientClass
  /** The description of the models: datamodel.json. */
  readonly datamodel: unknown
  /** What Pothos's generator says of the models. */
  readonly pothosDatamodel: unknown
  /** The default export of refract.config.ts; empty without one. */
  readonly config: Readonly<Record<string, unknown>>
}

/** Loads what `generateProject` made, and the project's own configuration. */
export async function loadProject(project: Project): Promise<LoadedProject> {
  const generated = (name: string) => join(project.generatedDirectory, name)
  if (!existsSync(generated('fingerprint'))) {
    throw new StartError(
      `Nothing is generated in ${project.generatedDirectory}. Run refract generate --project ${project.directory} first.`,
    )
  }
  const client = await importFile(generated('client.mjs'))
  const pothos = await importFile(generated('pothos.mjs'))
  const getDatamodel = pothos.getDatamodel as () => unknown
  return {
    PrismaClient: client.PrismaClient as PrismaClientClass,
    datamodel: JSON.parse(readFileSync(generated('datamodel.json'), 'utf8')),
    pothosDatamodel: getDatamodel(),
    config: await loadConfigFile(project),
  }
}

/** The default export of the project's refract.config.ts, or an empty object where there is none. */
export async function loadConfigFile(project: Project): Promise<Readonly<Record<string, unknown>>> {
  if (!project.configFile) return {}
  const name = relative(project.directory, project.configFile)
  useModuleHooks(project.directory)
  const module = await importFile(project.configFile).catch((error: unknown) => {
    if (error instanceof StartError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(
      `${name} could not be loaded: ${reason.replace(/\s+/g, ' ').trim()}. Expected a module whose default export ` +
        "is defineConfig({ … }) from 'refract'; correct it, or run with --verbose to see where it fails.",
      { cause: error },
    )
  })
  if (isRecord(module.default)) return module.default
  throw new StartError(
    `${name} has ${'default' in module ? `the default export ${String(module.default)}` : 'no default export'}. ` +
      "Expected: import { defineConfig } from 'refract'; export default defineConfig({ … }).",
  )
}

async function importFile(file: string): Promise<Readonly<Record<string, unknown>>> {
  return await import(pathToFileURL(file).href)
}
