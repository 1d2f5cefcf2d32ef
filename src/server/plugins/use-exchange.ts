import type { Plugin } from 'graphql-yoga'
import type { ServerContext } from '../create-graphql-handler.ts'

/** Waits until it is known who asks, before anything is parsed, and sends the headers that resolvers have set. */
export function useExchange(): Plugin<object, ServerContext> {
  return {
    async onRequestParse({ serverContext }) {
      serverContext.record.viewer = await serverContext.identity
    },
    onResponse({ response, serverContext }) {
      for (const [name, value] of serverContext.http.responseHeaders) response.headers.append(name, value)
    },
  }
}
