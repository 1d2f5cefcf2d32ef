import { parseDocument, type RequestLimits } from '../../limits/index.ts'
import type { OperationPlugin } from './operation-plugin.ts'

/** Refuses documents that are over a limit before anybody validates them. */
export function useDocumentLimits(limits: RequestLimits): OperationPlugin {
  return {
    // Asked only for a document that the cache does not hold.
    onParse({ setParseFn }) {
      setParseFn((source, options) => parseDocument(source, limits, options))
    },
  }
}
