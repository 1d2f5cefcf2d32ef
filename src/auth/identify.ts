import { anonymous, createViewer, type HttpExchange } from '../engine/index.ts'
import type { AdminSecretIdentifier } from './admin-secret.ts'
import type { Identity } from './identity.ts'
import type { JwtIdentifier } from './jwt.ts'
import type { AuthProvider } from './provider.ts'
import { refuseBearer } from './unauthenticated.ts'

export interface IdentifyOptions {
  readonly identifyAdministrator: AdminSecretIdentifier
  /** Bearer tokens of an issuer elsewhere, if any are taken. */
  readonly identifyJwt?: JwtIdentifier | undefined
  /** The project's own sign-in, if it has one. */
  readonly provider?: AuthProvider | undefined
}

/**
 * Returns what finds out who sent a request. The first credentials count: the administrator's secret, a bearer token or
 * an API key in a header, what the project's provider reads from a cookie. A header that is not right is refused, never
 * passed over for what comes next; nothing at all makes an anonymous viewer.
 *
 * It throws a RefractError UNAUTHENTICATED, RATE_LIMITED or UNAVAILABLE, and what the provider throws.
 */
export function createIdentify({
  identifyAdministrator,
  identifyJwt,
  provider,
}: IdentifyOptions): (http: HttpExchange) => Promise<Identity> {
  return async http => {
    const operator = identifyAdministrator(http)
    if (operator) return { viewer: await operator }
    const token = readBearer(http) ?? (provider?.identifyToken ? readApiKey(http) : undefined)
    if (token === undefined) {
      const found = await provider?.identify(http)
      return found ? { viewer: createViewer(found), credential: { http } } : nobody
    }
    if (identifyJwt && (looksLikeJwt(token) || !provider?.identifyToken))
      return await identifyJwt(token, http)
    const found = await provider?.identifyToken?.(token, http)
    if (found) return { viewer: createViewer(found), credential: { http, token } }
    throw refuseBearer(
      http,
      provider?.identifyToken
        ? 'The bearer token or API key is not right, or not any more.'
        : 'This API takes no bearer tokens: none are configured.',
    )
  }
}

const nobody: Identity = Object.freeze({ viewer: anonymous })

/** The token of `Authorization: Bearer`. Other schemes are for others on the way, such as a proxy's Basic. */
function readBearer({ requestHeaders }: HttpExchange): string | undefined {
  const header = requestHeaders.get('authorization')
  if (header === null) return undefined
  const [, scheme, token] = /^\s*(\S+)\s*(.*?)\s*$/.exec(header) ?? []
  return scheme?.toLowerCase() === 'bearer' ? token : undefined
}

function readApiKey({ requestHeaders }: HttpExchange): string | undefined {
  return requestHeaders.get('x-api-key') ?? undefined
}

/** Three parts in base64url, the first of which is the JSON of a header. */
function looksLikeJwt(token: string): boolean {
  return /^eyJ[\w-]*\.[\w-]*\.[\w-]*$/.test(token)
}
