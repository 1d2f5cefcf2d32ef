import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { RefractError } from '../../errors.ts'
import { noPersistedDocuments, type PersistedDocuments } from './persisted-documents.ts'

export interface DocumentSourceOptions {
  readonly persisted?: PersistedDocuments
  /** Whether all other documents are refused. */
  readonly isOnlyPersisted?: boolean
  /** Whether a client may register documents by their hash as it goes (automatic persisted queries). */
  readonly isAutomatic?: boolean
}

/** The parameters of a request, as far as they say which document is meant. */
export interface DocumentParameters {
  readonly query?: unknown
  readonly documentId?: unknown
  readonly extensions?: unknown
}

/**
 * Returns the text of the document that a request means; undefined where it names none.
 *
 * @throws RefractError PERSISTED_DOCUMENT_NOT_FOUND, PERSISTED_DOCUMENT_REQUIRED, PERSISTED_QUERY_NOT_FOUND,
 *   PERSISTED_QUERY_NOT_SUPPORTED or BAD_REQUEST
 */
export type DocumentSource = (parameters: DocumentParameters) => unknown

const mostAutomatic = 1_000
const mostAutomaticCharacters = 8_000_000 // 16 MB

/**
 * Returns a function that finds documents by `documentId` (GraphQL over HTTP, appendix "Persisted Documents") and by the
 * hash of Apollo's protocol, `extensions.persistedQuery`.
 *
 * Own code: of Yoga's two plugins, the one for lists refuses what the one for automatic ones would register, both take
 * the hash of the same parameter for themselves, neither knows `documentId`, and what clients may register is bounded by
 * its number alone.
 */
export function createDocumentSource({
  persisted = noPersistedDocuments,
  isOnlyPersisted = false,
  isAutomatic = false,
}: DocumentSourceOptions): DocumentSource {
  const automatic = isAutomatic ? createAutomaticDocuments() : undefined

  function findByHash(hash: string): string {
    const text = persisted.find(hash) ?? automatic?.get(hash)
    if (text !== undefined) return text
    // Apollo's clients go by these very messages: after the first they send the text along, after the second they always do.
    if (automatic || persisted.size > 0 || isOnlyPersisted) {
      throw new RefractError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound')
    }
    throw new RefractError('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported')
  }

  return ({ query, documentId, extensions }) => {
    if (documentId !== undefined && documentId !== null) return findById(persisted, documentId, query)
    const hash = readHash(extensions)
    if (hash !== undefined && (query === undefined || query === null)) return findByHash(hash)
    if (isOnlyPersisted && !(typeof query === 'string' && persisted.has(query))) refuseOthers()
    if (hash !== undefined && automatic && typeof query === 'string') register(automatic, hash, query)
    return query
  }
}

function createAutomaticDocuments(): LRUCache<string, string> {
  return new LRUCache({
    max: mostAutomatic,
    maxSize: mostAutomaticCharacters,
    sizeCalculation: text => text.length || 1,
  })
}

function findById(persisted: PersistedDocuments, id: unknown, query: unknown): string {
  if (typeof id !== 'string') {
    throw new RefractError('BAD_REQUEST', `The parameter documentId is a text, not ${typeof id}.`)
  }
  if (query !== undefined && query !== null) {
    throw new RefractError('BAD_REQUEST', 'Either documentId or query was expected; both came.')
  }
  const text = persisted.find(id) ?? persisted.find(id.replace(/^sha256:/, ''))
  if (text !== undefined) return text
  throw new RefractError(
    'PERSISTED_DOCUMENT_NOT_FOUND',
    'No document of this id is known to the server: the list that it was started with does not have it.',
  )
}

/** The hash of Apollo's protocol, where an extension has it in its one version. */
function readHash(extensions: unknown): string | undefined {
  const query = readKey(extensions, 'persistedQuery')
  const hash = readKey(query, 'sha256Hash')
  return readKey(query, 'version') === 1 && typeof hash === 'string' ? hash : undefined
}

function readKey(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined
}

function refuseOthers(): never {
  throw new RefractError(
    'PERSISTED_DOCUMENT_REQUIRED',
    'This server runs only the documents that it knows: send the id of one as documentId, in place of a query.',
  )
}

/** @throws RefractError BAD_REQUEST for a hash of something else: others would get that for theirs */
function register(automatic: LRUCache<string, string>, hash: string, query: string): void {
  if (automatic.get(hash) === query) return
  if (createHash('sha256').update(query).digest('hex') !== hash) {
    throw new RefractError('BAD_REQUEST', 'provided sha does not match query')
  }
  automatic.set(hash, query)
}
