import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { graphqlFetch } from '../support/http.ts'
import { startTestServer, type TestServer } from './test-server.ts'

const query = '/graphql?query=%7Bhello%7D'
const cookie = { Cookie: 'session=abc' }

interface Answer {
  readonly status: number | undefined
  readonly headers: NodeJS.Dict<string | string[]>
  readonly code: unknown
}

/** Sends exactly the headers given, as `fetch` cannot. */
function send(
  server: TestServer,
  path: string,
  {
    method = 'GET',
    headers = {},
    body,
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ port: server.port, host: '127.0.0.1', path, method, headers }, response => {
      let text = ''
      response.on('data', chunk => {
        text += chunk
      })
      response.on('end', () => {
        const code = text === '' ? undefined : JSON.parse(text).errors?.[0]?.extensions?.code
        resolve({ status: response.statusCode, headers: response.headers, code })
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

const mutation = JSON.stringify({ query: 'mutation { count }' })

describe('a cookie session (attack: CSRF)', () => {
  it.each<[string, string, Record<string, string>, string | undefined]>([
    ['a GET', 'GET', {}, undefined],
    ['a GET of a link', 'GET', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }, undefined],
    ['a GET of a page of a sibling host', 'GET', { 'Sec-Fetch-Site': 'same-site' }, undefined],
    [
      'a GET that a script sends without asking',
      'GET',
      { Accept: 'application/json', 'Sec-Fetch-Mode': 'no-cors' },
      undefined,
    ],
    ['a form', 'POST', { 'Content-Type': 'application/x-www-form-urlencoded' }, 'query=mutation%7Bcount%7D'],
    ['a multipart form', 'POST', { 'Content-Type': 'multipart/form-data; boundary=x' }, '--x--'],
    ['plain text', 'POST', { 'Content-Type': 'text/plain' }, mutation],
    ['no content type', 'POST', {}, mutation],
    [
      'JSON of another origin',
      'POST',
      { 'Content-Type': 'application/json', Origin: 'https://evil.example' },
      mutation,
    ],
    ['JSON of no origin', 'POST', { 'Content-Type': 'application/json', Origin: 'null' }, mutation],
    [
      'JSON of another port',
      'POST',
      { 'Content-Type': 'application/json', Origin: 'http://localhost:1' },
      mutation,
    ],
  ])('is refused with 4xx and no side effect: %s', async (_name, method, headers, body) => {
    for (const isProduction of [true, false]) {
      const server = await startTestServer({ isProduction })
      const path = method === 'GET' ? '/graphql?query=%7Bhello%7D' : '/graphql'
      const answer = await send(server, path, {
        method,
        headers: { ...cookie, ...headers },
        ...(body ? { body } : {}),
      })
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.status).toBeLessThan(500)
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
      expect(server.counted()).toBe(0)
    }
  })

  it.each<[Record<string, string>]>([
    [{ 'X-Refract-Csrf': '1' }],
    [{ 'X-Requested-With': 'XMLHttpRequest' }],
    [{ 'Apollo-Require-Preflight': 'true' }],
    [{ 'X-Apollo-Operation-Name': 'Hello' }],
    [{ 'Content-Type': 'application/json' }],
    [{ 'Sec-Fetch-Site': 'same-origin' }],
  ])('may GET with %j, which another origin would have to ask for', async headers => {
    const server = await startTestServer()
    expect((await send(server, query, { headers: { ...cookie, ...headers } })).status).toBe(200)
  })

  it("may POST from the API's own origin, and from those in the list", async () => {
    const server = await startTestServer({ corsOrigins: ['https://app.example'] })
    const headers = { ...cookie, 'Content-Type': 'application/json' }
    for (const origin of [`http://127.0.0.1:${server.port}`, 'https://app.example']) {
      const answer = await send(server, '/graphql', {
        method: 'POST',
        headers: { ...headers, Origin: origin },
        body: mutation,
      })
      expect(answer.status).toBe(200)
    }
    expect(server.counted()).toBe(2)
  })

  it("takes the Host for its own origin, whatever the scheme that a proxy speaks, and the scheme's own port", async () => {
    const server = await startTestServer()
    const statusOf = async (host: string, origin: string) => {
      const headers = { ...cookie, 'Content-Type': 'application/json', Host: host, Origin: origin }
      return (await send(server, '/graphql', { method: 'POST', headers, body: mutation })).status
    }
    expect(await statusOf('api.example', 'https://api.example')).toBe(200)
    expect(await statusOf('api.example:443', 'https://api.example')).toBe(200)
    expect(await statusOf('api.example', 'https://api.example:8443')).toBe(403)
    expect(await statusOf('api.example', 'https://api.example.evil.example')).toBe(403)
  })

  it('says which header is missing', async () => {
    const { url } = await startTestServer()
    const response = await fetch(url + query, { headers: cookie })
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({
      errors: [{ message: expect.stringContaining('x-refract-csrf'), extensions: { code: 'FORBIDDEN' } }],
    })
  })
})

describe('without a cookie', () => {
  it('a GET that nothing shows to be a program is refused in production', async () => {
    const open = await startTestServer()
    const closed = await startTestServer({ isProduction: true })
    expect((await send(closed, query)).status).toBe(403)
    for (const accept of ['*/*', 'image/avif,image/webp,*/*', 'text/html,*/*']) {
      expect((await send(closed, query, { headers: { Accept: accept } })).status).toBe(403)
    }
    expect((await send(open, query)).status).toBe(200)
    for (const accept of ['application/json', 'application/graphql-response+json, */*;q=0.5']) {
      expect((await send(closed, query, { headers: { Accept: accept } })).status).toBe(200)
    }
    expect((await send(closed, query, { headers: { 'Sec-Fetch-Mode': 'cors' } })).status).toBe(200)
    expect((await send(closed, query, { headers: { 'X-Requested-With': 'x' } })).status).toBe(200)
  })

  it('the origin does not matter: an answer that nobody may read is nobody to be feared', async () => {
    const { url } = await startTestServer({ isProduction: true })
    const answer = await graphqlFetch(url, '{ hello }', {}, { Origin: 'https://evil.example' })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('other origins (attack: CORS)', () => {
  const preflight = (server: TestServer, origin: string, path = '/graphql') =>
    send(server, path, {
      method: 'OPTIONS',
      headers: { ...cookie, Origin: origin, 'Access-Control-Request-Method': 'POST' },
    })
  const corsHeaders = ({ headers }: Answer) =>
    Object.keys(headers).filter(name => name.startsWith('access-control'))

  it.each([
    'https://evil.example',
    'null',
    'https://app.example.evil.example',
    'http://app.example',
    'https://APP.example',
  ])('get no headers: %s', async origin => {
    const server = await startTestServer({ corsOrigins: ['https://app.example'] })
    expect(corsHeaders(await preflight(server, origin))).toEqual([])
    const answer = await send(server, '/graphql', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: origin },
      body: mutation,
    })
    expect(corsHeaders(answer)).toEqual([])
  })

  it('in the list may send cookies, the headers of the usual clients, and read what limits them', async () => {
    const server = await startTestServer({ corsOrigins: ['https://app.example'] })
    const { status, headers } = await preflight(server, 'https://app.example')
    expect(status).toBe(204)
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'https://app.example',
      'access-control-allow-credentials': 'true',
    })
    const allowed = String(headers['access-control-allow-headers']).toLowerCase()
    for (const name of [
      'authorization',
      'content-type',
      'x-requested-with',
      'apollo-require-preflight',
      'x-refract-csrf',
    ]) {
      expect(allowed).toContain(name)
    }
    expect(allowed).not.toContain('secret')
    const answer = await send(server, query, { headers: { Origin: 'https://app.example' } })
    expect(answer.headers['access-control-expose-headers']).toContain('RateLimit-Remaining')
  })

  it('may all read without cookies, where the list has an asterisk, and none with them', async () => {
    const server = await startTestServer({ corsOrigins: ['*', 'https://app.example'] })
    const any = await preflight(server, 'https://other.example')
    expect(any.headers['access-control-allow-origin']).toBe('*')
    expect(any.headers['access-control-allow-credentials']).toBeUndefined()
    const listed = await preflight(server, 'https://app.example')
    expect(listed.headers['access-control-allow-credentials']).toBe('true')
    const withCookie = await send(server, '/graphql', {
      method: 'POST',
      headers: { ...cookie, 'Content-Type': 'application/json', Origin: 'https://other.example' },
      body: mutation,
    })
    expect(withCookie.status).toBe(403)
    expect((await preflight(server, '*')).headers['access-control-allow-credentials']).toBeUndefined()
  })

  it("may call the project's own routes, too", async () => {
    const server = await startTestServer({
      corsOrigins: ['https://app.example'],
      routes: { '/api/auth': async (_request, response) => void response.end('{}') },
    })
    expect((await preflight(server, 'https://app.example', '/api/auth/session')).status).toBe(204)
    expect(corsHeaders(await preflight(server, 'https://evil.example', '/api/auth/session'))).toEqual([])
  })
})

describe('the hosts that requests may name', () => {
  const statusOf = async (server: TestServer, host: string, path = query) =>
    (await send(server, path, { headers: { Host: host } })).status

  it('are all, without a list', async () => {
    const server = await startTestServer()
    expect(await statusOf(server, 'anything.example')).toBe(200)
  })

  it('are those in the list, whatever the port, the case and the dot at the end', async () => {
    const server = await startTestServer({ allowedHosts: ['api.example', '.app.example', '::1'] })
    for (const host of [
      'api.example',
      'API.example:8080',
      'api.example.',
      'app.example',
      'a.b.app.example',
      '[::1]:4000',
    ]) {
      expect(await statusOf(server, host)).toBe(200)
    }
    for (const host of [
      'evil.example',
      'xapi.example',
      'evilapp.example',
      'api.example.evil.example',
      '127.0.0.1',
    ]) {
      expect(await statusOf(server, host)).toBe(421)
    }
  })

  it('include every address where the server listens on every address', async () => {
    const server = await startTestServer({ allowedHosts: ['localhost', '0.0.0.0'] })
    expect(await statusOf(server, '192.168.1.5:4000')).toBe(200)
    expect(await statusOf(server, 'evil.example')).toBe(421)
  })

  it('do not matter to probes, which call a server by its address', async () => {
    const server = await startTestServer({ allowedHosts: ['api.example'] })
    expect(await statusOf(server, '10.0.0.7:4000', '/health/ready')).toBe(200)
  })

  it('are said to be missing', async () => {
    const server = await startTestServer({ allowedHosts: ['api.example'] })
    expect(await send(server, query, { headers: { Host: 'evil.example' } })).toMatchObject({
      status: 421,
      code: 'BAD_REQUEST',
    })
  })
})
