import { errors, type JWTPayload } from 'jose'
import type { HttpExchange } from '../engine/index.ts'
import type { RefractError } from '../errors.ts'
import { getOrCreate } from '../lib/get-or-create.ts'
import type { Log } from '../observe/log.ts'
import type { Identity } from './identity.ts'
import { createKeyFinder } from './jwt-key.ts'
import { assertJwtOptions, type JwtOptions } from './jwt-options.ts'
import { ClaimFault, createJwtViewer } from './jwt-viewer.ts'
import { refuseBearer } from './unauthenticated.ts'
import { createTokenVerifier, type VerifyToken } from './verified-tokens.ts'

/**
 * The viewer of a token, up to its `exp`. Throws a RefractError: UNAUTHENTICATED where the token is not as the options say, UNAVAILABLE
 * where the issuer's keys cannot be had.
 */
export type JwtIdentifier = (token: string, http: HttpExchange) => Promise<Identity>

const longestToken = 16_384 // characters

/**
 * Returns what makes viewers of JSON Web Tokens (RFC 7519). The signature's algorithm, the issuer, the audience and an
 * expiry are demanded; keys that a token brings or points at (`jwk`, `jku`, `x5u`) are not looked at.
 *
 * @throws StartError (by rejection) where the options are wrong
 */
export async function createJwtIdentifier(options: JwtOptions, log: Log): Promise<JwtIdentifier> {
  assertJwtOptions(options)
  const { algorithms, issuer, audience, clockToleranceSeconds = 5 } = options
  const verify = createTokenVerifier(await createKeyFinder(options, log), {
    algorithms,
    issuer: asList(issuer),
    audience: asList(audience),
    clockToleranceSeconds,
  })
  // a token that was verified before has the same claims
  const identities = new WeakMap<JWTPayload, Identity>()
  return async (token, http) => {
    if (token.length > longestToken) {
      throw refuseBearer(http, `The bearer token is longer than ${longestToken} characters.`)
    }
    const payload = await verifyFor(http, verify, token)
    try {
      return getOrCreate(identities, payload, () => createIdentity(payload, options))
    } catch (error) {
      if (!(error instanceof ClaimFault)) throw error
      throw refuseBearer(http, `The bearer token is not as expected: expected ${error.message}.`)
    }
  }
}

function createIdentity(payload: JWTPayload, options: JwtOptions): Identity {
  // `exp` is demanded: there is always one
  return Object.freeze({ viewer: createJwtViewer(payload, options), endsAt: (payload.exp ?? 0) * 1_000 })
}

async function verifyFor(http: HttpExchange, verify: VerifyToken, token: string): Promise<JWTPayload> {
  try {
    return await verify(token)
  } catch (error) {
    if (error instanceof errors.JOSEError) throw explain(error, http)
    throw error
  }
}

function asList(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value
}

/** Says which rule the token broke, and nothing that stands in it. */
function explain(error: errors.JOSEError, http: HttpExchange): RefractError {
  if (error instanceof errors.JWTExpired) {
    return refuseBearer(http, 'The bearer token has expired. Expected one that is valid now.')
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return refuseBearer(http, `The bearer token is not as expected: ${claimRule(error.claim)}.`)
  }
  return refuseBearer(
    http,
    'The bearer token is no JSON Web Token that this API takes: expected one of the configured issuer, signed by a key and an algorithm of its.',
  )
}

function claimRule(claim: string): string {
  switch (claim) {
    case 'exp':
      return 'expected an expiry, exp, in seconds'
    case 'nbf':
      return 'expected one that is valid already; nbf lies ahead'
    case 'iss':
      return 'expected the configured issuer as iss'
    case 'aud':
      return 'expected the configured audience as aud'
    default:
      return `expected another value of ${claim}`
  }
}
