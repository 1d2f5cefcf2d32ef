import type { DocumentNode, Token } from 'graphql'
import { LRUCache } from 'lru-cache'

const mostDocuments = 2_000

/** Of all documents together: a token takes up to a kilobyte, with what is made of it. */
const mostTokens = 150_000

/** Of one document: longer ones nobody repeats, and they would drive out those that are repeated. */
const longestDocument = 5_000 // tokens

/** Parsed documents by their text. */
export interface DocumentCache {
  get(text: string): DocumentNode | undefined
  set(text: string, document: DocumentNode): void
}

/** Keeps the parsed documents that clients repeat, within a bound on the memory that they take. */
export function createDocumentCache(): DocumentCache {
  const cache = new LRUCache<string, DocumentNode>({
    max: mostDocuments,
    maxSize: mostTokens,
    maxEntrySize: longestDocument,
    sizeCalculation: countTokens,
  })
  return {
    get: (text: string) => cache.get(text),
    set: (text: string, document: DocumentNode) => {
      cache.set(text, document)
    },
  }
}

function countTokens({ loc }: DocumentNode): number {
  let tokens = 1
  for (let token: Token | null | undefined = loc?.startToken; token; token = token.next) tokens++
  return tokens
}
