import { type ExecutionResult, getOperationAST } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { ServerContext } from '../create-graphql-handler.ts'
import { isSingleResult } from '../is-single-result.ts'
import type { RequestRecord } from '../request-record.ts'

/** Notes the operation and the codes of its errors for the access log, and sees to the status of partial answers. */
export function useRequestRecord(): Plugin<object, ServerContext> {
  return {
    onParse() {
      return ({ result, context }) => {
        if (result && 'definitions' in result) {
          const { record, params } = context as unknown as ParsedContext
          const operation = getOperationAST(result, params.operationName)
          record.operationType = operation?.operation
          record.operationName = operation?.name?.value
        }
      }
    },
    onResultProcess({ result, serverContext }) {
      if (isSingleResult(result) && result.errors) {
        noteErrors(serverContext.record, result.errors)
        if (result.data != null) {
          keepStatusOfData(result.errors)
        }
      }
    },
  }
}

interface ParsedContext {
  readonly record: RequestRecord
  readonly params: { readonly operationName?: string }
}

type ResultErrors = NonNullable<ExecutionResult['errors']>

function noteErrors(record: RequestRecord, errors: ResultErrors): void {
  for (const { extensions } of errors) {
    if (typeof extensions?.code === 'string') {
      record.errorCodes.add(extensions.code)
    }
    if (typeof extensions?.id === 'string') {
      record.errorIds.add(extensions.id)
    }
  }
}

/** An answer that holds data is 200, whatever went wrong in a part of it (GraphQL over HTTP, "Status Codes"). */
function keepStatusOfData(errors: ResultErrors): void {
  for (const error of errors) {
    delete error.extensions?.http
  }
}
