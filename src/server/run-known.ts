import type { ExecutionArgs, ExecutionResult, GraphQLSchema } from 'graphql'
import type { GraphQLParams } from 'graphql-yoga'
import type { DocumentSource } from '../limits/index.ts'
import type { ServerContext } from './create-graphql-handler.ts'
import type { MaskError } from './error-mask.ts'
import type { KnownOperation, KnownOperations } from './known-operations.ts'
import type { OperationSteps } from './operation-steps.ts'
import { withDocument } from './plugins/use-request-params.ts'
import { noteOperation } from './plugins/use-request-record.ts'
import type { RequestParams } from './read-params.ts'

export interface KnownRunnerParts {
  readonly steps: OperationSteps
  readonly operations: KnownOperations
  readonly maskError: MaskError
  readonly findDocument: DocumentSource
  /** The schema that the caller has. */
  readonly schemaOf: (context: ServerContext) => GraphQLSchema
}

/**
 * Begins an operation: all that comes before its document is looked at. Where Yoga has looked at it before, runs it too.
 *
 * Resolves to its result without the steps that come after; undefined where Yoga has to go on with `context.begun`. Never
 * rejects.
 */
export type RunKnown = (
  context: ServerContext,
  read: () => Promise<RequestParams> | RequestParams,
) => Promise<ExecutionResult | undefined>

export function createKnownRunner(parts: KnownRunnerParts): RunKnown {
  const { steps, operations, maskError, findDocument, schemaOf } = parts
  return async (context, read) => {
    try {
      await steps.before(context)
      const params = withDocument(await read(), findDocument)
      const known = operations.find(params, () => ({
        schema: schemaOf(context),
        rules: steps.rulesFor(context),
      }))
      if (known) {
        noteOperation(context.record, known.operation)
        // one that is known has one answer
        return (await steps.execute(toArgs(known, params), context)) as ExecutionResult
      }
      context.begun = params
      return undefined
    } catch (error) {
      return { errors: [maskError(error)] }
    }
  }
}

function toArgs(
  { document, schema }: KnownOperation,
  { variables, operationName }: GraphQLParams,
): ExecutionArgs {
  return { schema, document, variableValues: variables, operationName }
}
