import type { IncomingMessage } from 'node:http'
import type { HttpExchange } from '../engine/index.ts'
import type { AddressReader } from '../limits/index.ts'
import { createRequestHeaders } from './request-headers.ts'

/** What the resolvers and the sign-in know of a request, and what they said about its answer. */
export interface ServerExchange extends HttpExchange {
  /** The headers that the answer is to have; undefined where nobody has asked for them. */
  readonly givenHeaders: Headers | undefined
}

export function createHttpExchange(
  request: IncomingMessage,
  requestId: string,
  readAddress: AddressReader,
): ServerExchange {
  return createExchange({
    requestId,
    requestHeaders: createRequestHeaders(request),
    address: readAddress(request.socket.remoteAddress, request.headers),
  })
}

/** The headers of the answer are made when somebody asks for them: hardly any has some. */
export function createExchange(known: Omit<HttpExchange, 'responseHeaders'>): ServerExchange {
  return new Exchange(known)
}

class Exchange implements ServerExchange {
  readonly requestId: string
  readonly requestHeaders: Headers
  readonly address: string | undefined
  #givenHeaders: Headers | undefined

  constructor({ requestId, requestHeaders, address }: Omit<HttpExchange, 'responseHeaders'>) {
    this.requestId = requestId
    this.requestHeaders = requestHeaders
    this.address = address
  }

  get responseHeaders(): Headers {
    this.#givenHeaders ??= new Headers()
    return this.#givenHeaders
  }

  get givenHeaders(): Headers | undefined {
    return this.#givenHeaders
  }
}
