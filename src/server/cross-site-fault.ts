import type { IncomingMessage } from 'node:http'
import { isListed } from './cors.ts'

export interface SameSiteOptions {
  /** Where browsers find this server, if that is known: an origin. */
  readonly publicUrl?: string | undefined
  /** Origins of others whose pages may send their cookies. */
  readonly corsOrigins: readonly string[]
  /** Whether a GET without cookies, too, has to show that no page has embedded it. */
  readonly isStrict: boolean
}

/** A page of another origin can set none of these without asking first, and then it is told no. */
const deliberateHeaders = [
  'x-refract-csrf',
  'x-requested-with',
  'apollo-require-preflight',
  'x-apollo-operation-name',
]

/**
 * Says why a request is refused that a page of another origin may have made a browser send; undefined for all others.
 *
 * - With a cookie, an `Origin` has to be the API's own or one in the list.
 * - A GET with a cookie has to come from a script: it has a header that another origin's page could not send without
 *   asking, or the browser says that it is of the same origin. Links, images and forms send neither.
 * - Without a cookie, and only where `isStrict`, a GET has to come from a program: one that names GraphQL's media types,
 *   or a script that a browser lets read answers of its own origin only.
 *
 * A POST needs no such header: it is JSON (read-params.ts), which no page sends elsewhere without asking.
 */
export function crossSiteFault(
  request: IncomingMessage,
  { publicUrl, corsOrigins, isStrict }: SameSiteOptions,
): string | undefined {
  const { headers, method } = request
  const hasCookie = headers.cookie !== undefined
  if (hasCookie && !isTrustedOrigin(request, { publicUrl, corsOrigins })) {
    return 'This request has a cookie and comes from a page of another origin. To let its pages in, add the origin to REFRACT_CORS_ORIGINS.'
  }
  if (method !== 'GET' && method !== 'HEAD') return undefined
  if (isDeliberate(request) || (!hasCookie && (!isStrict || isProgram(request)))) return undefined
  return `A page of another origin could have made a browser send this GET. Send a POST, or one of the headers ${deliberateHeaders.join(', ')}.`
}

/** Whether a request is from no page of another origin, or from one of an origin in the list. */
export function isTrustedOrigin(
  request: IncomingMessage,
  { publicUrl, corsOrigins }: Pick<SameSiteOptions, 'publicUrl' | 'corsOrigins'>,
): boolean {
  const { origin } = request.headers
  return (
    origin === undefined ||
    origin === publicUrl ||
    isOwnOrigin(request, origin) ||
    isListed(origin, corsOrigins)
  )
}

/** The scheme is left out: behind a proxy that ends TLS, nobody here knows it. */
function isOwnOrigin(request: IncomingMessage, origin: string): boolean {
  const { host } = request.headers
  if (host === undefined || !URL.canParse(origin)) return false
  const { protocol, host: originHost } = new URL(origin)
  return URL.canParse(`${protocol}//${host}`) && new URL(`${protocol}//${host}`).host === originHost
}

function isDeliberate({ headers }: IncomingMessage): boolean {
  return (
    deliberateHeaders.some(name => headers[name] !== undefined) ||
    headers['sec-fetch-site'] === 'same-origin' ||
    isJson(headers['content-type'])
  )
}

/** What a form can be sent as, and nothing else, needs no asking (Fetch, "CORS-safelisted request-header"). */
function isJson(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/json\s*(?:;|$)/i.test(contentType)
}

function isProgram({ headers }: IncomingMessage): boolean {
  return (
    headers['sec-fetch-mode'] === 'cors' ||
    /\bapplication\/(?:graphql-response\+)?json\b|\btext\/event-stream\b/i.test(headers.accept ?? '')
  )
}
