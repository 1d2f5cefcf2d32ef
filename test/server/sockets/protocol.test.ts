import { describe, expect, it } from 'vitest'
import { openSocket, startSocketServer } from './socket-server.ts'

describe('a WebSocket', () => {
  it('gives the events of a subscription, and its end', async () => {
    const { socketUrl, events } = await startSocketServer()
    const client = await openSocket(socketUrl)
    await client.init()
    client.send({ id: '1', type: 'subscribe', payload: { query: 'subscription { events }' } })
    await events.until(1)
    events.send('one')
    events.send('two')
    events.end()
    await client.message({ type: 'complete', id: '1' })
    expect(client.messages.slice(1)).toEqual([
      { id: '1', type: 'next', payload: { data: { events: 'one' } } },
      { id: '1', type: 'next', payload: { data: { events: 'two' } } },
      { id: '1', type: 'complete' },
    ])
  })

  it('runs queries and mutations', async () => {
    const { socketUrl, counted } = await startSocketServer({ isCostAnnounced: false })
    const client = await openSocket(socketUrl)
    await client.init()
    client.send({ id: 'a', type: 'subscribe', payload: { query: '{ hello }' } })
    client.send({ id: 'b', type: 'subscribe', payload: { query: 'mutation { count }' } })
    await client.message({ type: 'complete', id: 'a' })
    await client.message({ type: 'complete', id: 'b' })
    expect(client.messages).toEqual(
      expect.arrayContaining([
        { id: 'a', type: 'next', payload: { data: { hello: 'Hello world' } } },
        { id: 'b', type: 'next', payload: { data: { count: 1 } } },
      ]),
    )
    expect(counted()).toBe(1)
  })

  it('ends a subscription that its client completes, though no event comes', async () => {
    const { socketUrl, events } = await startSocketServer()
    const client = await openSocket(socketUrl)
    await client.init()
    client.send({ id: '1', type: 'subscribe', payload: { query: 'subscription { events }' } })
    await events.until(1)
    client.send({ id: '1', type: 'complete' })
    await events.until(0)
    expect(client.messages).toEqual([{ type: 'connection_ack' }])
  })

  it('ends the subscriptions of a client that has gone', async () => {
    const { socketUrl, events } = await startSocketServer()
    const client = await openSocket(socketUrl)
    await client.init()
    client.send({ id: '1', type: 'subscribe', payload: { query: 'subscription { events }' } })
    await events.until(1)
    client.socket.terminate()
    await events.until(0)
  })

  it('answers pings of both kinds', async () => {
    const { socketUrl } = await startSocketServer()
    const client = await openSocket(socketUrl)
    const pong = new Promise(resolve => client.socket.once('pong', resolve))
    client.socket.ping()
    await pong
    client.send({ type: 'ping', payload: { at: 1 } })
    expect(await client.message({ type: 'pong' })).toEqual({ type: 'pong', payload: { at: 1 } })
  })

  const subscribe = { id: '1', type: 'subscribe', payload: { query: 'subscription { events }' } }

  it.each([
    ['not JSON', 4400, ['no JSON']],
    ['no object', 4400, ['[]']],
    ['of no type', 4400, ['{"id":"1"}']],
    [
      'of a type that is the server’s',
      4400,
      [{ type: 'connection_init' }, { type: 'next', id: '1', payload: {} }],
    ],
    ['of an unknown type', 4400, [{ type: 'start', id: '1' }]],
    [
      'without an id',
      4400,
      [{ type: 'connection_init' }, { type: 'subscribe', payload: { query: '{ hello }' } }],
    ],
    ['with an id that is no text', 4400, ['{"type":"complete","id":1}']],
    ['without a query', 4400, [{ type: 'connection_init' }, { id: '1', type: 'subscribe', payload: {} }]],
    [
      'whose variables are a list',
      4400,
      [
        { type: 'connection_init' },
        { id: '1', type: 'subscribe', payload: { query: '{ hello }', variables: [] } },
      ],
    ],
    [
      'that nests too deep',
      4400,
      [`{"type":"connection_init","payload":${'['.repeat(300)}${']'.repeat(300)}}`],
    ],
    ['before connection_init', 4401, [subscribe]],
    ['with an id that is in use', 4409, [{ type: 'connection_init' }, subscribe, subscribe]],
    ['that is a second connection_init', 4429, [{ type: 'connection_init' }, { type: 'connection_init' }]],
    ['that is too large', 1009, [`"${'x'.repeat(131_072)}"`]],
  ])('is closed by a message %s: %i', async (_which, code, messages) => {
    const { socketUrl } = await startSocketServer()
    const client = await openSocket(socketUrl)
    for (const [index, message] of messages.entries()) {
      client.send(message)
      if (index === 0 && messages.length > 1) await client.message({ type: 'connection_ack' })
    }
    expect(await client.closed).toMatchObject({ code })
  })

  it('is closed by a binary message: 4400', async () => {
    const { socketUrl } = await startSocketServer()
    const client = await openSocket(socketUrl)
    client.socket.send(Buffer.from('{"type":"connection_init"}'))
    expect(await client.closed).toEqual({ code: 4400, reason: 'Invalid message received' })
  })

  it.each([[[]], [['graphql-ws']]])('is closed that offers the protocols %j: 4406', async protocols => {
    const { socketUrl } = await startSocketServer()
    expect(await closingOf(socketUrl, protocols)).toBe(4406)
  })

  it('is closed that says nothing in time: 4408', async () => {
    const { socketUrl } = await startSocketServer({ connections: { initMilliseconds: 50 } })
    const client = await openSocket(socketUrl)
    expect(await client.closed).toEqual({ code: 4408, reason: 'Connection initialisation timeout' })
  })

  it('is closed by too many messages: 1008', async () => {
    const { socketUrl } = await startSocketServer({ connections: { messagesPerSecond: 2 } })
    const client = await openSocket(socketUrl)
    for (let sent = 0; sent < 11; sent++) client.send({ type: 'ping' })
    expect(await client.closed).toEqual({ code: 1008, reason: 'Too many messages' })
  })

  it('is cut off when it does not answer pings', async () => {
    const { socketUrl, line } = await startSocketServer({ connections: { pingMilliseconds: 50 } })
    const client = await openSocket(socketUrl)
    client.socket.pause()
    await line(/WS \/graphql closed 1006/)
  })
})

/** The code that a server closes with where it takes none of the protocols: the client itself would not go on. */
async function closingOf(url: string, protocols: readonly string[]): Promise<number> {
  const { get } = await import('node:http')
  return await new Promise((resolve, reject) => {
    const headers = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      ...(protocols.length > 0 ? { 'Sec-WebSocket-Protocol': protocols.join(', ') } : {}),
    }
    get(url.replace('ws', 'http'), { headers }, reject)
      .on('error', reject)
      .on('upgrade', (_response, socket, head) => {
        const read = (frame: Buffer) => resolve(frame.readUInt16BE(2))
        if (head.length > 0) read(head)
        else socket.once('data', read)
        socket.once('data', () => socket.destroy())
      })
  })
}
