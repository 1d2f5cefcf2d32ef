import { type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { LRUCache } from 'lru-cache'

/**
 * The claims of a token that is as the options say, now.
 *
 * @throws as jose's `jwtVerify`, and what finding the key throws
 */
export type VerifyToken = (token: string) => Promise<JWTPayload>

export interface TokenRules {
  readonly algorithms: readonly string[]
  readonly issuer: readonly string[]
  readonly audience: readonly string[]
  /** How far the issuer's clock may be off. */
  readonly clockToleranceSeconds: number
}

/** What makes a token good: it holds as long as the same key is found for it, and between two moments. */
interface Verified {
  readonly payload: JWTPayload
  readonly key: FoundKey
  /** What the key was found by. */
  readonly askedBy: Parameters<JWTVerifyGetKey>
}

type FoundKey = Awaited<ReturnType<JWTVerifyGetKey>>

/** Of all tokens together: those of ten thousand callers, as issuers make them. */
const mostCharacters = 10_000_000

/**
 * Returns what verifies tokens, and works out the signature of each only once for each key: that takes longer than all else
 * that a request needs to be understood. What can change is looked at every time: the time, and which key the issuer has
 * for the token. A token that is refused is not remembered.
 */
export function createTokenVerifier(findKey: JWTVerifyGetKey, rules: TokenRules): VerifyToken {
  const known = new LRUCache<string, Verified>({
    maxSize: mostCharacters,
    sizeCalculation: (_verified, token) => token.length,
  })
  return async token => {
    const before = known.get(token)
    if (before && isInTime(before.payload, rules) && (await findKey(...before.askedBy)) === before.key)
      return before.payload
    const verified = await verify(token, findKey, rules)
    known.set(token, verified)
    return verified.payload
  }
}

async function verify(
  token: string,
  findKey: JWTVerifyGetKey,
  { algorithms, issuer, audience, clockToleranceSeconds }: TokenRules,
): Promise<Verified> {
  let found: Pick<Verified, 'key' | 'askedBy'> | undefined
  const { payload } = await jwtVerify(
    token,
    async (...askedBy) => {
      const key = await findKey(...askedBy)
      found = { key, askedBy }
      return key
    },
    {
      algorithms: [...algorithms],
      issuer: [...issuer],
      audience: [...audience],
      requiredClaims: ['exp'],
      clockTolerance: clockToleranceSeconds,
    },
  )
  if (!found) throw new Error('A token was verified without a key.')
  return { payload, ...found }
}

/** As jose looks at it; what it says of a token that is not is left to it. */
function isInTime({ exp = 0, nbf = 0 }: JWTPayload, { clockToleranceSeconds }: TokenRules): boolean {
  const now = Math.floor(Date.now() / 1_000)
  return exp > now - clockToleranceSeconds && nbf <= now + clockToleranceSeconds
}
