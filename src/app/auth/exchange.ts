import type { HttpExchange } from '../../engine/index.ts'
import { addressHeader } from './hooks.ts'

/** The headers of a request as better-auth gets them: with the client's address, in which nobody can lie. */
export function toHeaders({ requestHeaders, address }: HttpExchange): Headers {
  const headers = new Headers(requestHeaders)
  headers.delete(addressHeader)
  if (address !== undefined) headers.set(addressHeader, address)
  return headers
}

/** Passes on what better-auth sets and takes away. */
export function copyCookies(headers: Headers, http: HttpExchange): void {
  for (const cookie of headers.getSetCookie()) http.responseHeaders.append('Set-Cookie', cookie)
}
