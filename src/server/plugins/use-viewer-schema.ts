import type { GraphQLSchema } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { anonymous, type Viewer } from '../../engine/index.ts'
import type { ServerContext } from '../create-graphql-handler.ts'

/**
 * Gives each operation the schema that its viewer has. Yoga's own way to a schema for each request is there for HTTP
 * only.
 */
export function useViewerSchema(schemaFor: (viewer: Viewer) => GraphQLSchema): Plugin<object, ServerContext> {
  return {
    onEnveloped({ context, setSchema }) {
      // who asks is known by now: useExchange waits for it
      const { record } = context as unknown as ServerContext
      setSchema(schemaFor(record.viewer ?? anonymous))
    },
  }
}
