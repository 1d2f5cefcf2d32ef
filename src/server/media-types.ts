import type { IncomingMessage } from 'node:http'
import { LRUCache } from 'lru-cache'
import type { ResultMediaType } from './send-result.ts'

/** Which media type single results are sent in, by the `Accept` of their request, as Yoga has decided it before. */
export interface MediaTypes {
  /** Notes what Yoga has answered a request with. */
  note(request: IncomingMessage, contentType: string | null): void
  find(request: IncomingMessage): ResultMediaType | undefined
}

const mostAccepts = 1_000

const longestAccept = 500 // characters

const contentTypes: ReadonlyMap<string | null, ResultMediaType> = new Map([
  ['application/json; charset=utf-8', 'application/json'],
  ['application/graphql-response+json; charset=utf-8', 'application/graphql-response+json'],
])

export function createMediaTypes(): MediaTypes {
  const known = new LRUCache<string, ResultMediaType>({ max: mostAccepts })
  return {
    note({ headers: { accept = '' } }, contentType) {
      const mediaType = contentTypes.get(contentType)
      if (mediaType && accept.length <= longestAccept) known.set(accept, mediaType)
    },
    find: ({ headers: { accept = '' } }) => known.get(accept),
  }
}
