import { connect } from 'node:net'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { graphqlFetch, readAnswer } from '../support/http.ts'
import { startTestServer } from './test-server.ts'

const mutation = JSON.stringify({ query: 'mutation { count }' })

async function post(url: string, headers: Readonly<Record<string, string>>, body: BodyInit = mutation) {
  return readAnswer(await fetch(`${url}/graphql`, { method: 'POST', headers, body }))
}

describe('what a request may be', () => {
  it('answers an operation', async () => {
    const { url } = await startTestServer()
    const answer = await graphqlFetch(url, 'query Greet($name: String) { hello(name: $name) }', {
      name: 'Ada',
    })
    expect(answer).toMatchObject({ status: 200, data: { hello: 'Hello Ada' }, errors: [] })
  })

  it.each([
    ['a form', 'application/x-www-form-urlencoded', 'query=mutation%20%7B%20count%20%7D'],
    ['a multipart form', 'multipart/form-data; boundary=x', '--x--'],
    ['plain text', 'text/plain', mutation],
    ['plain text that mentions JSON', 'text/plain; application/json', mutation],
    ['two media types', 'text/plain, application/json', mutation],
    ['a bare document', 'application/graphql', 'mutation { count }'],
    ['UTF-7 (attack: bodies)', 'application/json; charset=utf-7', mutation],
    ['Latin-1', 'application/json; Charset="ISO-8859-1"', mutation],
  ])('refuses %s with 415 and no side effect', async (_name, contentType, body) => {
    const server = await startTestServer()
    const answer = await post(server.url, { 'Content-Type': contentType }, body)
    expect(answer.status).toBe(415)
    expect(answer.errors[0]?.extensions.code).toBe('UNSUPPORTED_MEDIA_TYPE')
    expect(server.counted()).toBe(0)
  })

  it('refuses a body without a media type', async () => {
    const server = await startTestServer()
    const answer = await post(server.url, {}, new Blob([mutation]))
    expect(answer.status).toBe(415)
    expect(server.counted()).toBe(0)
  })

  it.each(['gzip', 'br', 'deflate', 'gzip, identity'])('refuses Content-Encoding: %s', async encoding => {
    const server = await startTestServer()
    const answer = await post(
      server.url,
      { 'Content-Type': 'application/json', 'Content-Encoding': encoding },
      gzipSync(mutation),
    )
    expect(answer.status).toBe(415)
    expect(server.counted()).toBe(0)
  })

  it('accepts UTF-8 however it is spelled', async () => {
    const server = await startTestServer()
    const answer = await post(server.url, { 'Content-Type': 'Application/JSON; charset="UTF-8"' })
    expect(answer).toMatchObject({ status: 200, data: { count: 1 } })
  })

  it('refuses a mutation by GET', async () => {
    const server = await startTestServer()
    const answer = await readAnswer(await fetch(`${server.url}/graphql?query=mutation%7Bcount%7D`))
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('POST')
    expect(answer.errors[0]?.extensions.code).toBe('METHOD_NOT_ALLOWED')
    expect(server.counted()).toBe(0)
  })

  it('runs no mutation whose answer the Accept header forbids', async () => {
    const server = await startTestServer()
    const answer = await post(server.url, { 'Content-Type': 'application/json', Accept: 'image/png' })
    expect(answer.status).toBe(406)
    expect(server.counted()).toBe(0)
  })

  it('refuses an array of operations', async () => {
    const server = await startTestServer()
    const answer = await post(server.url, { 'Content-Type': 'application/json' }, `[${mutation}]`)
    expect(answer.status).toBe(400)
    expect(server.counted()).toBe(0)
  })

  it.each(['{', '', '"text"', 'null', '1', '{"query": 1}', '{"query": "{ hello }", "variables": []}'])(
    'refuses the body %j with 400',
    async body => {
      const { url } = await startTestServer()
      expect((await post(url, { 'Content-Type': 'application/json' }, body)).status).toBe(400)
    },
  )

  it('refuses bytes that are not UTF-8', async () => {
    const { url } = await startTestServer()
    const body = new Uint8Array([
      ...Buffer.from('{"query":"{ hello(name: \\"'),
      0xff,
      ...Buffer.from('\\") }"}'),
    ])
    expect((await post(url, { 'Content-Type': 'application/json' }, body)).status).toBe(400)
  })

  it.each(['variables={', 'extensions=nonsense', 'variables=[[1]', `variables=${'['.repeat(1_000)}`])(
    'refuses the query string %j with 400',
    async parameter => {
      const { url } = await startTestServer()
      const response = await fetch(`${url}/graphql?query={hello}&${parameter}`)
      expect(response.status).toBe(400)
    },
  )
})

describe('how large and how slow a request may be', () => {
  const json = { 'Content-Type': 'application/json' }

  it('refuses 5 MB with 413 (attack: bodies)', async () => {
    const { url } = await startTestServer()
    const answer = await post(url, json, JSON.stringify({ query: '{ hello }', pad: 'x'.repeat(5_000_000) }))
    expect(answer.status).toBe(413)
    expect(answer.errors[0]).toMatchObject({
      message: expect.stringContaining('1048576 bytes'),
      extensions: { code: 'PAYLOAD_TOO_LARGE' },
    })
  })

  it('refuses 5 MB that come in pieces, without a length, with 413', async () => {
    const { url } = await startTestServer()
    const pieces = new ReadableStream({
      start(controller) {
        for (let piece = 0; piece < 50; piece++) {
          controller.enqueue(new Uint8Array(100_000))
        }
        controller.close()
      },
    })
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: json,
      body: pieces,
      duplex: 'half',
    } as RequestInit)
    expect(response.status).toBe(413)
  })

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
  ])('refuses a bomb in %s with 413 (attack: bodies)', async (encoding, compress) => {
    const server = await startTestServer()
    const bomb = compress(Buffer.alloc(200_000_000, ' '))
    expect(bomb.length).toBeLessThan(1_048_576)
    const before = process.memoryUsage.rss()
    const answer = await post(server.url, { ...json, 'Content-Encoding': encoding }, bomb)
    expect(answer.status).toBe(413)
    expect(answer.errors[0]?.extensions.code).toBe('PAYLOAD_TOO_LARGE')
    expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000)
  })

  it('goes on serving after it refused a large body', async () => {
    const { url } = await startTestServer()
    await post(url, json, 'x'.repeat(2_000_000))
    expect((await graphqlFetch(url, '{ hello }')).status).toBe(200)
  })

  it('gives up on a slow body with 408 (attack: bodies)', async () => {
    const { port } = await startTestServer({ limits: { requestMilliseconds: 200 } })
    const answer = await sendRaw(
      port,
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"que',
    )
    expect(answer).toMatch(/^HTTP\/1\.1 408 .*"REQUEST_TIMEOUT"/s)
  })

  it('gives up on slow headers with 408', async () => {
    const { port } = await startTestServer({ limits: { headersMilliseconds: 200 } })
    const answer = await sendRaw(port, 'POST /graphql HTTP/1.1\r\nHost: x\r\nX-Slow: ')
    expect(answer).toMatch(/^HTTP\/1\.1 408 .*"REQUEST_TIMEOUT"/s)
  })

  it('answers what is not HTTP with 400', async () => {
    const { port } = await startTestServer()
    expect(await sendRaw(port, 'GARBAGE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*"BAD_REQUEST"/s)
  })

  it.each(['%%%', 'a b', '[::1', 'x:99999999', 'x/y', 'user@x'])(
    'answers the host %j with 400',
    async host => {
      const { port } = await startTestServer({ isProduction: true })
      const answer = await sendRaw(
        port,
        `POST /graphql HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`,
      )
      expect(answer).toMatch(/^HTTP\/1\.1 400 .*"BAD_REQUEST"/s)
      expect(answer).not.toContain('node_modules')
    },
  )

  it.each(['localhost:4000', '[::1]:80', '10.0.0.1', 'a_b.example'])('takes the host %j', async host => {
    const { port } = await startTestServer()
    const answer = await sendRaw(
      port,
      `GET /graphql?query=%7Bnothing%7D HTTP/1.1\r\nHost: ${host}\r\nAccept: application/json\r\n\r\n`,
    )
    expect(answer).toContain('GRAPHQL_VALIDATION_FAILED')
  })

  it('answers headers over 16 KB with 431', async () => {
    const { port } = await startTestServer()
    const answer = await sendRaw(port, `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 431 /)
  })
})

describe('other origins', () => {
  const fromPage = (origin: string) => ({ 'Content-Type': 'application/json', Origin: origin })

  it('lets no page read an answer by default', async () => {
    const { url } = await startTestServer()
    const answer = await graphqlFetch(url, '{ hello }', {}, { Origin: 'https://evil.example' })
    expect([...answer.headers.keys()].filter(name => name.startsWith('access-control'))).toEqual([])
    const preflight = await fetch(`${url}/graphql`, {
      method: 'OPTIONS',
      headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' },
    })
    expect(preflight.status).toBe(405)
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('lets the configured origins in, and no others', async () => {
    const { url } = await startTestServer({ corsOrigins: ['https://app.example'] })
    const friend = await graphqlFetch(url, '{ hello }', {}, fromPage('https://app.example'))
    expect(friend.headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(friend.headers.get('access-control-allow-credentials')).toBe('true')
    expect(friend.headers.get('vary')).toContain('Origin')
    for (const origin of ['https://evil.example', 'null', 'https://app.example.evil.example']) {
      const answer = await graphqlFetch(url, '{ hello }', {}, fromPage(origin))
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  it('answers the preflight of a configured origin', async () => {
    const { url } = await startTestServer({ corsOrigins: ['https://app.example'] })
    const preflight = await fetch(`${url}/graphql`, {
      method: 'OPTIONS',
      headers: { Origin: 'https://app.example', 'Access-Control-Request-Method': 'POST' },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, POST')
  })
})

describe('every response', () => {
  it('carries the request id that came, when it is plain', async () => {
    const { url } = await startTestServer({
      createContext: ({ http }) => ({ givenRequestId: http.requestId }),
    })
    const answer = await graphqlFetch(url, '{ requestId }', {}, { 'X-Request-Id': 'trace-1.2:3' })
    expect(answer.headers.get('x-request-id')).toBe('trace-1.2:3')
    expect(answer.data).toEqual({ requestId: 'trace-1.2:3' })
  })

  it.each(['a b', '\u202etxet', 'x'.repeat(129), ''])('gets a new id instead of %j', async id => {
    const { url } = await startTestServer()
    const answer = await graphqlFetch(
      url,
      '{ hello }',
      {},
      { 'X-Request-Id': Buffer.from(id).toString('latin1') },
    )
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('is not to be stored or sniffed', async () => {
    const { url } = await startTestServer()
    const { headers } = await graphqlFetch(url, '{ hello }')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('is 404 where nothing is served', async () => {
    const { url } = await startTestServer()
    for (const path of ['/nothing', '/constructor', '/__proto__', '/graphql/more', '//graphql']) {
      const answer = await readAnswer(await fetch(url + path))
      expect(answer.status).toBe(404)
      expect(answer.errors[0]?.extensions.code).toBe('NOT_FOUND')
    }
  })

  it('comes from the schema of the moment', async () => {
    const { createTestSchema } = await import('./test-server.ts')
    let greeting = 'old'
    const make = () => {
      const answer = greeting
      return createTestSchema({ 'Query.hello': () => answer })
    }
    let schema = make()
    const { url } = await startTestServer({ schema: () => schema })
    expect((await graphqlFetch(url, '{ hello }')).data).toEqual({ hello: 'old' })
    greeting = 'new'
    schema = make()
    expect((await graphqlFetch(url, '{ hello }')).data).toEqual({ hello: 'new' })
  })
})

/** Sends bytes as they are and returns everything that comes back until the server closes the connection. */
function sendRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    socket.on('data', chunk => {
      answer += chunk
      if (answer.includes('}]}')) {
        socket.destroy()
      }
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}
