import type { IncomingMessage, ServerResponse } from 'node:http'
import { createYoga } from 'graphql-yoga'
import type { HttpExchange, Viewer } from '../engine/index.ts'
import { toClientError } from './client-error.ts'
import { createDocumentCache } from './document-cache.ts'
import { createHttpExchange } from './http-exchange.ts'
import type { ResolvedOptions } from './options.ts'
import { useAccess } from './plugins/use-access.ts'
import { useCost } from './plugins/use-cost.ts'
import { useDocumentLimits } from './plugins/use-document-limits.ts'
import { useExchange } from './plugins/use-exchange.ts'
import { useIntrospection } from './plugins/use-introspection.ts'
import { useRateLimit } from './plugins/use-rate-limit.ts'
import { useRequestParams } from './plugins/use-request-params.ts'
import { useRequestRecord } from './plugins/use-request-record.ts'
import { useTimeLimit } from './plugins/use-time-limit.ts'
import type { RequestRecord } from './request-record.ts'
import type { ViewAs } from './view-as.ts'

/** What Yoga's hooks know of a request besides the request itself. */
export interface ServerContext {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly record: RequestRecord
  readonly http: HttpExchange
  /** Who asks; whatever comes of asking who it is. */
  readonly identity: Promise<Viewer>
}

export type GraphQLHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  record: RequestRecord,
) => Promise<void>

/** Returns the handler of the GraphQL endpoint: Yoga, with what it leaves open by default closed. */
export function createGraphQLHandler(options: ResolvedOptions, viewAs: ViewAs): GraphQLHandler {
  const { schema } = options
  const yoga = createYoga<ServerContext>({
    schema: typeof schema === 'function' ? async ({ identity }) => schema(await identity) : schema,
    context: async ({ http, identity }) => options.createContext({ http, viewer: await identity }),
    graphqlEndpoint: options.graphqlPath,
    // GraphiQL, cross-origin headers, health and the landing page are routes of ours.
    graphiql: false,
    cors: false,
    landingPage: false,
    multipart: false,
    batching: false,
    // The body is read, within its limit, by useRequestParams.
    maxRequestBodySize: false,
    logging: false,
    maskedErrors: { maskError: error => toClientError(error, options) },
    parserAndValidationCache: { documentCache: createDocumentCache(), errorCache: noErrorCache },
    plugins: [
      useRequestRecord(),
      // The price is known before it is spent.
      useCost(options),
      useRateLimit(options.rateLimiter),
      useExchange(),
      useAccess(options),
      useRequestParams(options),
      useDocumentLimits(options.limits),
      useIntrospection(options),
      useTimeLimit(options),
    ],
  })
  return async (request, response, record) => {
    const http = createHttpExchange(request, record.requestId, options.readAddress)
    const identity = viewAs.identify(request, http)
    // useExchange waits for it: until then nobody would hear of a failure
    identity.catch(() => undefined)
    await yoga(request, response, { record, http, identity })
  }
}

/** Errors are not kept: each belongs to one request. */
const noErrorCache = { get: () => undefined, set: () => undefined }
