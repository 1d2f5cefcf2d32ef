import type { IncomingMessage } from 'node:http'
import { createYoga, type GraphQLParams } from 'graphql-yoga'
import type { Identity } from '../auth/index.ts'
import { anonymous } from '../engine/index.ts'
import { createDocumentSource } from '../limits/index.ts'
import { type AnswerWay, createHttpWay } from './answer-way.ts'
import { createDocumentCache, type DocumentCache } from './document-cache.ts'
import { createErrorMask } from './error-mask.ts'
import { createHttpExchange, type ServerExchange } from './http-exchange.ts'
import { isSingleResult } from './is-single-result.ts'
import { createKnownOperations } from './known-operations.ts'
import { createMediaTypes, type MediaTypes } from './media-types.ts'
import { createOperationSteps } from './operation-steps.ts'
import type { ResolvedOptions, Work } from './options.ts'
import type { OperationAnswer, OperationPlugin } from './plugins/operation-plugin.ts'
import { useAccess } from './plugins/use-access.ts'
import { useCost } from './plugins/use-cost.ts'
import { useDocumentLimits } from './plugins/use-document-limits.ts'
import { useIntrospection } from './plugins/use-introspection.ts'
import { useKnownOperations } from './plugins/use-known-operations.ts'
import { useOperationSteps } from './plugins/use-operation-steps.ts'
import { useRateLimit } from './plugins/use-rate-limit.ts'
import { useRequestParams } from './plugins/use-request-params.ts'
import { useRequestRecord } from './plugins/use-request-record.ts'
import { useSubscriptions } from './plugins/use-subscriptions.ts'
import { useTimeLimit } from './plugins/use-time-limit.ts'
import { useViewerSchema } from './plugins/use-viewer-schema.ts'
import { assertParams, type RequestParams, readParams } from './read-params.ts'
import type { RequestRecord } from './request-record.ts'
import { createKnownRunner, type KnownRunnerParts } from './run-known.ts'
import { sendResult } from './send-result.ts'
import type { ServerAnswer } from './server-answer.ts'
import type { Streams } from './streams/streams.ts'
import type { ViewAs } from './view-as.ts'

/** What the steps know of an operation besides the operation itself. */
export interface ServerContext {
  /** The request that it came with; of a socket, the one that opened it. */
  readonly req: IncomingMessage
  readonly way: AnswerWay
  readonly record: RequestRecord
  readonly http: ServerExchange
  /** Who asks; whatever comes of asking who it is. */
  readonly identity: Promise<Identity>
  /** The parameters, where they were read and all that comes before was done when Yoga is asked. */
  begun?: GraphQLParams
  /** What the statements of the operation belong to, while it runs. */
  work?: Work
}

/** The GraphQL API, for HTTP and for sockets. */
export interface GraphQLHandler {
  /** Answers a request. */
  handle(request: IncomingMessage, response: ServerAnswer, record: RequestRecord): Promise<void>
  /**
   * Runs an operation that did not come as a request of its own, through all that one would pass. Never throws: errors
   * are in the answer, as the client may see them.
   */
  run(params: RequestParams, context: ServerContext): Promise<OperationAnswer>
}

/**
 * Returns the GraphQL API: Yoga, with what it leaves open by default closed. An operation whose document Yoga has looked at
 * before goes through the same steps without it.
 */
export function createGraphQLHandler(
  options: ResolvedOptions,
  viewAs: ViewAs,
  streams: Streams,
): GraphQLHandler {
  const { limits } = options
  const parts = createParts(options, streams)
  const { steps, mediaTypes, maskError } = parts
  const yoga = createYogaServer(options, parts)
  const runKnown = createKnownRunner(parts)

  return {
    async handle(request, response, record) {
      const http = createHttpExchange(request, record.requestId, options.readAddress)
      const way = createHttpWay(response)
      const context: ServerContext = {
        req: request,
        way,
        record,
        http,
        identity: viewAs.identify(request, http),
      }
      const mediaType = isPlainPost(request, record) ? mediaTypes.find(request) : undefined
      const answer = mediaType && (await runKnown(context, () => readParams(request, limits)))
      if (answer) {
        const result = await steps.after(answer, context)
        if (http.givenHeaders) way.giveHeaders(http.givenHeaders)
        sendResult(response, result, mediaType)
        return
      }
      // the steps wait for it: until then nobody would hear of a failure
      context.identity.catch(() => undefined)
      await yoga(request, response, context)
    },
    async run(params, context) {
      const checked = () => {
        assertParams(params, limits)
        return params
      }
      const answer = (await runKnown(context, checked)) ?? (await runByYoga(context))
      return isSingleResult(answer) ? await steps.after(answer, context) : answer
    },
  }

  /** An operation of a socket that is begun. */
  async function runByYoga(context: ServerContext): Promise<OperationAnswer> {
    try {
      const params = context.begun ?? {}
      const request = createPost(yoga.fetchAPI.Request, options.graphqlPath, context)
      type YogaContext = Parameters<typeof yoga.getResultForParams>[1]
      const answer = await yoga.getResultForParams({ params, request }, context as YogaContext)
      return (answer as OperationAnswer | undefined) ?? {}
    } catch (error) {
      return { errors: [maskError(error)] }
    }
  }
}

interface Parts extends KnownRunnerParts {
  readonly plugins: readonly OperationPlugin[]
  readonly mediaTypes: MediaTypes
  readonly documents: DocumentCache
}

function createParts(options: ResolvedOptions, streams: Streams): Parts {
  const maskError = createErrorMask(options)
  const { schema } = options
  const documents = createDocumentCache()
  const plugins: readonly OperationPlugin[] = [
    useRequestRecord(),
    // The price is known before it is spent.
    useCost(options),
    useRateLimit(options.rateLimiter),
    useAccess(options),
    useDocumentLimits(options.limits),
    useIntrospection(options),
    useTimeLimit(options),
    useSubscriptions(streams, options),
  ]
  return {
    plugins,
    maskError,
    documents,
    steps: createOperationSteps(plugins, options, maskError),
    operations: createKnownOperations(documents),
    mediaTypes: createMediaTypes(),
    findDocument: createDocumentSource(options.documents),
    schemaOf:
      typeof schema === 'function' ? ({ record }) => schema(record.viewer ?? anonymous) : () => schema,
  }
}

function createYogaServer({ graphqlPath, limits }: ResolvedOptions, parts: Parts) {
  const { steps, plugins, maskError, documents, findDocument, schemaOf } = parts
  return createYoga<ServerContext>({
    graphqlEndpoint: graphqlPath,
    // GraphiQL, cross-origin headers, health and the landing page are routes of ours.
    graphiql: false,
    cors: false,
    landingPage: false,
    multipart: false,
    batching: false,
    // The body is read, within its limit, by useRequestParams.
    maxRequestBodySize: false,
    logging: false,
    maskedErrors: { maskError },
    parserAndValidationCache: { documentCache: documents, errorCache: noErrorCache },
    plugins: [
      useViewerSchema(schemaOf),
      useOperationSteps(steps),
      ...plugins,
      useRequestParams({ limits }, findDocument),
      useKnownOperations(parts),
    ],
  })
}

/** Whether a request could be one that Yoga need not be asked about; its body is still to come. */
function isPlainPost({ method, url }: IncomingMessage, { path }: RequestRecord): boolean {
  return method === 'POST' && url === path
}

/** The request that an operation of a socket would have come with by HTTP: Yoga asks it for the method. */
function createPost(RequestType: typeof Request, path: string, { http }: ServerContext): Request {
  return new RequestType(`http://localhost${path}`, { method: 'POST', headers: http.requestHeaders })
}

/** Errors are not kept: each belongs to one request. */
const noErrorCache = { get: () => undefined, set: () => undefined }
