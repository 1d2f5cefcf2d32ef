import { GraphQLError } from 'graphql'

/** As graphql and Yoga's executor end a message about a name that is not there. */
const suggestion =
  / Did you mean (?:to use an inline fragment on |the enum value )?"[^"]*"(?:(?:,|, or| or) "[^"]*")*\?$/

/** The error without the names that are like a wrong one; graphql 16 has no setting to leave them out. */
export function withoutSuggestions(error: GraphQLError): GraphQLError {
  if (!suggestion.test(error.message)) return error
  const { nodes, source, positions, path, extensions, originalError } = error
  return new GraphQLError(error.message.replace(suggestion, ''), {
    nodes,
    source,
    positions,
    path,
    extensions,
    originalError,
  })
}
