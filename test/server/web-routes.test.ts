import { describe, expect, it } from 'vitest'
import { RefractError } from '../../src/errors.ts'
import type { ServerOptions } from '../../src/server/index.ts'
import { startTestServer } from './test-server.ts'

type WebRoutes = NonNullable<ServerOptions['webRoutes']>

const echo: WebRoutes[string] = async (request, http) => {
  http.responseHeaders.append('X-From', http.address ?? '')
  const headers = new Headers({ 'Content-Type': 'application/json' })
  headers.append('Set-Cookie', 'a=1')
  headers.append('Set-Cookie', 'b=2; HttpOnly')
  const body = { method: request.method, path: new URL(request.url).pathname, text: await request.text() }
  return new Response(JSON.stringify(body), { status: 201, headers })
}

const failing: WebRoutes[string] = async request => {
  const { searchParams } = new URL(request.url)
  if (searchParams.has('limited')) throw new RefractError('RATE_LIMITED', 'Too many.', { retryAfter: 3 })
  if (searchParams.has('database'))
    throw Object.assign(new Error("Can't reach database at db:5432"), { code: 'P1001' })
  throw new TypeError('cannot read /srv/app/secret.ts')
}

const webRoutes: WebRoutes = { '/api/auth': echo, '/fail': failing }

describe('a route in the terms of the web', () => {
  it('gets the request and answers with status, headers and cookies', async () => {
    const { url } = await startTestServer({ webRoutes })
    const response = await fetch(`${url}/api/auth/sign-in?x=1`, { method: 'POST', body: 'häh' })
    expect(response.status).toBe(201)
    expect(await response.json()).toEqual({ method: 'POST', path: '/api/auth/sign-in', text: 'häh' })
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2; HttpOnly'])
    expect(response.headers.get('x-from')).toMatch(/127\.0\.0\.1$/)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('x-request-id')).not.toBeNull()
  })

  it('has its path and all below it, and nothing beside it', async () => {
    const { url } = await startTestServer({ webRoutes })
    expect((await fetch(`${url}/api/auth`)).status).toBe(201)
    expect((await fetch(`${url}/api/authority`)).status).toBe(404)
  })

  it('answers HEAD without a body', async () => {
    const { url } = await startTestServer({ webRoutes })
    const response = await fetch(`${url}/api/auth`, { method: 'HEAD' })
    expect([response.status, await response.text()]).toEqual([201, ''])
  })

  it('is never given a body over the limit', async () => {
    const { url } = await startTestServer({ webRoutes, limits: { bodyBytes: 10 } })
    const response = await fetch(`${url}/api/auth`, { method: 'POST', body: 'x'.repeat(11) })
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'PAYLOAD_TOO_LARGE' } }] })
  })

  it.each([
    ['limited', 429, { code: 'RATE_LIMITED', retryAfter: 3 }],
    ['database', 503, { code: 'UNAVAILABLE', id: expect.any(String) }],
    ['fault', 500, { code: 'INTERNAL', id: expect.any(String) }],
  ])('answers the error %s as the API does', async (name, status, extensions) => {
    const { url, line } = await startTestServer({ webRoutes, isProduction: true })
    const response = await fetch(`${url}/fail?${name}`)
    const body = await response.json()
    expect([response.status, body]).toEqual([
      status,
      { errors: [{ message: expect.any(String), extensions }] },
    ])
    expect(JSON.stringify(body)).not.toMatch(/secret|db:5432/)
    expect(JSON.parse(await line(/"msg":"GET \/fail/))).toMatchObject({ errorCodes: [extensions.code] })
  })

  it('is open to pages of the origins that are allowed, and to no others', async () => {
    const corsOrigins = ['https://app.example.com']
    const { url } = await startTestServer({ webRoutes, corsOrigins })
    const ask = async (origin: string) =>
      (await fetch(`${url}/api/auth`, { headers: { Origin: origin } })).headers.get(
        'access-control-allow-origin',
      )
    expect(await ask('https://app.example.com')).toBe('https://app.example.com')
    expect(await ask('https://evil.example.com')).toBeNull()
    expect(await ask('null')).toBeNull()
  })
})
