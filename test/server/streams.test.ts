import { get } from 'node:http'
import { connect } from 'node:net'
import { createClient } from 'graphql-sse'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createViewer } from '../../src/engine/index.ts'
import { graphqlFetch } from '../support/http.ts'
import { type SocketServer, startSocketServer } from './sockets/socket-server.ts'

const query = 'subscription { events }'
const eventStream = { Accept: 'text/event-stream' }

/** Opens a stream of events; the text that came so far, and its end. */
async function openStream(server: SocketServer, init: RequestInit & { readonly path?: string } = {}) {
  const { path = '/graphql', headers, ...rest } = init
  const leaving = new AbortController()
  onTestFinished(() => leaving.abort())
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { ...eventStream, 'Content-Type': 'application/json', ...headers },
    signal: leaving.signal,
    ...(rest.method === 'GET' ? {} : { body: JSON.stringify({ query }) }),
    ...rest,
  })
  let text = ''
  const read = async () => {
    const decoder = new TextDecoder()
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>)
      text += decoder.decode(chunk)
    return text
  }
  const ended = read()
  ended.catch(() => undefined)
  return { response, ended, text: () => text, leave: () => leaving.abort() }
}

describe('a subscription over HTTP', () => {
  it.each([
    ['POST', {}],
    ['GET', { method: 'GET', path: `/graphql?query=${encodeURIComponent(query)}` }],
  ])('is a stream of events, kept open by comments: %s', async (_method, init) => {
    const server = await startSocketServer({ isProduction: true })
    const { response, ended, text } = await openStream(server, init)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(response.headers.get('x-accel-buffering')).toBe('no')
    await server.events.until(1)
    await expect.poll(text).toMatch(/^:\n\n(.|\n)*:\n\n/)
    server.events.send('one')
    server.events.end()
    expect((await ended).replaceAll(/^:\n\n/gm, '')).toBe(
      'event: next\ndata: {"data":{"events":"one"}}\n\nevent: complete\ndata:\n\n',
    )
    await server.line(/200.*subscription/)
  })

  it('ends with its client', async () => {
    const server = await startSocketServer()
    const { leave } = await openStream(server)
    await server.events.until(1)
    leave()
    await server.events.until(0)
  })

  it.each(['application/json', 'application/graphql-response+json'])(
    'is refused before it begins where its client takes no stream but %s',
    async Accept => {
      const server = await startSocketServer()
      const answer = await graphqlFetch(server.url, query, {}, { Accept })
      expect(answer).toMatchObject({ status: 400, errors: [{ extensions: { code: 'BAD_REQUEST' } }] })
      expect(answer.errors[0]?.message).toContain('text/event-stream')
      expect(server.events.readers).toBe(0)
    },
  )

  it('has the limits of its viewer, with those on sockets', async () => {
    const server = await startSocketServer({ connections: { viewerSubscriptions: 1 } })
    await openStream(server)
    await server.events.until(1)
    const { response, ended } = await openStream(server)
    expect(response.status).toBe(429)
    expect(await ended).toContain('RATE_LIMITED')
  })

  it('tells nothing of the inside', async () => {
    const server = await startSocketServer({ isProduction: true })
    const { text } = await openStream(server, { body: JSON.stringify({ query: 'subscription { faults }' }) })
    await server.events.until(1)
    server.events.send('one')
    await expect.poll(text).toContain('"message":"Internal server error"')
    expect(text()).not.toContain('secret')
    expect(text()).not.toContain('"http"')
  })

  it('ends with its credentials: with an error, and complete', async () => {
    let isSignedIn = true
    const viewer = createViewer({ id: 'ann' })
    const server = await startSocketServer({
      identify: async () => viewer,
      recheck: async credentials => credentials.map(() => (isSignedIn ? viewer : null)),
    })
    const { ended } = await openStream(server)
    await server.events.until(1)
    isSignedIn = false
    const text = await ended
    expect(text).toMatch(
      /event: next\ndata: \{"errors":\[\{"message":"The session or key[^\n]+UNAUTHENTICATED/,
    )
    expect(text).toMatch(/event: complete\ndata:\n\n$/)
    expect(server.events.readers).toBe(0)
  })

  it('ends with its token', async () => {
    const server = await startSocketServer({
      identify: async () => ({ viewer: createViewer({ id: 'ann' }), endsAt: Date.now() + 200 }),
    })
    const { ended } = await openStream(server)
    expect(await ended).toContain('The token of this connection has expired')
  })

  it('is cut off when its client stops reading (attack: slow subscriber)', async () => {
    const server = await startSocketServer({ connections: { stallMilliseconds: 300 } })
    const socket = connect(server.port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    const body = JSON.stringify({ query })
    socket.write(
      [
        'POST /graphql HTTP/1.1',
        `Host: localhost:${server.port}`,
        'Accept: text/event-stream',
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
        '',
        body,
      ].join('\r\n'),
    )
    await server.events.until(1)
    socket.pause()
    for (let sent = 0; server.events.readers > 0; sent++) {
      if (server.events.backlog < 200) server.events.send(`${sent} ${'x'.repeat(50_000)}`)
      await new Promise(resolve => setImmediate(resolve))
    }
    await server.line(/499.*subscription/)
  })

  it('is ended without complete when the server closes, at once', async () => {
    const server = await startSocketServer({ closeMilliseconds: 20_000 })
    const streams = await Promise.all(Array.from({ length: 20 }, () => openStream(server)))
    await server.events.until(20)
    server.events.send('one')
    await Promise.all(streams.map(({ text }) => expect.poll(text).toContain('one')))
    const startedAt = performance.now()
    await server.close()
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    for (const { ended } of streams) expect(await ended).not.toContain('complete')
    expect(server.events.readers).toBe(0)
  })
})

describe('graphql-sse’s client', () => {
  it('runs subscriptions, queries and mutations', async () => {
    const server = await startSocketServer({ isCostAnnounced: false })
    const client = createClient({ url: `${server.url}/graphql` })
    onTestFinished(() => client.dispose())
    const events = client.iterate({ query })
    const first = events.next()
    await server.events.until(1)
    server.events.send('one')
    expect(await first).toEqual({ done: false, value: { data: { events: 'one' } } })
    server.events.end()
    expect(await events.next()).toMatchObject({ done: true })
    const answer = client.iterate({ query: 'mutation { count }' })
    expect((await answer.next()).value).toEqual({ data: { count: 1 } })
  })

  it('comes back when the server has closed, and goes on elsewhere', async () => {
    const first = await startSocketServer()
    const second = await startSocketServer()
    let url = first.url
    const client = createClient({ url: () => `${url}/graphql`, retry: async () => undefined })
    onTestFinished(() => client.dispose())
    const events = client.iterate({ query })
    const received = events.next()
    await first.events.until(1)
    first.events.send('one')
    expect((await received).value).toMatchObject({ data: { events: 'one' } })
    const next = events.next()
    url = second.url
    await first.close()
    await second.events.until(1)
    second.events.send('two')
    expect((await next).value).toMatchObject({ data: { events: 'two' } })
  })
})

describe('a GET for a stream', () => {
  it.each<[status: number | undefined, headers: Record<string, string>]>([
    [200, eventStream],
    [403, {}],
    [403, { ...eventStream, Cookie: 'session=1' }],
    [403, { ...eventStream, Cookie: 'session=1', Origin: 'https://evil.example', 'Sec-Fetch-Mode': 'cors' }],
    [200, { ...eventStream, Cookie: 'session=1', 'Sec-Fetch-Site': 'same-origin' }],
  ])('is answered in production with %i that has %j', async (status, headers) => {
    const server = await startSocketServer({ isProduction: true, publicUrl: 'https://api.example.com' })
    // not by fetch, which says that it is no page
    const answered = await new Promise<number | undefined>((resolve, reject) => {
      get(`${server.url}/graphql?query=%7Bhello%7D`, { headers }, response => {
        response.resume()
        resolve(response.statusCode)
      }).on('error', reject)
    })
    expect(answered).toBe(status)
  })
})
