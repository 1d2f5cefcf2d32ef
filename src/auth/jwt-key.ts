import { X509Certificate } from 'node:crypto'
import {
  type CryptoKey,
  createRemoteJWKSet,
  errors,
  importJWK,
  importSPKI,
  type JWK,
  type JWTVerifyGetKey,
} from 'jose'
import { RefractError, StartError } from '../errors.ts'
import type { Log } from '../observe/log.ts'
import type { JwtOptions } from './jwt-options.ts'

const fetchMilliseconds = 5_000 // 5 seconds
const cooldownMilliseconds = 30_000 // 30 seconds between two looks for a key that is not there
const cacheMilliseconds = 600_000 // 10 minutes

/**
 * Returns what finds the key to check a token by. Keys come from the options only, never from the token.
 *
 * @throws StartError (by rejection) where the key of the options cannot be read or does not fit the algorithms; what it
 *   returns throws UNAVAILABLE while the issuer's keys cannot be fetched
 */
export async function createKeyFinder(options: JwtOptions, log: Log): Promise<JWTVerifyGetKey> {
  const { jwksUrl, publicKey, secret, algorithms } = options
  if (jwksUrl !== undefined) return createRemoteFinder(jwksUrl, log)
  if (secret !== undefined) {
    const bytes = new TextEncoder().encode(secret)
    return async () => bytes
  }
  // A key of Web Crypto is made for one algorithm.
  const keys = new Map<string, CryptoKey | Uint8Array>()
  for (const algorithm of algorithms) keys.set(algorithm, await importPublicKey(publicKey, algorithm))
  return async ({ alg }) => {
    const key = keys.get(alg)
    if (!key) throw new errors.JOSEAlgNotAllowed('no key for this algorithm')
    return key
  }
}

function createRemoteFinder(jwksUrl: string, log: Log): JWTVerifyGetKey {
  const findKey = createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: fetchMilliseconds,
    cooldownDuration: cooldownMilliseconds,
    cacheMaxAge: cacheMilliseconds,
  })
  return async (header, token) => {
    try {
      return await findKey(header, token)
    } catch (error) {
      if (isAboutToken(error)) throw error
      log.error(
        `The keys at ${jwksUrl} could not be fetched: ${error instanceof Error ? error.message : error}`,
      )
      throw new RefractError(
        'UNAVAILABLE',
        'The keys that tokens are checked by cannot be fetched at the moment. The request may be sent again in a few seconds.',
      )
    }
  }
}

/** The keys are there, but none that fits the token. */
function isAboutToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported ||
    error instanceof errors.JOSEAlgNotAllowed
  )
}

async function importPublicKey(
  key: JwtOptions['publicKey'],
  algorithm: string,
): Promise<CryptoKey | Uint8Array> {
  try {
    if (typeof key === 'object') return await importJWK(withoutPrivateParts(key), algorithm)
    const pem = String(key).trim()
    const spki = pem.startsWith('-----BEGIN CERTIFICATE-----')
      ? String(new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'pem' }))
      : pem
    return await importSPKI(spki, algorithm)
  } catch (error) {
    throw new StartError(
      `auth.jwt.publicKey in refract.config.ts cannot be read as a public key for ${algorithm}. Expected PEM that begins ` +
        'with -----BEGIN PUBLIC KEY----- or -----BEGIN CERTIFICATE-----, or a JWK.',
      { cause: error },
    )
  }
}

/** A JWK with its private part is a mistake, but one that verifies just as well. */
function withoutPrivateParts(key: Readonly<Record<string, unknown>>): JWK {
  const { d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...publicPart } = key
  if (publicPart.kty === 'oct') throw new TypeError('a symmetric key is no public key')
  return publicPart as JWK
}
