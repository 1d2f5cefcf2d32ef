import type { ExecutionArgs } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { ServerContext } from '../create-graphql-handler.ts'
import { isSingleResult } from '../is-single-result.ts'
import type { OperationSteps } from '../operation-steps.ts'
import { printable } from '../send-result.ts'

/** Has Yoga run the steps of operations that nobody knows yet, and of all others that are its business. */
export function useOperationSteps(steps: OperationSteps): Plugin<object, ServerContext> {
  return {
    onRequestParse({ serverContext }) {
      return serverContext.begun ? undefined : steps.before(serverContext)
    },
    onValidate({ addValidationRule, context }) {
      for (const rule of steps.rulesFor(contextOf(context))) addValidationRule(rule)
    },
    onExecute({ setExecuteFn }) {
      setExecuteFn((args: ExecutionArgs) => steps.execute(args, contextOf(args.contextValue)))
    },
    onSubscribe({ setSubscribeFn }) {
      setSubscribeFn((args: ExecutionArgs) => steps.subscribe(args, contextOf(args.contextValue)))
    },
    async onResultProcess({ result, setResult, serverContext }) {
      if (isSingleResult(result)) setResult(printable(await steps.after(result, serverContext)))
    },
    onResponse({ serverContext: { way, http } }) {
      if (http.givenHeaders) way.giveHeaders(http.givenHeaders)
    },
  }
}

/** Yoga's context is the server's, with what Yoga adds to it. */
function contextOf(context: unknown): ServerContext {
  return context as ServerContext
}
