import { readFileSync } from 'node:fs'
import { StartError } from '../../errors.ts'

/** The documents that a front end was built with, by their ids. */
export interface PersistedDocuments {
  readonly size: number
  find(id: string): string | undefined
  /** Whether a text is one of the documents, letter for letter. */
  has(text: string): boolean
}

export const noPersistedDocuments: PersistedDocuments = createPersistedDocuments(new Map())

/**
 * Reads a list of documents: `{ "<id>": "<document>" }`, as `refract persist`, GraphQL Code Generator and Relay write it,
 * or Apollo's manifest.
 *
 * @throws StartError for a file that cannot be read, or is none of these
 */
export function readPersistedDocuments(file: string): PersistedDocuments {
  const entries = readEntries(parseFile(file))
  if (entries === undefined) {
    throw new StartError(
      `${file} (REFRACT_PERSISTED_DOCUMENTS) is no list of documents: expected { "<sha256>": "<document>" }, or Apollo's { "format": "apollo-persisted-query-manifest", "operations": [{ "id", "body" }] }. Write one with refract persist.`,
    )
  }
  return createPersistedDocuments(new Map(entries))
}

function createPersistedDocuments(documents: ReadonlyMap<string, string>): PersistedDocuments {
  const texts = new Set(documents.values())
  return Object.freeze({
    size: documents.size,
    find: (id: string) => documents.get(id),
    has: (text: string) => texts.has(text),
  })
}

function parseFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new StartError(
      `${file} (REFRACT_PERSISTED_DOCUMENTS) cannot be read: ${error.message}. Write it with refract persist, or correct the path.`,
      { cause: error },
    )
  }
}

type Entry = readonly [id: string, text: string]

function readEntries(list: unknown): readonly Entry[] | undefined {
  if (!isRecord(list)) return undefined
  const { format, operations } = list
  if (format !== 'apollo-persisted-query-manifest') return asEntries(Object.entries(list))
  if (!Array.isArray(operations)) return undefined
  return asEntries(operations.map(operation => (isRecord(operation) ? [operation.id, operation.body] : [])))
}

function asEntries(pairs: readonly (readonly unknown[])[]): readonly Entry[] | undefined {
  const entries = pairs.filter(isEntry)
  return entries.length === pairs.length ? entries : undefined
}

function isEntry(pair: readonly unknown[]): pair is Entry {
  return pair.length === 2 && pair.every(part => typeof part === 'string')
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
