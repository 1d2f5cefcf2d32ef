import { type ExecutionResult, getOperationAST, type OperationDefinitionNode } from 'graphql'
import type { RequestRecord } from '../request-record.ts'
import type { OperationPlugin } from './operation-plugin.ts'

/** Notes the operation and the codes of its errors for the access log, and sees to the status of partial answers. */
export function useRequestRecord(): OperationPlugin {
  return {
    onParse() {
      return ({ result, context }) => {
        if (result && 'definitions' in result) {
          const { record, params } = context as unknown as ParsedContext
          noteOperation(record, getOperationAST(result, params.operationName))
        }
      }
    },
    afterOperation(answer, { record }) {
      if (answer.errors) {
        noteErrors(record, answer.errors)
        if (answer.data != null) {
          keepStatusOfData(answer.errors)
        }
      }
      return answer
    },
  }
}

interface ParsedContext {
  readonly record: RequestRecord
  readonly params: { readonly operationName?: string }
}

/** Notes what the access log says about an operation. */
export function noteOperation(
  record: RequestRecord,
  operation: OperationDefinitionNode | null | undefined,
): void {
  record.operationType = operation?.operation
  record.operationName = operation?.name?.value
}

type ResultErrors = NonNullable<ExecutionResult['errors']>

/** Notes what the access log says about errors. */
export function noteErrors(record: RequestRecord, errors: ResultErrors): void {
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
