import { describe, expect, it } from 'vitest'
import { openSocket, refusalOf, startSocketServer } from './socket-server.ts'

const subscribe = { id: '1', type: 'subscribe', payload: { query: 'subscription { events }' } }

describe('closing a server with open sockets', () => {
  it('closes them with 1012 and where to go on, without delay (attack: SIGTERM)', {
    timeout: 30_000,
  }, async () => {
    const server = await startSocketServer({
      closeMilliseconds: 20_000,
      resumeCursorOf: ({ data }) => String(data?.events),
    })
    const clients = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const client = await openSocket(server.socketUrl)
        await client.init()
        client.send(subscribe)
        return client
      }),
    )
    await server.events.until(200)
    server.events.send('0/17')
    await Promise.all(clients.map(client => client.message({ type: 'next' })))
    const startedAt = performance.now()
    const closed = server.close()
    const closings = await Promise.all(clients.map(client => client.closed))
    await closed
    expect(performance.now() - startedAt).toBeLessThan(5_000)
    expect(new Set(closings.map(({ code, reason }) => `${code} ${reason}`))).toEqual(
      new Set(['1012 Service restart: resume after 0/17']),
    )
    // no subscription has ended: its client goes on elsewhere
    expect(clients.flatMap(({ messages }) => messages.filter(({ type }) => type === 'complete'))).toEqual([])
    expect(server.events.readers).toBe(0)
  })

  it('lets queries end, but takes no new operation', async () => {
    const server = await startSocketServer({ closeMilliseconds: 20_000 })
    const client = await openSocket(server.socketUrl)
    await client.init()
    client.send(subscribe)
    await server.events.until(1)
    client.send({ id: '2', type: 'subscribe', payload: { query: '{ wait }' } })
    client.send({ type: 'ping' })
    await client.message({ type: 'pong' })
    const closed = server.close()
    client.send({ id: '3', type: 'subscribe', payload: { query: 'mutation { count }' } })
    server.events.send('waited')
    expect(await client.message({ type: 'next', id: '2' })).toMatchObject({
      payload: { data: { wait: 'waited' } },
    })
    expect((await client.closed).code).toBe(1012)
    await closed
    expect(server.counted()).toBe(0)
    expect(server.events.readers).toBe(0)
    expect(client.messages).not.toContainEqual({ id: '1', type: 'complete' })
  })

  it('cuts off queries that are still running at the deadline', async () => {
    const server = await startSocketServer({ closeMilliseconds: 100, operationMilliseconds: 0 })
    const client = await openSocket(server.socketUrl)
    await client.init()
    client.send({ id: '2', type: 'subscribe', payload: { query: '{ wait }' } })
    client.send({ type: 'ping' })
    await client.message({ type: 'pong' })
    await server.close()
    expect((await client.closed).code).toBe(1006)
  })

  it('does not wait for a client that does not answer', async () => {
    const server = await startSocketServer({ closeMilliseconds: 60_000 })
    const client = await openSocket(server.socketUrl)
    await client.init()
    client.socket.pause()
    const startedAt = performance.now()
    await server.close()
    expect(performance.now() - startedAt).toBeLessThan(3_000)
  })

  it('takes no new ones while it closes', async () => {
    const server = await startSocketServer({ lingerMilliseconds: 500 })
    const closed = server.close()
    expect(await refusalOf(server.socketUrl)).toEqual({ status: 503, code: 'UNAVAILABLE' })
    await closed
  })
})
