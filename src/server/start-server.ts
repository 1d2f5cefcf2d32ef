import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createCredentialWatch } from '../auth/index.ts'
import { describeError } from '../observe/describe-error.ts'
import { answerClientError } from './answer-client-error.ts'
import { createGraphQLHandler } from './create-graphql-handler.ts'
import { createRouter } from './create-router.ts'
import { createDrain, type Drain, type LongLived } from './drain.ts'
import { listen } from './listen.ts'
import { noteAccess } from './note-access.ts'
import { type ResolvedOptions, resolveOptions, type ServerOptions } from './options.ts'
import { createRequestRecord } from './request-record.ts'
import { createSecurityHeaders, type SecurityHeaders } from './security-headers.ts'
import { sendError } from './send.ts'
import { ServerAnswer } from './server-answer.ts'
import { createSockets, type Sockets } from './sockets/create-sockets.ts'
import { createStreams, type Streams } from './streams/streams.ts'
import { createViewAs } from './view-as.ts'

export interface RunningServer {
  /** Where a browser on this machine finds it, such as `http://localhost:4000`. */
  readonly url: string
  readonly port: number
  /** What is open at this moment. */
  activity(): ServerActivity
  /**
   * Stops accepting, lets running requests end (at most `closeMilliseconds`, then they are cut off) and resolves when
   * every connection is closed. May be called more than once.
   */
  close(): Promise<void>
}

export interface ServerActivity {
  readonly sockets: number
  readonly socketSubscriptions: number
  /** Over server-sent events. */
  readonly streamSubscriptions: number
}

/**
 * Serves the API over HTTP until it is closed.
 *
 * Throws a StartError when the address cannot be had: a port that is taken, a host that is not this machine's.
 */
export async function startServer(givenOptions: ServerOptions): Promise<RunningServer> {
  const options = resolveOptions(givenOptions)
  const { requestMilliseconds, headersMilliseconds } = options.limits
  const securityHeaders = createSecurityHeaders(options.isProduction)
  const server = createServer<typeof IncomingMessage, typeof ServerAnswer>({
    ServerResponse: ServerAnswer,
    requestTimeout: requestMilliseconds + 1_000, // the reader of the body answers first
    headersTimeout: Math.min(headersMilliseconds, requestMilliseconds),
    connectionsCheckingInterval: 1_000, // 1 second
    keepAliveTimeout: 65_000, // 65 seconds: longer than the usual load balancer's
  })
  const { drain, listener, activity } = createParts(server, options, securityHeaders)
  server.on('request', listener)
  server.on('clientError', (error, socket) => answerClientError(error, socket, securityHeaders))
  const { url, port } = await listen(server, options)
  if (options.access === 'nobody') {
    options.log.warn(
      `Nobody but administrators may use the API, since the project has no policies: every other operation is answered with 403. Write policies, or set ${options.accessSetting}.`,
    )
  }
  return { url, port, activity, close: drain.close }
}

interface ServerParts {
  readonly drain: Drain
  readonly listener: RequestListener
  readonly activity: RunningServer['activity']
}

/** What follows a server's connections, and what answers its requests: HTTP's and those of sockets, by one handler. */
function createParts(
  server: Server,
  options: ResolvedOptions,
  securityHeaders: SecurityHeaders,
): ServerParts {
  const { connections, recheck, log } = options
  const credentials = createCredentialWatch({
    recheck,
    longestMilliseconds: connections.credentialMilliseconds,
    log,
  })
  const viewAs = createViewAs(options)
  const streams = createStreams({ ...connections, credentials })
  const handler = createGraphQLHandler(options, viewAs, streams)
  const sockets = createSockets(server, options, { handler, viewAs, credentials, securityHeaders })
  const drain = createDrain(server, { ...options, longLived: longLived(streams, sockets) })
  const route = createRouter(options, { handler, viewAs, isClosing: () => drain.isClosing })
  return {
    drain,
    listener: createListener(options, route, drain, securityHeaders),
    activity: () => ({
      sockets: sockets.count,
      socketSubscriptions: streams.count('socket'),
      streamSubscriptions: streams.count('http'),
    }),
  }
}

function longLived(streams: Streams, sockets: Sockets): LongLived {
  return {
    end() {
      streams.close()
      sockets.drain()
    },
    cutOff: () => sockets.terminate(),
  }
}

function createListener(
  options: ResolvedOptions,
  route: ReturnType<typeof createRouter>,
  drain: Drain,
  securityHeaders: SecurityHeaders,
): RequestListener<typeof IncomingMessage, typeof ServerAnswer> {
  const fixedHeaders = securityHeaders.flat()

  function fail(error: unknown, request: IncomingMessage, response: ServerAnswer, requestId: string): void {
    const err = describeError(error)
    options.log.error(`A request failed: ${err.message}`, { requestId, err })
    if (response.headersSent) {
      response.destroy()
    } else {
      sendError(request, response, 'INTERNAL', 'Internal server error')
    }
  }

  return (request, response) => {
    const record = createRequestRecord(request)
    response.beginWith(['X-Request-Id', record.requestId, ...fixedHeaders])
    response.on('close', () =>
      noteAccess(options, record, response.writableFinished ? response.statusCode : 499),
    )
    try {
      const { gate } = drain
      const answering = gate
        ? gate.then(() => route(request, response, record))
        : route(request, response, record)
      answering.catch(error => fail(error, request, response, record.requestId))
    } catch (error) {
      fail(error, request, response, record.requestId)
    }
  }
}
