import { existsSync, readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { buildSchema, type GraphQLSchema, parse } from 'graphql'
import { StartError } from '../errors.ts'
import type { CommonArguments } from './commands.ts'
import { createManifest, type PlacedDefinition } from './persist/create-manifest.ts'
import { type Extract, extractDocuments } from './persist/extract-documents.ts'
import { findFiles, isGraphQLFile } from './persist/find-files.ts'
import { writeIfChanged } from './print-api.ts'
import { count, print, style } from './terminal.ts'

export interface PersistArguments extends CommonArguments {
  /** Files and folders of the front end. */
  readonly sources: readonly string[]
  readonly out: string
  /** The printed API. Default: the project's schema.graphql, where there is one. */
  readonly schema?: string
  readonly typename: boolean
}

/** `refract persist`: the list of a front end's documents, for REFRACT_PERSISTED_DOCUMENTS. */
export async function runPersist(commandArguments: PersistArguments): Promise<number> {
  const { sources, out, typename } = commandArguments
  const files = findFiles(sources)
  const manifest = createManifest(files.flatMap(readDefinitions), {
    schema: readSchema(commandArguments),
    hasTypenames: typename,
  })
  const isNew = writeIfChanged(resolve(out), `${JSON.stringify(manifest, null, 2)}\n`)
  const found = `${count(manifest.operations.length, 'operation')} of ${count(files.length, 'file')}`
  print(`${style('green', '✓')} ${out}: ${found}${isNew ? '' : ', unchanged'}`)
  return 0
}

function readSchema({ project, schema: given }: PersistArguments): GraphQLSchema | undefined {
  const file = resolve(given ?? resolve(project, 'schema.graphql'))
  if (existsSync(file)) return buildSchema(readFileSync(file, 'utf8'))
  if (given === undefined) return undefined
  throw new StartError(`${file} is not there; expected the printed API, as refract schema print writes it.`)
}

function readDefinitions(file: string): readonly PlacedDefinition[] {
  const name = relative(process.cwd(), file)
  const text = readFileSync(file, 'utf8')
  return readExtracts(name, text, file).flatMap(extract => {
    const document = readOrExplain(`${name}:${extract.line}`, () => parse(extract.text))
    return document.definitions.map(definition => ({
      definition,
      place: `${name}:${extract.line + (definition.loc?.startToken.line ?? 1) - 1}`,
    }))
  })
}

function readExtracts(name: string, text: string, file: string): readonly Extract[] {
  const extracts = isGraphQLFile(file)
    ? [{ text, line: 1 }]
    : readOrExplain(name, () => extractDocuments(text, file))
  // an empty file, and a tag of somebody else's language
  return extracts.filter(extract => extract.text.replaceAll(/#.*$/gm, '').trim() !== '')
}

function readOrExplain<Result>(place: string, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new StartError(`${place} cannot be read: ${error.message}`, { cause: error })
  }
}
