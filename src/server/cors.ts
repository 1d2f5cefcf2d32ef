import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Lets the pages of the given origins call the API, without cookies. Returns true when the request was a preflight and
 * is answered. For any other origin, and for `null`, nothing is sent that would let a page read an answer.
 */
export function handleCors(
  request: IncomingMessage,
  response: ServerResponse,
  origins: readonly string[],
): boolean {
  if (origins.length === 0) {
    return false
  }
  response.appendHeader('Vary', 'Origin')
  const { origin } = request.headers
  if (origin === undefined || !origins.includes(origin)) {
    return false
  }
  response.setHeader('Access-Control-Allow-Origin', origin)
  response.setHeader('Access-Control-Expose-Headers', 'X-Request-Id')
  if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
    return false
  }
  response.writeHead(204, {
    'Access-Control-Allow-Methods': 'GET, POST',
    'Access-Control-Allow-Headers': 'Authorization, Content-Type, X-Request-Id',
    'Access-Control-Max-Age': '600', // 10 minutes
  })
  response.end()
  return true
}
