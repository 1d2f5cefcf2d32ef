import { errors, type JWTPayload, type JWTVerifyGetKey, SignJWT } from 'jose'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createTokenVerifier } from '../../src/auth/verified-tokens.ts'

const rules = {
  algorithms: ['HS256'],
  issuer: ['https://issuer.example.com'],
  audience: ['refract'],
  clockToleranceSeconds: 5,
}

const key = new TextEncoder().encode('a-secret-of-thirty-two-bytes-or-more')

const now = () => Math.floor(Date.now() / 1_000)

function sign(claims: JWTPayload = {}, by = key): Promise<string> {
  const whole = {
    iss: 'https://issuer.example.com',
    aud: 'refract',
    sub: 'user-1',
    exp: now() + 60,
    ...claims,
  }
  return new SignJWT(whole).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(by)
}

/** A verifier with a key that can be taken away, and how often it has worked out a signature. */
function createVerifier(find: JWTVerifyGetKey = async () => key) {
  const signatures = vi.spyOn(crypto.subtle, 'verify')
  return { verify: createTokenVerifier(find, rules), countSignatures: () => signatures.mock.calls.length }
}

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

describe('a token that was verified', () => {
  it('has the same claims again, without its signature being worked out', async () => {
    const { verify, countSignatures } = createVerifier()
    const token = await sign()
    const first = await verify(token)
    expect(first).toMatchObject({ sub: 'user-1' })
    expect(await verify(token)).toBe(first)
    expect(countSignatures()).toBe(1)
  })

  it('is refused from its expiry on, the tolerance after it', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_000 })
    const { verify } = createVerifier()
    const token = await sign({ exp: 1_700_000_060 })
    await verify(token)
    vi.setSystemTime(1_700_000_064_999)
    await expect(verify(token)).resolves.toMatchObject({ sub: 'user-1' })
    vi.setSystemTime(1_700_000_065_000)
    await expect(verify(token)).rejects.toThrow(errors.JWTExpired)
  })

  it('is refused before its time, where the clock is set back', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_000 })
    const { verify } = createVerifier()
    const token = await sign({ nbf: 1_700_000_000 })
    await verify(token)
    vi.setSystemTime(1_699_999_995_000)
    await expect(verify(token)).resolves.toMatchObject({ sub: 'user-1' })
    vi.setSystemTime(1_699_999_994_999)
    await expect(verify(token)).rejects.toThrow(errors.JWTClaimValidationFailed)
  })

  it('is worked out anew where the issuer has another key for it', async () => {
    let current = key
    const { verify, countSignatures } = createVerifier(async () => current)
    const token = await sign()
    await verify(token)
    current = new TextEncoder().encode('another-secret-of-thirty-two-bytes-or-more')
    await expect(verify(token)).rejects.toThrow(errors.JWSSignatureVerificationFailed)
    current = new Uint8Array(key)
    await expect(verify(token)).resolves.toMatchObject({ sub: 'user-1' })
    expect(countSignatures()).toBe(3)
  })

  it('is refused where its key is found no more, and the key is asked for by the same header', async () => {
    let isThere = true
    const asked: unknown[] = []
    const { verify } = createVerifier(async ({ kid }) => {
      asked.push(kid)
      if (!isThere) throw new errors.JWKSNoMatchingKey()
      return key
    })
    const token = await sign()
    await verify(token)
    isThere = false
    await expect(verify(token)).rejects.toThrow(errors.JWKSNoMatchingKey)
    expect(asked).toEqual(['one', 'one'])
  })
})

describe('a token that was refused', () => {
  it('is looked at again', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_000 })
    const { verify } = createVerifier()
    const early = await sign({ nbf: 1_700_000_060, exp: 1_700_000_120 })
    await expect(verify(early)).rejects.toThrow(errors.JWTClaimValidationFailed)
    vi.setSystemTime(1_700_000_060_000)
    await expect(verify(early)).resolves.toMatchObject({ sub: 'user-1' })
  })

  it('does not become good by one that differs in the signature alone', async () => {
    const { verify } = createVerifier()
    const token = await sign()
    await verify(token)
    const [header, payload] = token.split('.')
    const forged = await sign({}, new TextEncoder().encode('another-secret-of-thirty-two-bytes-or-more'))
    await expect(verify(`${header}.${payload}.${forged.split('.')[2]}`)).rejects.toThrow(errors.JOSEError)
  })
})

it('forgets the tokens that were used longest ago when they get too many', async () => {
  const { verify, countSignatures } = createVerifier()
  const long = (name: string) => sign({ sub: name, padding: 'x'.repeat(3_000_000) })
  const [first, second, third] = [await long('1'), await long('2'), await long('3')]
  for (const token of [first, second, first, third, first, second]) await verify(token)
  expect(countSignatures()).toBe(4)
})
