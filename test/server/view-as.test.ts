import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { AuthProvider } from '../../src/auth/index.ts'
import { startAuthServer } from '../auth/auth-server.ts'

const provider: AuthProvider = {
  identify: async http => (http.requestHeaders.get('cookie') ? { id: 'cookie' } : null),
  viewerOf: async id => (id === 'gone' ? null : { id, roles: ['member'] }),
  developmentViewers: async () => [
    { id: 'ann', label: 'Ann – admin' },
    { id: 'bob', label: 'Bob – member' },
    { id: 'gone', label: 'Gone – member' },
  ],
}

interface Entry {
  readonly key: string
  readonly label: string
  readonly token: string
}

/** The list as a browser gets it. Not by fetch, which does not let a test choose the Host. */
function list(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; viewers: Entry[] }> {
  return new Promise((resolve, reject) => {
    request(`${url}/graphql/view-as`, { headers }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, viewers: [], ...JSON.parse(text) }),
      )
    })
      .on('error', reject)
      .end()
  })
}

const tokenOf = async (url: string, key: string) =>
  (await list(url)).viewers.find(viewer => viewer.key === key)?.token ?? ''

describe('GraphiQL acting as others', () => {
  it('can be each user and the administrator', async () => {
    const { url, whoAmI } = await startAuthServer({ provider })
    const { viewers } = await list(url)
    expect(viewers.map(({ key, label }) => [key, label])).toEqual([
      ['user:ann', 'Ann – admin'],
      ['user:bob', 'Bob – member'],
      ['user:gone', 'Gone – member'],
      ['administrator', 'administrator'],
    ])
    const bob = { 'x-refract-view-as': await tokenOf(url, 'user:bob'), Cookie: 'session=x' }
    expect((await whoAmI(bob)).viewer).toMatchObject({ id: 'bob', roles: ['member'], isAdministrator: false })
    const operator = { 'x-refract-view-as': await tokenOf(url, 'administrator') }
    expect((await whoAmI(operator)).viewer).toMatchObject({ id: null, isAdministrator: true })
  })

  it('can be the administrator where the project has no users', async () => {
    const { url } = await startAuthServer({})
    expect((await list(url)).viewers.map(({ key }) => key)).toEqual(['administrator'])
  })

  it('is refused with a token that this process has not made, or for a user who may not sign in', async () => {
    const first = await startAuthServer({ provider })
    const second = await startAuthServer({ provider })
    const token = await tokenOf(first.url, 'user:ann')
    const [, signature] = token.split('.')
    const forged = `${Buffer.from('administrator').toString('base64url')}.${signature}`
    const gone = await tokenOf(first.url, 'user:gone')
    for (const value of [forged, gone, '', '.', 'nonsense', `${token}x`]) {
      const answer = await first.whoAmI({ 'x-refract-view-as': value, Cookie: 'session=x' })
      expect(answer, value).toMatchObject({ status: 401, code: 'UNAUTHENTICATED', viewer: undefined })
    }
    expect((await second.whoAmI({ 'x-refract-view-as': token })).status).toBe(401)
    expect((await first.whoAmI({ 'x-refract-view-as': token })).status).toBe(200)
  })

  it('does not exist in production', async () => {
    const development = await startAuthServer({ provider })
    const token = await tokenOf(development.url, 'administrator')
    const { url, whoAmI } = await startAuthServer({ provider, isProduction: true })
    expect((await list(url)).status).toBe(404)
    expect((await whoAmI({ 'x-refract-view-as': token })).viewer).toMatchObject({
      id: null,
      isAdministrator: false,
    })
  })

  it.each([
    ['a name that somebody made to lead here', { Host: 'evil.example.com' }],
    ['a name that begins like ours', { Host: 'localhost.evil.example.com' }],
    ['a proxy or a tunnel on this machine', { 'X-Forwarded-For': '203.0.113.7' }],
    ['a proxy that says so in the standard way', { Forwarded: 'for=203.0.113.7' }],
  ])('is refused through %s', async (_name, headers: Record<string, string>) => {
    const { url, whoAmI } = await startAuthServer({ provider })
    expect(await list(url, headers)).toMatchObject({ status: 404, viewers: [] })
    if ('Host' in headers) return
    const token = await tokenOf(url, 'administrator')
    expect((await whoAmI({ ...headers, 'x-refract-view-as': token })).status).toBe(401)
  })

  it('is nothing that a page of another origin can read or do, also an allowed one', async () => {
    const { url } = await startAuthServer({ provider })
    const answer = await fetch(`${url}/graphql/view-as`, { headers: { Origin: 'http://app.localhost:5173' } })
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const preflight = await fetch(`${url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        Origin: 'http://app.localhost:5173',
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'x-refract-view-as',
      },
    })
    expect(preflight.headers.get('access-control-allow-headers')).toBeNull()
  })
})
