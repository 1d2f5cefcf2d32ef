import { describe, expect, it } from 'vitest'
import { openSocket, type RawClient, startSocketServer } from './socket-server.ts'

const limits = { bufferBytes: 100_000, stallMilliseconds: 300 }
const large = 'x'.repeat(50_000)

async function subscribe(client: RawClient): Promise<void> {
  await client.init()
  client.send({ id: '1', type: 'subscribe', payload: { query: 'subscription { events }' } })
}

/** Sends events until a reader has so many that it has not taken. */
async function fill(server: Awaited<ReturnType<typeof startSocketServer>>): Promise<number> {
  let sent = 0
  while (server.events.backlog < 100) {
    server.events.send(`${++sent} ${large}`)
    await new Promise(resolve => setImmediate(resolve))
    if (sent > 10_000) throw new Error('The client took everything.')
  }
  return sent
}

describe('a client that stops reading (attack: slow subscriber)', () => {
  it('gets no more events made for it, is closed with 4410 and where to go on, and harms nobody', async () => {
    const server = await startSocketServer({
      connections: limits,
      resumeCursorOf: ({ data }) => /^\d+/.exec(String(data?.events))?.[0],
    })
    const slow = await openSocket(server.socketUrl)
    await subscribe(slow)
    await server.events.until(1)
    slow.socket.pause()
    const startedAt = performance.now()
    const sent = await fill(server)
    const other = await openSocket(server.socketUrl)
    await subscribe(other)
    // its iterator is returned as soon as it is given up, not only when it has gone
    await server.line(/WS \/graphql 200 .*subscription/)
    expect(server.events.readers).toBe(1)
    expect(performance.now() - startedAt).toBeLessThan(5_000)
    server.events.send('after')
    expect(await other.message({ type: 'next' })).toMatchObject({ payload: { data: { events: 'after' } } })
    slow.socket.resume()
    const { code, reason } = await slow.closed
    expect(code).toBe(4410)
    expect(reason).toMatch(/^Too slow: resume after \d+$/)
    // what it has got is all that there was up to the cursor, and perhaps some more
    const got = slow.messages.filter(({ type }) => type === 'next').length
    const cursor = Number(reason.split(' ').at(-1))
    expect(cursor).toBeLessThanOrEqual(got)
    expect(cursor).toBeGreaterThan(got - 10)
    expect(got).toBeLessThan(sent)
  })

  it('is cut off when it does not even read that', async () => {
    const server = await startSocketServer({ connections: limits })
    const slow = await openSocket(server.socketUrl)
    await subscribe(slow)
    await server.events.until(1)
    slow.socket.pause()
    await fill(server)
    await server.line(/WS \/graphql closed 1006/)
  })

  it('has at most its limit waiting in memory', async () => {
    const server = await startSocketServer({ connections: { ...limits, stallMilliseconds: 60_000 } })
    const slow = await openSocket(server.socketUrl)
    await subscribe(slow)
    await server.events.until(1)
    slow.socket.pause()
    await fill(server)
    // what is sent is with the system: all that is left is with the source, which has it anyhow
    expect(server.events.backlog).toBeGreaterThanOrEqual(100)
    slow.socket.resume()
    await expect.poll(() => server.events.backlog).toBe(0)
  })

  it('may take its time as long as it takes something', async () => {
    const server = await startSocketServer({ connections: limits })
    const client = await openSocket(server.socketUrl)
    await subscribe(client)
    await server.events.until(1)
    for (let round = 0; round < 3; round++) {
      client.socket.pause()
      await fill(server)
      client.socket.resume()
      await expect.poll(() => server.events.backlog).toBe(0)
    }
    expect(client.socket.readyState).toBe(client.socket.OPEN)
  })
})

describe('a source that never waits', () => {
  it('leaves room for others, and ends with its client', async () => {
    const server = await startSocketServer()
    const client = await openSocket(server.socketUrl)
    await client.init()
    client.send({ id: '1', type: 'subscribe', payload: { query: 'subscription { to(last: 1000000000) }' } })
    await client.message({ type: 'next' })
    const response = await fetch(`${server.url}/health/live`)
    expect(response.status).toBe(200)
    client.socket.terminate()
    await server.line(/WS \/graphql 200 .*subscription/)
  })
})
