import type { OperationPlugin } from './operation-plugin.ts'

/** Waits until it is known who asks, before anything is parsed, and sends the headers that resolvers have set. */
export function useExchange(): OperationPlugin {
  return {
    async beforeOperation({ record, identity }) {
      record.viewer = (await identity).viewer
    },
    onResponse({ response, serverContext }) {
      for (const [name, value] of serverContext.http.responseHeaders) response.headers.append(name, value)
    },
  }
}
