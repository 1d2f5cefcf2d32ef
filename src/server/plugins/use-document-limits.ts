import type { Plugin } from 'graphql-yoga'
import { parseDocument, type RequestLimits } from '../../limits/index.ts'

/** Refuses documents that are over a limit before anybody validates them. */
export function useDocumentLimits(limits: RequestLimits): Plugin {
  return {
    // Asked only for a document that the cache does not hold.
    onParse({ setParseFn }) {
      setParseFn((source, options) => parseDocument(source, limits, options))
    },
  }
}
