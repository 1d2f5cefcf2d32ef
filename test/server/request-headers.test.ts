import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createRequestHeaders } from '../../src/server/request-headers.ts'

/** The headers of a request with the given lines. */
async function receive(lines: readonly string[]): Promise<() => Headers> {
  const server = createServer((_request, response) => response.end()).listen(0, '127.0.0.1')
  onTestFinished(async () => {
    server.close()
    await once(server, 'close')
  })
  await once(server, 'listening')
  const received = once(server, 'request')
  const socket = connect((server.address() as { port: number }).port, '127.0.0.1')
  socket.end(['GET / HTTP/1.1', 'Host: x', 'Connection: close', ...lines, '', ''].join('\r\n'), 'latin1')
  const [request] = (await received) as [IncomingMessage]
  return () => createRequestHeaders(request)
}

const lines = [
  'X-One:  1 ',
  'Authorization: Bearer a',
  'Authorization: Bearer b',
  'Cookie: a=1',
  'Cookie: b=2',
  'X-Many: 1',
  'x-many: 2',
  'Set-Cookie: c=3',
  'Set-Cookie: d=4',
  'X-Name: Z\u00fcrich',
]

/** What a Headers has to have that all of it was put into. */
const expected: Readonly<Record<string, string>> = {
  'x-one': '1',
  authorization: 'Bearer a, Bearer b',
  cookie: 'a=1; b=2',
  'x-many': '1, 2',
  host: 'x',
  connection: 'close',
  'x-name': 'Z\u00fcrich',
}

describe('the headers of a request', () => {
  it('are there one by one, however they came, with and without all of them', async () => {
    const headersOf = await receive(lines)
    const filled = headersOf()
    expect(filled.getSetCookie()).toEqual(['c=3', 'd=4'])
    for (const headers of [headersOf(), filled, new Headers(headersOf())]) {
      for (const [name, value] of Object.entries(expected)) {
        expect(headers.get(name.toUpperCase())).toBe(value)
        expect(headers.has(name)).toBe(true)
      }
      for (const name of ['x-none', 'constructor', '__proto__', 'toString']) {
        expect(headers.get(name)).toBeNull()
        expect(headers.has(name)).toBe(false)
      }
    }
  })

  it('are there all together, and can be copied', async () => {
    const headersOf = await receive(lines)
    const all = [...Object.entries(expected), ['set-cookie', 'c=3'], ['set-cookie', 'd=4']].sort()
    const ways: readonly ((headers: Headers) => Iterable<readonly [string, string]>)[] = [
      headers => headers,
      headers => headers.entries(),
      headers => new Headers(headers),
      headers => new Request('http://x', { headers }).headers,
      headers => [...headers.keys()].map((name, index) => [name, [...headers.values()][index] as string]),
      headers => {
        const seen: [string, string][] = []
        headers.forEach((value, name) => {
          seen.push([name, value])
        })
        return seen
      },
    ]
    for (const way of ways) expect([...way(headersOf())].sort()).toEqual(all)
  })

  it('can be changed as any', async () => {
    const headersOf = await receive(lines)
    const headers = headersOf()
    headers.set('X-One', '2')
    headers.append('X-Many', '3')
    headers.delete('Cookie')
    expect([headers.get('x-one'), headers.get('x-many'), headers.get('cookie')]).toEqual([
      '2',
      '1, 2, 3',
      null,
    ])
    expect(headersOf().get('x-one')).toBe('1')
  })
})
