import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql'
import type { Engine } from '../engine/index.ts'
import { generateProject, type LoadedProject, loadProject, type Project } from '../project/index.ts'
import { createApi, createIdleClient } from './create-api.ts'

/** A project and its API, without a database. */
export interface BuiltApi {
  readonly loaded: LoadedProject
  readonly engine: Engine
}

/** Generates a project if needed and builds its API, which never runs. */
export async function buildApi(project: Project): Promise<BuiltApi> {
  await generateProject(project)
  const loaded = await loadProject(project)
  return { loaded, engine: await createApi(loaded, createIdleClient(loaded)) }
}

/** The API as schema.graphql holds it: sorted, so that a difference is a change. */
export function printApi(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`
}

/** Writes the text where it differs from what is there; says whether it did. */
export function writeIfChanged(file: string, text: string): boolean {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return false
  writeFileSync(file, text)
  return true
}
