import type { IncomingMessage, ServerResponse } from 'node:http'
import type { WebRoute } from '../auth/index.ts'
import { toClientError } from './client-error.ts'
import { createHttpExchange } from './http-exchange.ts'
import type { ResolvedOptions } from './options.ts'
import { readBody } from './read-body.ts'
import type { RequestRecord } from './request-record.ts'
import { sendJson } from './send.ts'

type RecordedRoute = (
  request: IncomingMessage,
  response: ServerResponse,
  record: RequestRecord,
) => Promise<void>

type WebRouteOptions = Pick<ResolvedOptions, 'isProduction' | 'limits' | 'log' | 'readAddress'>

/** Returns a route of ours for one in the web's own terms, with the limits and the errors of the API. */
export function createWebRoute(answer: WebRoute, options: WebRouteOptions): RecordedRoute {
  return async (request, response, record) => {
    response.setHeader('Cache-Control', 'no-store')
    const http = createHttpExchange(request, record.requestId, options.readAddress)
    try {
      const answered = await answer(await toWebRequest(request, http.requestHeaders, options), http)
      for (const [name, value] of http.responseHeaders) answered.headers.append(name, value)
      await sendWebResponse(request, response, answered)
    } catch (error) {
      sendClientError(request, response, record, error, options)
    }
  }
}

async function toWebRequest(
  request: IncomingMessage,
  headers: Headers,
  { limits }: WebRouteOptions,
): Promise<Request> {
  const url = new URL(`http://${request.headers.host || 'localhost'}${request.url ?? '/'}`)
  const method = request.method ?? 'GET'
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers })
  const body = await readBody(request, limits)
  return new Request(url, { method, headers, ...(body === '' ? {} : { body }) })
}

async function sendWebResponse(
  request: IncomingMessage,
  response: ServerResponse,
  answered: Response,
): Promise<void> {
  const body = Buffer.from(await answered.arrayBuffer())
  response.statusCode = answered.status
  for (const [name, value] of answered.headers) {
    if (name === 'set-cookie') response.appendHeader(name, value)
    else response.setHeader(name, value)
  }
  response.setHeader('Content-Length', body.length)
  response.end(request.method === 'HEAD' ? undefined : body)
}

function sendClientError(
  request: IncomingMessage,
  response: ServerResponse,
  record: RequestRecord,
  thrown: unknown,
  options: WebRouteOptions,
): void {
  const { message, extensions } = toClientError(thrown, options)
  const { http, ...rest } = extensions as { http: { status: number; headers: Record<string, string> } }
  const { code, id } = rest as { code?: unknown; id?: unknown }
  if (typeof code === 'string') record.errorCodes.add(code)
  if (typeof id === 'string') record.errorIds.add(id)
  sendJson(request, response, http.status, { errors: [{ message, extensions: rest }] }, http.headers)
}
