import type { Plugin } from 'graphql-yoga'
import type { ServerContext } from '../create-graphql-handler.ts'
import { isSingleResult } from '../is-single-result.ts'
import type { KnownOperations } from '../known-operations.ts'
import type { MediaTypes } from '../media-types.ts'
import type { OperationSteps } from '../operation-steps.ts'

export interface Knowledge {
  readonly operations: KnownOperations
  readonly mediaTypes: MediaTypes
  readonly steps: OperationSteps
}

/** Notes what Yoga finds out about documents and requests, so that it need not be asked again. */
export function useKnownOperations({
  operations,
  mediaTypes,
  steps,
}: Knowledge): Plugin<object, ServerContext> {
  const withOneResult = new WeakSet<object>()
  return {
    onValidate({ params: { schema, documentAST }, context }) {
      return ({ valid }) => {
        const rules = steps.rulesFor(context as unknown as ServerContext)
        if (valid) operations.add(documentAST, { schema, rules })
      }
    },
    onResultProcess({ request, result, serverContext }) {
      // for subscriptions Yoga weighs other media types
      if (isSingleResult(result) && serverContext.record.operationType !== 'subscription')
        withOneResult.add(request)
    },
    onResponse({ request, response, serverContext }) {
      if (withOneResult.has(request)) {
        mediaTypes.note(serverContext.req, response.headers.get('content-type'))
      }
    },
  }
}
