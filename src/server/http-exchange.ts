import type { IncomingMessage } from 'node:http'
import type { HttpExchange } from '../engine/index.ts'
import type { AddressReader } from '../limits/index.ts'

/** What the resolvers and the sign-in know of a request. */
export function createHttpExchange(
  request: IncomingMessage,
  requestId: string,
  readAddress: AddressReader,
): HttpExchange {
  return {
    requestId,
    requestHeaders: readHeaders(request),
    responseHeaders: new Headers(),
    address: readAddress(request.socket.remoteAddress, request.headers),
  }
}

function readHeaders(request: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headersDistinct)) {
    for (const item of value ?? []) headers.append(name, item)
  }
  return headers
}
