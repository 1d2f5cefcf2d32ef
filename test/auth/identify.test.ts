import { describe, expect, it } from 'vitest'
import type { AuthProvider } from '../../src/auth/index.ts'
import { RefractError } from '../../src/errors.ts'
import { startAuthServer } from './auth-server.ts'

/** A sign-in whose cookies and tokens are the user's name. */
function createProvider(changes: Partial<AuthProvider> = {}): AuthProvider {
  return {
    identify: async http => {
      const name = /session=(\w+)/.exec(http.requestHeaders.get('cookie') ?? '')?.[1]
      if (name !== 'ended') return name ? { id: name, roles: ['member'] } : null
      http.responseHeaders.append('Set-Cookie', 'session=; Max-Age=0')
      return null
    },
    identifyToken: async token => (token.startsWith('key-') ? { id: token.slice(4) } : null),
    ...changes,
  }
}

describe('who asks', () => {
  it('is anonymous without credentials', async () => {
    const { whoAmI } = await startAuthServer({ provider: createProvider() })
    expect((await whoAmI()).viewer).toEqual({ id: null, roles: [], isAdministrator: false, claims: {} })
  })

  it("is whom the project's own sign-in finds by a cookie", async () => {
    const { whoAmI } = await startAuthServer({ provider: createProvider() })
    expect((await whoAmI({ Cookie: 'session=ann' })).viewer).toEqual({
      id: 'ann',
      roles: ['member'],
      isAdministrator: false,
      claims: {},
    })
  })

  it('is anonymous with a session that has ended, whose cookie is taken away', async () => {
    const { whoAmI } = await startAuthServer({ provider: createProvider() })
    const answer = await whoAmI({ Cookie: 'session=ended' })
    expect(answer.viewer?.id).toBeNull()
    expect(answer.headers.getSetCookie()).toEqual(['session=; Max-Age=0'])
  })

  it.each([
    ['Authorization', 'Bearer key-bob'],
    ['X-Api-Key', 'key-bob'],
  ])('is the owner of a token in %s, whatever the cookie says', async (name, value) => {
    const { whoAmI } = await startAuthServer({ provider: createProvider() })
    expect((await whoAmI({ [name]: value, Cookie: 'session=ann' })).viewer?.id).toBe('bob')
  })

  it.each([
    ['Authorization', 'Bearer nonsense'],
    ['Authorization', 'Bearer'],
    ['X-Api-Key', 'nonsense'],
    ['X-Api-Key', ''],
  ])('is nobody with a wrong %s: %j, not even the one of the cookie', async (name, value) => {
    const { whoAmI } = await startAuthServer({ provider: createProvider() })
    const answer = await whoAmI({ [name]: value, Cookie: 'session=ann' })
    expect(answer).toMatchObject({ status: 401, code: 'UNAUTHENTICATED', viewer: undefined })
  })

  it('is nobody with a bearer token where none are taken, and an API key is then for others', async () => {
    const { whoAmI } = await startAuthServer({})
    expect(await whoAmI({ Authorization: 'Bearer x' })).toMatchObject({
      status: 401,
      message: 'This API takes no bearer tokens: none are configured.',
    })
    expect((await whoAmI({ 'X-Api-Key': 'for a proxy' })).viewer?.id).toBeNull()
  })

  it('cannot be more than the provider says: what is left out is what an anonymous viewer has', async () => {
    const { whoAmI } = await startAuthServer({ provider: createProvider({ identify: async () => ({}) }) })
    expect((await whoAmI()).viewer).toEqual({ id: null, roles: [], isAdministrator: false, claims: {} })
  })

  it.each([
    [Object.assign(new Error("Can't reach database"), { code: 'P1001' }), 503, 'UNAVAILABLE'],
    [new RefractError('RATE_LIMITED', 'Too many.'), 429, 'RATE_LIMITED'],
    [new TypeError('secret detail'), 500, 'INTERNAL'],
  ])('is no anonymous viewer when finding out fails: %s', async (error, status, code) => {
    const identify = () => Promise.reject(error)
    const server = await startAuthServer({ provider: createProvider({ identify }), isProduction: true })
    const answer = await server.whoAmI({ Cookie: 'session=ann' })
    expect(answer).toMatchObject({ status, code, viewer: undefined })
    expect(answer.message).not.toContain('secret detail')
  })
})
