import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ErrorCatalogueCode, errorCatalogue } from '../errors.ts'

/** Ends a response with JSON. Nothing is sent for a HEAD request but the headers. */
export function sendJson(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    ...headers,
  })
  response.end(request.method === 'HEAD' ? undefined : text)
}

/** The body of an error outside GraphQL: of the same shape as one inside, so that a client needs one reader. */
export function errorBody(code: ErrorCatalogueCode, message: string): object {
  return { errors: [{ message, extensions: { code } }] }
}

/** Ends a response with a catalogued error. */
export function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  code: ErrorCatalogueCode,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendJson(request, response, errorCatalogue[code].status, errorBody(code, message), headers)
}
