import { GraphQLError, type ValidationContext } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { errorCatalogue } from '../../errors.ts'
import type { ServerContext } from '../create-graphql-handler.ts'
import { isSingleResult } from '../is-single-result.ts'
import type { ResolvedOptions } from '../options.ts'
import { withoutSuggestions } from '../without-suggestions.ts'

/**
 * Where introspection is closed, refuses `__schema` and `__type` to everybody but administrators, and takes out of all
 * messages the names that graphql suggests for wrong ones: they tell the schema piece by piece.
 */
export function useIntrospection({
  isIntrospectionOpen,
}: Pick<ResolvedOptions, 'isIntrospectionOpen'>): Plugin<object, ServerContext> {
  if (isIntrospectionOpen) return {}
  return {
    onValidate({ addValidationRule, context }) {
      if (!(context as unknown as ServerContext).record.viewer?.isAdministrator) {
        addValidationRule(ClosedIntrospectionRule)
      }
    },
    onResultProcess({ result, setResult, serverContext }) {
      if (serverContext.record.viewer?.isAdministrator || !isSingleResult(result) || !result.errors) return
      setResult({ ...result, errors: result.errors.map(withoutSuggestions) })
    },
  }
}

function ClosedIntrospectionRule(context: ValidationContext) {
  return {
    Field(node: { readonly name: { readonly value: string } }) {
      const name = node.name.value
      if (name !== '__schema' && name !== '__type') return
      context.reportError(
        new GraphQLError(`Introspection is closed on this server; ${name} cannot be asked for.`, {
          extensions: {
            code: 'INTROSPECTION_CLOSED',
            http: { status: errorCatalogue.INTROSPECTION_CLOSED.status, spec: true },
          },
        }),
      )
    },
  }
}
