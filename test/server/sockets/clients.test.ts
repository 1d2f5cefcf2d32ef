import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { Client, fetchExchange, subscriptionExchange } from '@urql/core'
import { type ClientOptions, createClient, type Client as WsClient } from 'graphql-ws'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { RefractError } from '../../../src/errors.ts'
import { type SocketServer, startSocketServer } from './socket-server.ts'

const query = 'subscription { events }'

function createWsClient(options: Partial<ClientOptions> & Pick<ClientOptions, 'url'>): WsClient {
  const client = createClient({ webSocketImpl: WebSocket, retryWait: async () => undefined, ...options })
  onTestFinished(() => void client.dispose())
  return client
}

describe('graphql-ws’s client', () => {
  it('subscribes, queries, and unsubscribes', async () => {
    const server = await startSocketServer({ isCostAnnounced: false })
    const client = createWsClient({ url: server.socketUrl })
    const events = client.iterate({ query })
    const first = events.next()
    await server.events.until(1)
    server.events.send('one')
    expect((await first).value).toEqual({ data: { events: 'one' } })
    const answer = client.iterate({ query: '{ hello }' })
    expect((await answer.next()).value).toEqual({ data: { hello: 'Hello world' } })
    await events.return?.()
    await server.events.until(0)
  })

  it('comes back by itself when the server closes, and goes on elsewhere', async () => {
    const first = await startSocketServer()
    const second = await startSocketServer()
    let url = first.socketUrl
    const client = createWsClient({ url: () => url })
    const events = client.iterate({ query })
    const received = events.next()
    await first.events.until(1)
    first.events.send('one')
    await received
    const next = events.next()
    url = second.socketUrl
    await first.close()
    await second.events.until(1)
    second.events.send('two')
    expect((await next).value).toMatchObject({ data: { events: 'two' } })
  })

  it('comes back with a new token when its token expires', async () => {
    let serial = 0
    const seen: (string | null)[] = []
    const server = await startSocketServer({
      identify: async ({ requestHeaders }) => {
        seen.push(requestHeaders.get('authorization'))
        const viewer = { id: 'ann', roles: [], isAdministrator: false, claims: {} }
        return { viewer, endsAt: Date.now() + (seen.length === 1 ? 200 : 60_000) }
      },
    })
    const client = createWsClient({
      url: server.socketUrl,
      connectionParams: () => ({ authorization: `Bearer ${++serial}` }),
    })
    const events = client.iterate({ query })
    const next = events.next()
    await expect.poll(() => seen).toEqual(['Bearer 1', 'Bearer 2'])
    await server.events.until(1)
    server.events.send('two')
    expect((await next).value).toMatchObject({ data: { events: 'two' } })
  })

  it('gives up where its credentials are wrong', async () => {
    const server = await startSocketServer({
      identify: async () => {
        throw new RefractError('UNAUTHENTICATED', 'The bearer token has expired.')
      },
    })
    const client = createWsClient({ url: server.socketUrl })
    await expect(client.iterate({ query }).next()).rejects.toMatchObject({
      code: 4401,
      reason: 'The bearer token has expired.',
    })
  })

  it('keeps a connection open with its own pings', async () => {
    const server = await startSocketServer()
    let pongs = 0
    const client = createWsClient({
      url: server.socketUrl,
      keepAlive: 20,
      lazy: false,
      on: { pong: () => void pongs++ },
    })
    await expect.poll(() => pongs).toBeGreaterThan(2)
    await client.dispose()
  })
})

describe('Apollo Client', () => {
  it('subscribes by GraphQLWsLink', async () => {
    const server = await startSocketServer()
    const link = new GraphQLWsLink(createWsClient({ url: server.socketUrl }))
    const client = new ApolloClient({ link, cache: new InMemoryCache() })
    onTestFinished(() => client.stop())
    const document = gql`
      subscription Events {
        events
      }
    `
    const received: unknown[] = []
    const failed: unknown[] = []
    const subscription = client.subscribe({ query: document }).subscribe({
      next: ({ data }) => received.push(data),
      error: error => failed.push(error),
    })
    await server.events.until(1)
    server.events.send('one')
    await expect.poll(() => received).toMatchObject([{ events: 'one' }])
    subscription.unsubscribe()
    await server.events.until(0)
    expect(failed).toEqual([])
  })

  it('has the same answers over a socket as over HTTP', async () => {
    const server = await startSocketServer()
    const over = (link: GraphQLWsLink | HttpLink) => {
      const client = new ApolloClient({ link, cache: new InMemoryCache() })
      onTestFinished(() => client.stop())
      return client.query({ query: gql`{ hello }`, fetchPolicy: 'network-only' })
    }
    const bySocket = await over(new GraphQLWsLink(createWsClient({ url: server.socketUrl })))
    expect(bySocket).toEqual(await over(new HttpLink({ uri: `${server.url}/graphql` })))
  })
})

describe('urql', () => {
  it('subscribes by its subscriptionExchange over graphql-ws', async () => {
    const server = await startSocketServer()
    const received = await subscribeByUrql(server)
    await server.events.until(1)
    server.events.send('one')
    await expect.poll(() => received.values).toEqual([{ events: 'one' }])
    received.unsubscribe()
    await server.events.until(0)
  })
})

async function subscribeByUrql(server: SocketServer) {
  const sockets = createWsClient({ url: server.socketUrl })
  const client = new Client({
    url: `${server.url}/graphql`,
    preferGetMethod: false,
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: request => ({
          subscribe: sink => ({
            unsubscribe: sockets.subscribe({ ...request, query: request.query ?? '' }, sink as never),
          }),
        }),
      }),
    ],
  })
  const values: unknown[] = []
  const { unsubscribe } = client.subscription(query, {}).subscribe(({ data }) => values.push(data))
  return { values, unsubscribe }
}
