import { GraphQLError, type ValidationContext, type ValidationRule } from 'graphql'
import { errorCatalogue } from '../../errors.ts'
import type { ResolvedOptions } from '../options.ts'
import { withoutSuggestions } from '../without-suggestions.ts'
import type { OperationPlugin } from './operation-plugin.ts'

/**
 * Where introspection is closed, refuses `__schema` and `__type` to everybody but administrators, and takes out of all
 * messages the names that graphql suggests for wrong ones: they tell the schema piece by piece.
 */
export function useIntrospection({
  isIntrospectionOpen,
}: Pick<ResolvedOptions, 'isIntrospectionOpen'>): OperationPlugin {
  if (isIntrospectionOpen) return {}
  return {
    validationRules: ({ record }) => (record.viewer?.isAdministrator ? noRules : closedRules),
    afterOperation(answer, { record }) {
      if (record.viewer?.isAdministrator || !answer.errors) return answer
      return { ...answer, errors: answer.errors.map(withoutSuggestions) }
    },
  }
}

const noRules: readonly ValidationRule[] = []

const closedRules: readonly ValidationRule[] = [ClosedIntrospectionRule]

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
