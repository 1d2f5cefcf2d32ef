import type { ExecutionArgs, ExecutionResult, ValidationRule } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Identity } from '../../auth/index.ts'
import type { ServerContext } from '../create-graphql-handler.ts'

/** An operation's answer, or one after the other. */
export type OperationAnswer = ExecutionResult | AsyncIterable<ExecutionResult>

/** Runs an operation that is parsed and valid. */
export type RunOperation = (
  args: ExecutionArgs,
  context: ServerContext,
) => OperationAnswer | Promise<OperationAnswer>

/**
 * What is done round an operation, whichever way it comes: over HTTP through Yoga or past it, or over a socket. Steps that
 * have nothing to wait for return no promise.
 *
 * Of Yoga's own hooks, those of `Plugin`, only the ones are left to it that ask about a document that nobody knows yet.
 */
export interface OperationPlugin
  extends Pick<Plugin<object, ServerContext>, 'onParse' | 'onValidate' | 'onEnveloped'> {
  /** Where it could not be found out who asks. */
  onUnidentified?(context: ServerContext): void
  /** Before the operation's parameters are looked at. What it throws is the answer. */
  beforeOperation?(context: ServerContext, identity: Identity): void
  /** Rules that a document has to keep for this caller, besides those of GraphQL. */
  validationRules?(context: ServerContext): readonly ValidationRule[]
  /** Before an operation that is parsed and valid runs. What it throws is the answer. */
  beforeExecution?(args: ExecutionArgs, context: ServerContext): Promise<void> | void
  /** Runs a query or a mutation in the place of `run`, which it can call. */
  wrapExecute?(run: RunOperation): RunOperation
  /** Runs a subscription in the place of `run`, which it can call. */
  wrapSubscribe?(run: RunOperation): RunOperation
  /** The answer as the client gets it; not asked for a stream of answers. */
  afterOperation?(answer: ExecutionResult, context: ServerContext): Promise<ExecutionResult> | ExecutionResult
}
