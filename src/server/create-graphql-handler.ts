import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ExecutionResult } from 'graphql'
import { createYoga } from 'graphql-yoga'
import type { Identity } from '../auth/index.ts'
import type { HttpExchange } from '../engine/index.ts'
import { createDocumentSource } from '../limits/index.ts'
import { type AnswerWay, createHttpWay } from './answer-way.ts'
import { toClientError } from './client-error.ts'
import { createDocumentCache } from './document-cache.ts'
import { createHttpExchange } from './http-exchange.ts'
import { isSingleResult } from './is-single-result.ts'
import type { ResolvedOptions } from './options.ts'
import {
  afterOperation,
  beforeOperation,
  type OperationPlugin,
  useOperationSteps,
} from './plugins/operation-plugin.ts'
import { useAccess } from './plugins/use-access.ts'
import { useCost } from './plugins/use-cost.ts'
import { useDocumentLimits } from './plugins/use-document-limits.ts'
import { useExchange } from './plugins/use-exchange.ts'
import { useIntrospection } from './plugins/use-introspection.ts'
import { useRateLimit } from './plugins/use-rate-limit.ts'
import { useRequestParams, withDocument } from './plugins/use-request-params.ts'
import { useRequestRecord } from './plugins/use-request-record.ts'
import { useSubscriptions } from './plugins/use-subscriptions.ts'
import { useTimeLimit } from './plugins/use-time-limit.ts'
import { useViewerSchema } from './plugins/use-viewer-schema.ts'
import { assertParams, type RequestParams } from './read-params.ts'
import type { RequestRecord } from './request-record.ts'
import type { Streams } from './streams/streams.ts'
import type { ViewAs } from './view-as.ts'

/** What the hooks know of an operation besides the operation itself. */
export interface ServerContext {
  /** The request that it came with; of a socket, the one that opened it. */
  readonly req: IncomingMessage
  readonly way: AnswerWay
  readonly record: RequestRecord
  readonly http: HttpExchange
  /** Who asks; whatever comes of asking who it is. */
  readonly identity: Promise<Identity>
}

/** An operation's answer, or one after the other. */
export type OperationAnswer = ExecutionResult | AsyncIterable<ExecutionResult>

/** The GraphQL API, for HTTP and for sockets. */
export interface GraphQLHandler {
  /** Answers a request. */
  handle(request: IncomingMessage, response: ServerResponse, record: RequestRecord): Promise<void>
  /**
   * Runs an operation that did not come as a request of its own, through all that one would pass. Never throws: errors
   * are in the answer, as the client may see them.
   */
  run(params: RequestParams, context: ServerContext): Promise<OperationAnswer>
}

/** Returns the GraphQL API: Yoga, with what it leaves open by default closed. */
export function createGraphQLHandler(
  options: ResolvedOptions,
  viewAs: ViewAs,
  streams: Streams,
): GraphQLHandler {
  const findDocument = createDocumentSource(options.documents)
  const plugins: readonly OperationPlugin[] = [
    useRequestRecord(),
    // The price is known before it is spent.
    useCost(options),
    useRateLimit(options.rateLimiter),
    useExchange(),
    useAccess(options),
    useRequestParams(options, findDocument),
    useDocumentLimits(options.limits),
    useIntrospection(options),
    useTimeLimit(options),
    useSubscriptions(streams, options),
  ]
  const yoga = createYogaServer(options, plugins)
  return {
    async handle(request, response, record) {
      const http = createHttpExchange(request, record.requestId, options.readAddress)
      const identity = viewAs.identify(request, http)
      // useExchange waits for it: until then nobody would hear of a failure
      identity.catch(() => undefined)
      await yoga(request, response, { record, http, identity, way: createHttpWay(response) })
    },
    async run(params, context) {
      try {
        await beforeOperation(plugins, context)
        assertParams(params, options.limits)
        const request = createPost(yoga.fetchAPI.Request, options.graphqlPath, context)
        const answer = await yoga.getResultForParams(
          { params: withDocument(params, findDocument), request },
          context as Parameters<typeof yoga.getResultForParams>[1],
        )
        return isSingleResult(answer) ? await afterOperation(plugins, answer, context) : (answer ?? {})
      } catch (error) {
        return await afterOperation(plugins, { errors: [toClientError(error, options)] }, context)
      }
    },
  }
}

function createYogaServer(options: ResolvedOptions, plugins: readonly OperationPlugin[]) {
  const { schema } = options
  return createYoga<ServerContext>({
    ...(typeof schema === 'function' ? {} : { schema }),
    context: async ({ http, identity }) => options.createContext({ http, viewer: (await identity).viewer }),
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
      ...(typeof schema === 'function' ? [useViewerSchema(schema)] : []),
      useOperationSteps(plugins),
      ...plugins,
    ],
  })
}

/** The request that an operation of a socket would have come with by HTTP: Yoga asks it for the method. */
function createPost(RequestType: typeof Request, path: string, { http }: ServerContext): Request {
  return new RequestType(`http://localhost${path}`, { method: 'POST', headers: http.requestHeaders })
}

/** Errors are not kept: each belongs to one request. */
const noErrorCache = { get: () => undefined, set: () => undefined }
