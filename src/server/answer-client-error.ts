import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ErrorCatalogueCode, errorCatalogue } from '../errors.ts'
import type { SecurityHeaders } from './security-headers.ts'
import { errorBody } from './send.ts'

/**
 * Answers what never became a request: headers that did not come in time, that are too large or that are not HTTP.
 * Node would answer without a body.
 */
export function answerClientError(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  securityHeaders: SecurityHeaders,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [code, message, status] = explain(error)
  const body = JSON.stringify(errorBody(code, message))
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Cache-Control: no-store',
      ...securityHeaders.map(([name, value]) => `${name}: ${value}`),
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
    () => socket.destroy(),
  )
}

function explain(error: NodeJS.ErrnoException): [code: ErrorCatalogueCode, message: string, status: number] {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return ['REQUEST_TIMEOUT', 'The request did not arrive in time.', errorCatalogue.REQUEST_TIMEOUT.status]
    case 'HPE_HEADER_OVERFLOW':
      return ['BAD_REQUEST', 'The headers of this request are too large.', 431]
    default:
      return ['BAD_REQUEST', 'This is not an HTTP/1.1 request.', errorCatalogue.BAD_REQUEST.status]
  }
}
