import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import type { HttpExchange } from '../engine/index.ts'
import type { RefractError } from '../errors.ts'
import type { Log } from '../observe/log.ts'
import type { Identity } from './identity.ts'
import { createKeyFinder } from './jwt-key.ts'
import { assertJwtOptions, type JwtOptions } from './jwt-options.ts'
import { ClaimFault, createJwtViewer } from './jwt-viewer.ts'
import { refuseBearer } from './unauthenticated.ts'

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
  const findKey = await createKeyFinder(options, log)
  return async (token, http) => {
    if (token.length > longestToken) {
      throw refuseBearer(http, `The bearer token is longer than ${longestToken} characters.`)
    }
    const payload = await verify(token, findKey, options, http)
    try {
      // `exp` is demanded: there is always one
      return { viewer: createJwtViewer(payload, options), endsAt: (payload.exp ?? 0) * 1_000 }
    } catch (error) {
      if (!(error instanceof ClaimFault)) throw error
      throw refuseBearer(http, `The bearer token is not as expected: expected ${error.message}.`)
    }
  }
}

async function verify(
  token: string,
  findKey: JWTVerifyGetKey,
  { algorithms, issuer, audience, clockToleranceSeconds = 5 }: JwtOptions,
  http: HttpExchange,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, findKey, {
      algorithms: [...algorithms],
      issuer: asList(issuer),
      audience: asList(audience),
      requiredClaims: ['exp'],
      clockTolerance: clockToleranceSeconds,
    })
    return payload
  } catch (error) {
    if (error instanceof errors.JOSEError) throw explain(error, http)
    throw error
  }
}

function asList(value: string | readonly string[]): string[] {
  return typeof value === 'string' ? [value] : [...value]
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
