import type { GraphQLSchema } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { ServerContext } from '../create-graphql-handler.ts'

/** Gives each operation the schema that its caller has. Yoga's own way to a schema for each request is there for HTTP only. */
export function useViewerSchema(
  schemaOf: (context: ServerContext) => GraphQLSchema,
): Plugin<object, ServerContext> {
  return {
    onEnveloped({ context, setSchema }) {
      setSchema(schemaOf(context as unknown as ServerContext))
    },
  }
}
