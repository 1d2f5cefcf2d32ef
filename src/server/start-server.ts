import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import { logAccess } from '../observe/access-log.ts'
import { describeError } from '../observe/describe-error.ts'
import { answerClientError } from './answer-client-error.ts'
import { createRouter } from './create-router.ts'
import { createDrain, type Drain } from './drain.ts'
import { listen } from './listen.ts'
import { type ResolvedOptions, resolveOptions, type ServerOptions } from './options.ts'
import { createRequestRecord, type RequestRecord } from './request-record.ts'
import { createSecurityHeaders, type SecurityHeaders } from './security-headers.ts'
import { sendError } from './send.ts'

export interface RunningServer {
  /** Where a browser on this machine finds it, such as `http://localhost:4000`. */
  readonly url: string
  readonly port: number
  /**
   * Stops accepting, lets running requests end (at most `closeMilliseconds`, then they are cut off) and resolves when
   * every connection is closed. May be called more than once.
   */
  close(): Promise<void>
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
  const server = createServer({
    requestTimeout: requestMilliseconds + 1_000, // the reader of the body answers first
    headersTimeout: Math.min(headersMilliseconds, requestMilliseconds),
    connectionsCheckingInterval: 1_000, // 1 second
    keepAliveTimeout: 65_000, // 65 seconds: longer than the usual load balancer's
  })
  const drain = createDrain(server, options)
  server.on('request', createListener(options, drain, securityHeaders))
  server.on('clientError', (error, socket) => answerClientError(error, socket, securityHeaders))
  const { url, port } = await listen(server, options)
  if (options.access === 'nobody') {
    options.log.warn(
      `Nobody but administrators may use the API, since the project has no policies: every other operation is answered with 403. Write policies, or set ${options.accessSetting}.`,
    )
  }
  return { url, port, close: drain.close }
}

function createListener(
  options: ResolvedOptions,
  drain: Drain,
  securityHeaders: SecurityHeaders,
): RequestListener {
  const route = createRouter(options, () => drain.isClosing)
  return (request, response) => {
    const record = createRequestRecord(request)
    response.setHeader('X-Request-Id', record.requestId)
    for (const [name, value] of securityHeaders) response.setHeader(name, value)
    response.once('close', () => logAccess(options.log, accessEntry(record, response)))
    const answer = async () => {
      await drain.gate
      await route(request, response, record)
    }
    answer().catch((error: unknown) => {
      const err = describeError(error)
      options.log.error(`A request failed: ${err.message}`, { requestId: record.requestId, err })
      if (response.headersSent) {
        response.destroy()
      } else {
        sendError(request, response, 'INTERNAL', 'Internal server error')
      }
    })
  }
}

function accessEntry(record: RequestRecord, response: ServerResponse) {
  return {
    method: record.method,
    path: record.path,
    requestId: record.requestId,
    status: response.writableFinished ? response.statusCode : 499,
    milliseconds: performance.now() - record.startedAt,
    operationType: record.operationType,
    operationName: record.operationName,
    errorCodes: [...record.errorCodes],
    errorIds: [...record.errorIds],
  }
}
