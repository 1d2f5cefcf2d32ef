import type { Plugin } from 'graphql-yoga'
import { createSelectionDepthRule } from '../limit-selection-depth.ts'
import type { RequestLimits } from '../options.ts'
import { parseDocument } from '../parse-document.ts'

/** Refuses documents that are too long or too deep for the recursive functions of graphql. */
export function useBoundedDocuments(limits: RequestLimits): Plugin {
  const selectionDepthRule = createSelectionDepthRule(limits.selectionDepth)
  return {
    // Asked only for a document that the cache does not hold.
    onParse({ setParseFn }) {
      setParseFn((source, options) => parseDocument(source, limits, options))
    },
    onValidate({ addValidationRule }) {
      addValidationRule(selectionDepthRule)
    },
  }
}
