import { createHmac } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createJwtIdentifier, type JwtOptions } from '../../src/auth/index.ts'
import { StartError } from '../../src/errors.ts'
import { silentLog } from '../../src/observe/log.ts'
import { createExchange, startAuthServer } from './auth-server.ts'

const issuer = 'https://issuer.example.com'
const audience = 'refract'
const base = { algorithms: ['RS256'], issuer, audience } as const

type SigningKey = Parameters<SignJWT['sign']>[0]
interface Signer {
  readonly key: SigningKey
  readonly header?: Readonly<Record<string, unknown>>
}

let privateKey: SigningKey
let publicPem: string
let publicJwk: Record<string, unknown>
let strangerKey: SigningKey

beforeAll(async () => {
  const pair = await generateKeyPair('RS256', { extractable: true })
  privateKey = pair.privateKey
  publicPem = await exportSPKI(pair.publicKey)
  publicJwk = { ...(await exportJWK(pair.publicKey)) }
  strangerKey = (await generateKeyPair('RS256')).privateKey
})

const inAnHour = () => Math.floor(Date.now() / 1_000) + 3_600
const rightClaims = (): JWTPayload => ({ iss: issuer, aud: audience, sub: 'user-1', exp: inAnHour() })

function sign(claims: JWTPayload = rightClaims(), { key, header = {} }: Partial<Signer> = {}) {
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', ...header }).sign(key ?? privateKey)
}

/** A token put together by hand: what a library refuses to write. */
function forge(header: object, claims: object, signature: (text: string) => Buffer | string): string {
  const text = [header, claims].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${text}.${Buffer.from(signature(text)).toString('base64url')}`
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })
const without = (claim: string): JWTPayload => ({ ...rightClaims(), [claim]: undefined })

describe('a bearer JWT', () => {
  it('makes a viewer of its subject, without roles where it names none', async () => {
    const { whoAmI } = await startAuthServer({ jwt: { ...base, publicKey: publicPem } })
    expect((await whoAmI(bearer(await sign()))).viewer).toEqual({
      id: 'user-1',
      roles: [],
      isAdministrator: false,
      claims: {},
    })
    expect((await whoAmI()).viewer).toMatchObject({ id: null, roles: [] })
  })

  it('is taken with the scheme in any case, and no other scheme is looked at', async () => {
    const { whoAmI } = await startAuthServer({ jwt: { ...base, publicKey: publicPem } })
    expect((await whoAmI({ Authorization: `bEARER  ${await sign()} ` })).viewer?.id).toBe('user-1')
    expect((await whoAmI({ Authorization: 'Basic dXNlcjpwYXNz' })).viewer?.id).toBeNull()
  })

  it('maps claims by name and by path', async () => {
    const jwt: JwtOptions = {
      ...base,
      publicKey: publicPem,
      administratorRole: 'operator',
      claims: {
        id: 'user_id',
        roles: ['https://example.com/claims', 'roles'],
        extra: { tenantId: 'tenant', teams: ['https://example.com/claims', 'teams'], plan: 'plan' },
      },
    }
    const { whoAmI } = await startAuthServer({ jwt })
    const claims = {
      ...rightClaims(),
      user_id: 42,
      tenant: 't1',
      'https://example.com/claims': { roles: ['member', 'operator'], teams: [1, 2] },
    }
    expect((await whoAmI(bearer(await sign(claims)))).viewer).toEqual({
      id: '42',
      roles: ['member', 'operator'],
      isAdministrator: true,
      claims: { tenantId: 't1', teams: [1, 2], plan: null },
    })
  })

  it('makes no administrator unless a role is named for it', async () => {
    const { whoAmI } = await startAuthServer({ jwt: { ...base, publicKey: publicPem } })
    const claims = { ...rightClaims(), roles: ['admin', 'administrator'], isAdministrator: true }
    expect((await whoAmI(bearer(await sign(claims)))).viewer).toMatchObject({
      roles: ['admin', 'administrator'],
      isAdministrator: false,
    })
  })

  describe('is refused', () => {
    const refused: Readonly<Record<string, () => Promise<string> | string>> = {
      'with the algorithm none': () => forge({ alg: 'none' }, rightClaims(), () => ''),
      'with the algorithm nOnE': () => forge({ alg: 'nOnE' }, rightClaims(), () => ''),
      'signed with HS256 and the public key as the secret': () =>
        forge({ alg: 'HS256' }, rightClaims(), text => createHmac('sha256', publicPem).update(text).digest()),
      'with an algorithm that is not configured': async () =>
        sign(rightClaims(), { key: (await generateKeyPair('PS256')).privateKey, header: { alg: 'PS256' } }),
      'with a kid that is a path': () =>
        sign(rightClaims(), { key: strangerKey, header: { kid: '../../../../dev/null' } }),
      'with a kid that is SQL': () =>
        sign(rightClaims(), { key: strangerKey, header: { kid: "' UNION SELECT 'secret' --" } }),
      'with a key of its own inside': async () => {
        const pair = await generateKeyPair('RS256', { extractable: true })
        return sign(rightClaims(), { key: pair.privateKey, header: { jwk: await exportJWK(pair.publicKey) } })
      },
      'with the address of a key of its own': () =>
        sign(rightClaims(), {
          key: strangerKey,
          header: { jku: 'http://127.0.0.1:1/keys', x5u: 'http://127.0.0.1:1/' },
        }),
      'with a critical extension that nobody knows': () =>
        forge({ alg: 'RS256', crit: ['exp'], exp: 1 }, rightClaims(), () => 'x'),
      'of another issuer': () => sign({ ...rightClaims(), iss: 'https://evil.example.com' }),
      'of an issuer that only begins like it': () =>
        sign({ ...rightClaims(), iss: `${issuer}.evil.example` }),
      'without an issuer': () => sign(without('iss')),
      'for another audience': () => sign({ ...rightClaims(), aud: ['others', 'refract2'] }),
      'without an audience': () => sign(without('aud')),
      'without an expiry': () => sign(without('exp')),
      'with an expiry that is text': () => sign({ ...rightClaims(), exp: String(inAnHour()) as never }),
      'when it has expired': () => sign({ ...rightClaims(), exp: inAnHour() - 3_700 }),
      'when it is not valid yet': () => sign({ ...rightClaims(), nbf: inAnHour() - 3_500 }),
      'without a subject': () => sign(without('sub')),
      'with an empty subject': () => sign({ ...rightClaims(), sub: '' }),
      'with a subject that is an object': () => sign({ ...rightClaims(), sub: { not: null } as never }),
      'with roles that are objects': () => sign({ ...rightClaims(), roles: [{ admin: true }] }),
      'with a tampered payload': async () => {
        const [header, , signature] = (await sign()).split('.')
        const claims = { ...rightClaims(), sub: 'somebody-else' }
        return `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`
      },
      'when it is none': () => 'not-a-token',
      'when it is empty': () => '',
      'when it is very long': () => `eyJhbGciOiJSUzI1NiJ9.${'A'.repeat(7_000)}.${'A'.repeat(1_000)}`,
    }

    it.each(Object.keys(refused))('%s', async name => {
      const { whoAmI } = await startAuthServer({ jwt: { ...base, publicKey: publicPem } })
      const token = (await refused[name]?.()) ?? ''
      const answer = await whoAmI(bearer(token))
      expect(answer).toMatchObject({ status: 401, code: 'UNAUTHENTICATED', viewer: undefined })
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/)
      const parts = token.split('.').filter(part => part.length > 20)
      for (const part of parts) expect(JSON.stringify(answer)).not.toContain(part)
    })

    it.each(['{"not":null}', '[{"in":[1]}]', '[[1]]'])('with %s as a claim for policies', async json => {
      const jwt: JwtOptions = { ...base, publicKey: publicPem, claims: { extra: { tenantId: 'tenant' } } }
      const { whoAmI } = await startAuthServer({ jwt })
      const answer = await whoAmI(bearer(await sign({ ...rightClaims(), tenant: JSON.parse(json) })))
      expect(answer).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
      expect(answer.message).toContain('the claim tenant')
    })

    it('also for a query without a selection that needs a viewer, and before anything runs', async () => {
      const { url } = await startAuthServer({ jwt: { ...base, publicKey: publicPem } })
      const response = await fetch(`${url}/graphql?query={__typename}`, { headers: bearer('x') })
      expect(response.status).toBe(401)
    })
  })

  it('never makes anything but 401 of garbage', async () => {
    const identify = await createJwtIdentifier({ ...base, publicKey: publicPem }, silentLog)
    const json = fc.json({ maxDepth: 2 }).map(text => Buffer.from(text).toString('base64url'))
    const part = fc.oneof(json, fc.base64String(), fc.string(), fc.constant('eyJhbGciOiJSUzI1NiJ9'))
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 5 }), async parts => {
        await expect(identify(parts.join('.'), createExchange())).rejects.toMatchObject({
          code: 'UNAUTHENTICATED',
        })
      }),
      { numRuns: 500 },
    )
  })

  it('may be off by the tolerance and no more', async () => {
    const claims = { ...rightClaims(), exp: inAnHour() - 3_610 }
    const tolerant = await startAuthServer({
      jwt: { ...base, publicKey: publicPem, clockToleranceSeconds: 60 },
    })
    expect((await tolerant.whoAmI(bearer(await sign(claims)))).status).toBe(200)
    const strict = await startAuthServer({ jwt: { ...base, publicKey: publicPem, clockToleranceSeconds: 0 } })
    expect((await strict.whoAmI(bearer(await sign(claims)))).status).toBe(401)
  })
})

describe('the key', () => {
  it('can be a JWK, of which a private part is not needed', async () => {
    const { whoAmI } = await startAuthServer({ jwt: { ...base, publicKey: { ...publicJwk, d: 'x' } } })
    expect((await whoAmI(bearer(await sign()))).status).toBe(200)
  })

  it.each(['ES256', 'Ed25519'] as const)('can be one of %s', async algorithm => {
    const pair = await generateKeyPair(algorithm)
    const jwt = { ...base, algorithms: [algorithm], publicKey: await exportSPKI(pair.publicKey) }
    const { whoAmI } = await startAuthServer({ jwt })
    const token = await sign(rightClaims(), { key: pair.privateKey, header: { alg: algorithm } })
    expect((await whoAmI(bearer(token))).status).toBe(200)
  })

  it('can be a secret, which tokens are signed with too', async () => {
    const secret = 'a-secret-of-thirty-two-bytes-or-more'
    const { whoAmI } = await startAuthServer({ jwt: { ...base, algorithms: ['HS256'], secret } })
    const signed = (key: string) =>
      sign(rightClaims(), { key: new TextEncoder().encode(key), header: { alg: 'HS256' } })
    expect((await whoAmI(bearer(await signed(secret)))).status).toBe(200)
    expect((await whoAmI(bearer(await signed(`${secret}!`)))).status).toBe(401)
    expect((await whoAmI(bearer(await sign()))).status).toBe(401)
  })
})

describe('keys at an address', () => {
  async function publish(answer: RequestListener): Promise<{ url: string; asked: () => number }> {
    let asked = 0
    const server = createServer((request, response) => {
      asked += 1
      answer(request, response)
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`, asked: () => asked }
  }

  const keys = (): RequestListener => (_request, response) => {
    response.setHeader('Content-Type', 'application/json')
    response.end(JSON.stringify({ keys: [{ ...publicJwk, kid: 'one', use: 'sig', alg: 'RS256' }] }))
  }

  it('are fetched once for many requests', async () => {
    const { url, asked } = await publish(keys())
    const { whoAmI } = await startAuthServer({ jwt: { ...base, jwksUrl: url } })
    const token = await sign(rightClaims(), { header: { kid: 'one' } })
    for (let count = 0; count < 5; count += 1) expect((await whoAmI(bearer(token))).viewer?.id).toBe('user-1')
    expect(asked()).toBe(1)
  })

  it('are not fetched anew for each token of a key that there is not', async () => {
    const { url, asked } = await publish(keys())
    const { whoAmI } = await startAuthServer({ jwt: { ...base, jwksUrl: url } })
    for (const kid of ['two', '../one', "one' OR 1=1", 'three']) {
      const token = await sign(rightClaims(), { key: strangerKey, header: { kid } })
      expect(await whoAmI(bearer(token))).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
    }
    expect(asked()).toBe(1)
  })

  it.each([
    ['an error', (_request, response) => response.writeHead(500).end()],
    ['something else', (_request, response) => response.end('<html>')],
    ['a broken connection', request => request.socket.destroy()],
    ['another address', (_request, response) => response.writeHead(302, { Location: '/elsewhere' }).end()],
  ] as [string, RequestListener][])('that answer with %s make 503, not 401', async (_name, answer) => {
    const { url } = await publish(answer)
    const { whoAmI } = await startAuthServer({ jwt: { ...base, jwksUrl: url }, isProduction: true })
    const answered = await whoAmI(bearer(await sign()))
    expect(answered).toMatchObject({ status: 503, code: 'UNAVAILABLE' })
    expect(answered.message).not.toContain('127.0.0.1')
  })
})

describe('the options', () => {
  const wrong: [string, object, RegExp][] = [
    ['no key', {}, /exactly one of jwksUrl, publicKey and secret; none came/],
    ['two keys', { jwksUrl: 'https://a.example/keys', secret: 'x' }, /jwksUrl and secret came/],
    ['an address without TLS', { jwksUrl: 'http://a.example/keys' }, /no https:\/\/ address/],
    ['a short secret', { secret: 'short', algorithms: ['HS256'] }, /has 5 bytes, but expected at least 32/],
    ['a secret shorter than its hash', { secret: 'x'.repeat(32), algorithms: ['HS512'] }, /at least 64/],
    [
      'algorithms of both kinds',
      { publicKey: 'PEM', algorithms: ['RS256', 'HS256'] },
      /"HS256", but with a public key/,
    ],
    ['none', { publicKey: 'PEM', algorithms: ['none'] }, /"none", but with a public key expected RS256/],
    ['no algorithms', { publicKey: 'PEM', algorithms: [] }, /algorithms is missing/],
    ['no issuer', { publicKey: 'PEM', issuer: '' }, /issuer is missing/],
    ['no audience', { publicKey: 'PEM', audience: [] }, /audience is missing/],
    ['a misspelt option', { publicKey: 'PEM', issuers: 'x' }, /issuers is not known/],
    ['a tolerance of hours', { publicKey: 'PEM', clockToleranceSeconds: 7_200 }, /from 0 to 300/],
    ['a claim without a name', { publicKey: 'PEM', claims: { roles: '' } }, /claims.roles is no name/],
    ['a key that is none', { publicKey: 'PEM' }, /cannot be read as a public key for RS256/],
    ['a symmetric key as the public one', { publicKey: { kty: 'oct', k: 'AAAA' } }, /cannot be read/],
  ]

  it.each(wrong)('are refused at start with %s', async (_name, options, message) => {
    const create = createJwtIdentifier({ ...base, ...options } as unknown as JwtOptions, silentLog)
    await expect(create).rejects.toThrow(StartError)
    await expect(create).rejects.toThrow(message)
  })
})
