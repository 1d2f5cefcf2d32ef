import type { ExecutionResult } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { ServerContext } from '../create-graphql-handler.ts'
import { isSingleResult } from '../is-single-result.ts'

/**
 * What is done round an operation, whichever way it comes. Yoga runs its own hooks of this kind (`onRequestParse`,
 * `onResultProcess`) for HTTP requests only, and `Plugin` has the hooks that it runs for every operation.
 */
export interface OperationPlugin extends Plugin<object, ServerContext> {
  /** Before the operation's parameters are looked at. What it throws is the answer. */
  beforeOperation?(context: ServerContext): Promise<void> | void
  /** The answer as the client gets it; not asked for a stream of answers. */
  afterOperation?(answer: ExecutionResult, context: ServerContext): Promise<ExecutionResult> | ExecutionResult
}

/** Runs the steps of all plugins before an operation. */
export async function beforeOperation(
  plugins: readonly OperationPlugin[],
  context: ServerContext,
): Promise<void> {
  for (const plugin of plugins) await plugin.beforeOperation?.(context)
}

/** Runs the steps of all plugins after an operation, and returns the answer that they make of it. */
export async function afterOperation(
  plugins: readonly OperationPlugin[],
  answer: ExecutionResult,
  context: ServerContext,
): Promise<ExecutionResult> {
  let changed = answer
  for (const plugin of plugins) {
    if (plugin.afterOperation) changed = await plugin.afterOperation(changed, context)
  }
  return changed
}

/** Has Yoga run the steps of plugins for HTTP requests. */
export function useOperationSteps(plugins: readonly OperationPlugin[]): Plugin<object, ServerContext> {
  return {
    onRequestParse: ({ serverContext }) => beforeOperation(plugins, serverContext),
    async onResultProcess({ result, setResult, serverContext }) {
      if (isSingleResult(result)) setResult(await afterOperation(plugins, result, serverContext))
    },
  }
}
