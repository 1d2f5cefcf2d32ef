import { connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { administrator } from '../../../src/engine/index.ts'
import { createCounterStore, createRateLimiter } from '../../../src/limits/index.ts'
import { silentLog } from '../../../src/observe/log.ts'
import { openSocket, refusalOf, startSocketServer } from './socket-server.ts'

const evil = 'https://evil.example'

describe('a WebSocket is refused before it is one', () => {
  it.each([
    ['of another origin', { Origin: evil }],
    ['of another origin, with a cookie', { Origin: evil, Cookie: 'session=1' }],
    ['of no origin', { Origin: 'null' }],
    ['of no origin, with a cookie', { Origin: 'null', Cookie: 'session=1' }],
    ['of an origin that only begins alike', { Origin: 'https://app.example.com.evil.example' }],
    ['of another port', { Origin: 'http://localhost:1' }],
  ])('to a page %s (attack: cross-site WebSocket)', async (_who, headers) => {
    const { socketUrl, line } = await startSocketServer({ corsOrigins: ['https://app.example.com', '*'] })
    expect(await refusalOf(socketUrl, { headers })).toEqual({ status: 403, code: 'FORBIDDEN' })
    await line(/GET \/graphql 403 .*FORBIDDEN/)
  })

  it('and not to its own pages, those of the list, and programs', async () => {
    const { socketUrl, port } = await startSocketServer({
      corsOrigins: ['https://app.example.com'],
      publicUrl: 'https://api.example.com',
    })
    const origins = [`http://localhost:${port}`, 'https://app.example.com', 'https://api.example.com']
    for (const Origin of origins) await (await openSocket(socketUrl, { headers: { Origin } })).init()
    await (await openSocket(socketUrl)).init()
  })

  it('for a host that is not served', async () => {
    const { socketUrl } = await startSocketServer({ allowedHosts: ['api.example.com', 'localhost'] })
    const headers = { Host: 'rebound.example' }
    expect(await refusalOf(socketUrl, { headers })).toEqual({ status: 421, code: 'BAD_REQUEST' })
    await (await openSocket(socketUrl)).init()
  })

  it('at another path', async () => {
    const { url } = await startSocketServer()
    const socketUrl = `${url.replace('http', 'ws')}/health/live`
    expect(await refusalOf(socketUrl)).toEqual({ status: 404, code: 'NOT_FOUND' })
  })

  it('while the API is closed, but for administrators', async () => {
    const { socketUrl } = await startSocketServer({
      access: 'nobody',
      identify: async ({ requestHeaders }) => (requestHeaders.has('x-admin') ? administrator : anyone),
    })
    expect(await refusalOf(socketUrl)).toEqual({ status: 403, code: 'FORBIDDEN' })
    const client = await openSocket(socketUrl, { headers: { 'X-Admin': '1' } })
    await client.init()
    client.send({ id: '1', type: 'subscribe', payload: { query: '{ hello }' } })
    await client.message({ type: 'next', id: '1' })
  })

  it('from an address with too many, until one ends', async () => {
    const { socketUrl, line } = await startSocketServer({ connections: { connectionsPerAddress: 2 } })
    const first = await openSocket(socketUrl)
    await openSocket(socketUrl)
    expect(await refusalOf(socketUrl)).toEqual({ status: 429, code: 'RATE_LIMITED' })
    first.socket.close()
    await line(/closed 1005/)
    await openSocket(socketUrl)
  })

  it('to a process with too many, whoever asks, until one ends', async () => {
    const { socketUrl, line } = await startSocketServer({ connections: { connections: 2 } })
    const first = await openSocket(socketUrl)
    await openSocket(socketUrl)
    expect(await refusalOf(socketUrl)).toEqual({ status: 503, code: 'UNAVAILABLE' })
    await line(/GET \/graphql 503 .*UNAVAILABLE/)
    first.socket.close()
    await line(/closed 1005/)
    await openSocket(socketUrl)
    expect(await refusalOf(socketUrl)).toEqual({ status: 503, code: 'UNAVAILABLE' })
  })

  it('from an address that has spent its points; each one costs a point', async () => {
    const store = await createCounterStore({ log: silentLog })
    onTestFinished(() => store.close())
    const rateLimiter = createRateLimiter({ store, points: 2, seconds: 60 })
    const { socketUrl } = await startSocketServer({ rateLimiter })
    await openSocket(socketUrl)
    await openSocket(socketUrl)
    expect(await refusalOf(socketUrl)).toEqual({ status: 429, code: 'RATE_LIMITED' })
  })
})

describe('a request that offers another protocol', () => {
  it.each([
    ['GET', '/graphql?query=%7Bhello%7D', ''],
    ['POST', '/graphql', '{"query":"{ hello }"}'],
  ])('is served as if it did not: %s', async (method, path, body) => {
    const { port } = await startSocketServer({ isCostAnnounced: false })
    const answer = await exchange(port, [
      `${method} ${path} HTTP/1.1`,
      `Host: localhost:${port}`,
      'Connection: Upgrade, HTTP2-Settings',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAAQAAP__',
      'Accept: application/json',
      ...(body ? ['Content-Type: application/json', `Content-Length: ${body.length}`] : []),
      '',
      body,
    ])
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/)
    expect(answer).toContain('{"data":{"hello":"Hello world"}}')
  })
})

const anyone = { id: null, roles: [], isAdministrator: false, claims: {} }

it('a connection may offer another protocol with each of its requests', async () => {
  const warnings: string[] = []
  const warn = (warning: Error) => warnings.push(warning.message)
  process.on('warning', warn)
  onTestFinished(() => void process.off('warning', warn))
  const { port } = await startSocketServer()
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  const request = [
    'GET /health/live HTTP/1.1',
    `Host: localhost:${port}`,
    'Connection: Upgrade, HTTP2-Settings',
    'Upgrade: h2c',
    'HTTP2-Settings: AAMAAABkAAQAAP__',
    '\r\n',
  ].join('\r\n')
  for (let sent = 0; sent < 20; sent++) {
    const answered = new Promise(resolve => socket.once('data', resolve))
    socket.write(request)
    expect(String(await answered)).toMatch(/^HTTP\/1\.1 200 OK/)
  }
  // they are emitted in a turn of their own
  await new Promise(resolve => setImmediate(resolve))
  expect(warnings).toEqual([])
})

/** Sends lines to a port and returns what comes back, up to the end of its JSON. */
function exchange(port: number, lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(lines.join('\r\n')))
    onTestFinished(() => void socket.destroy())
    socket.on('data', chunk => {
      answer += chunk
      if (answer.endsWith('}')) resolve(answer)
    })
    socket.on('error', reject)
    socket.on('end', () => resolve(answer))
  })
}
