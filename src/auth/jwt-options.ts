import { StartError } from '../errors.ts'

/** Algorithms whose key signs and verifies. */
export const symmetricAlgorithms = ['HS256', 'HS384', 'HS512'] as const

/** Algorithms with a public key to verify by. */
export const asymmetricAlgorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'Ed25519', 'EdDSA'],
] as const

export type JwtAlgorithm =
  | `${'HS' | 'RS' | 'PS' | 'ES'}${'256' | '384' | '512'}`
  | 'Ed25519'
  /** The older name of Ed25519. */
  | 'EdDSA'

/** Where a token's signature is checked by: exactly one of the three. */
export type JwtKey =
  /** Where the issuer publishes its keys, such as `https://example.com/.well-known/jwks.json`. */
  | { readonly jwksUrl: string; readonly publicKey?: never; readonly secret?: never }
  /** The issuer's public key: PEM (SPKI, or an X.509 certificate), or a JWK. */
  | {
      readonly publicKey: string | Readonly<Record<string, unknown>>
      readonly jwksUrl?: never
      readonly secret?: never
    }
  /** The secret that the issuer signs with (HS256 and its like): as many bytes as the hash has, or more. */
  | { readonly secret: string; readonly jwksUrl?: never; readonly publicKey?: never }

/** A claim's exact name, or the names on the way to it: `['realm_access', 'roles']`. */
export type ClaimPath = string | readonly string[]

export interface JwtClaimNames {
  /** The viewer's id. Default: `sub`. */
  readonly id?: ClaimPath
  /** The viewer's roles: a text, or a list of texts. Default: `roles`. Without it in a token the viewer has none. */
  readonly roles?: ClaimPath
  /** What else becomes one of the viewer's claims, by its name there. Missing in a token it is null. */
  readonly extra?: Readonly<Record<string, ClaimPath>>
}

/** Which bearer tokens are taken, and what the viewer is made of. */
export type JwtOptions = JwtKey & {
  /** The algorithms that a signature may have; no other is tried, whatever a token says. */
  readonly algorithms: readonly JwtAlgorithm[]
  /** What `iss` has to be. */
  readonly issuer: string | readonly string[]
  /** What `aud` has to be, or to have among others. */
  readonly audience: string | readonly string[]
  readonly claims?: JwtClaimNames
  /** Who has this role is an administrator and passes every policy. Default: nobody by a token. */
  readonly administratorRole?: string
  /** How far the issuer's clock may be off, in seconds, 0 to 300. Default 5. */
  readonly clockToleranceSeconds?: number
}

const known = ['jwksUrl', 'publicKey', 'secret', 'algorithms', 'issuer', 'audience', 'claims'].concat(
  'administratorRole',
  'clockToleranceSeconds',
)

/**
 * Checks what a project says about tokens; it may be JavaScript, so nothing is believed.
 *
 * @throws StartError that lists everything that is wrong
 */
export function assertJwtOptions(options: JwtOptions): void {
  const faults = [
    ...unknownFaults(options),
    ...keyFaults(options),
    ...algorithmFaults(options),
    ...expectedTexts('issuer', options.issuer),
    ...expectedTexts('audience', options.audience),
    ...toleranceFaults(options.clockToleranceSeconds),
    ...claimFaults(options),
  ]
  if (faults.length === 0) return
  throw new StartError(
    `auth.jwt in refract.config.ts is wrong: ${faults.join('; ')}. Correct it and try again.`,
  )
}

function unknownFaults(options: JwtOptions): string[] {
  return Object.keys(options)
    .filter(name => !known.includes(name))
    .map(name => `${name} is not known (expected ${known.join(', ')})`)
}

function keyFaults(options: JwtOptions): string[] {
  const given = ['jwksUrl', 'publicKey', 'secret'].filter(
    name => (options as Readonly<Record<string, unknown>>)[name] !== undefined,
  )
  if (given.length !== 1) {
    return [
      `expected exactly one of jwksUrl, publicKey and secret; ${given.length === 0 ? 'none' : given.join(' and ')} came`,
    ]
  }
  const { jwksUrl, secret } = options
  if (jwksUrl !== undefined && !isKeyAddress(jwksUrl)) {
    return ['jwksUrl is no https:// address (http:// is taken for this machine only)']
  }
  if (secret !== undefined && Buffer.byteLength(String(secret)) < shortestKey(options)) {
    return [
      `secret has ${Buffer.byteLength(String(secret))} bytes, but expected at least ${shortestKey(options)}, as many as the hash has`,
    ]
  }
  return []
}

function isKeyAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return protocol === 'https:' || (protocol === 'http:' && isLocal)
}

/** In bytes: the length of the longest hash (RFC 7518, section 3.2). */
function shortestKey({ algorithms }: JwtOptions): number {
  const lengths = Array.isArray(algorithms) ? algorithms.map(name => Number(String(name).slice(2)) / 8) : []
  return Math.max(32, ...lengths.filter(Number.isInteger))
}

function algorithmFaults({ algorithms, secret }: JwtOptions): string[] {
  const possible: readonly string[] = secret === undefined ? asymmetricAlgorithms : symmetricAlgorithms
  const key = secret === undefined ? 'a public key' : 'a secret'
  if (!Array.isArray(algorithms) || algorithms.length === 0) {
    return [`algorithms is missing (expected a list of ${possible.join(', ')}, as the issuer signs)`]
  }
  return algorithms
    .filter(name => !possible.includes(name))
    .map(name => `algorithms has ${JSON.stringify(name)}, but with ${key} expected ${possible.join(', ')}`)
}

function expectedTexts(name: string, value: unknown): string[] {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value]
  const isRight = texts.length > 0 && texts.every(text => typeof text === 'string' && text !== '')
  return isRight ? [] : [`${name} is missing (expected a text, or a list of them)`]
}

function toleranceFaults(seconds: unknown = 0): string[] {
  const isRight = typeof seconds === 'number' && seconds >= 0 && seconds <= 300
  return isRight ? [] : ['clockToleranceSeconds is not a number from 0 to 300']
}

function claimFaults({ claims = {}, administratorRole }: JwtOptions): string[] {
  const paths = { id: claims.id, roles: claims.roles, ...claims.extra }
  const faults = Object.entries(paths)
    .filter(([, path]) => path !== undefined && expectedTexts('', path).length > 0)
    .map(([name]) => `claims.${name} is no name of a claim, nor a list of names on the way to it`)
  const isRole = administratorRole === undefined || expectedTexts('', administratorRole).length === 0
  return isRole ? faults : [...faults, 'administratorRole is no text']
}
