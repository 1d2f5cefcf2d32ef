import type { IncomingMessage, ServerResponse } from 'node:http'

/** What a page may send along. Not the operator's secret: that has no place in a browser. */
const allowedHeaders = [
  'Authorization',
  'Content-Type',
  'X-Request-Id',
  'X-Requested-With',
  'X-Refract-Csrf',
  'Apollo-Require-Preflight',
  'X-Apollo-Operation-Name',
  'ApolloGraphQL-Client-Name',
  'ApolloGraphQL-Client-Version',
  'Traceparent',
  'Tracestate',
].join(', ')

const exposedHeaders = [
  'X-Request-Id',
  'X-Query-Cost',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'Retry-After',
].join(', ')

/** Stands for every origin, in the list. */
const anyOrigin = '*'

/**
 * Lets the pages of the given origins call the API, with their cookies. For `*`, those of all other origins may call it
 * without. For an origin that is not listed, and for `null`, nothing is sent that would let a page read an answer.
 *
 * Returns true when the request was a preflight and is answered.
 */
export function handleCors(
  request: IncomingMessage,
  response: ServerResponse,
  origins: readonly string[],
): boolean {
  if (origins.length === 0) return false
  response.appendHeader('Vary', 'Origin')
  const { origin } = request.headers
  if (origin === undefined) return false
  if (isListed(origin, origins)) {
    response.setHeader('Access-Control-Allow-Origin', origin)
    response.setHeader('Access-Control-Allow-Credentials', 'true')
  } else if (origins.includes(anyOrigin)) {
    response.setHeader('Access-Control-Allow-Origin', anyOrigin)
  } else {
    return false
  }
  response.setHeader('Access-Control-Expose-Headers', exposedHeaders)
  if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
    return false
  }
  response.writeHead(204, {
    'Access-Control-Allow-Methods': 'GET, POST',
    'Access-Control-Allow-Headers': allowedHeaders,
    'Access-Control-Max-Age': '600', // 10 minutes
  })
  response.end()
  return true
}

/** Whether an origin itself is in the list. */
export function isListed(origin: string, origins: readonly string[]): boolean {
  return origin !== anyOrigin && origins.includes(origin)
}
