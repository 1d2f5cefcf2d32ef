import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql'
import { generateProject, loadProject, type Project } from '../project/index.ts'
import { createApi, createIdleClient } from './create-api.ts'

/** The API of a project, without a database: generated if needed, built, never run. */
export async function buildApi(project: Project): Promise<GraphQLSchema> {
  await generateProject(project)
  const loaded = await loadProject(project)
  return (await createApi(loaded, createIdleClient(loaded))).schema
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
