import { buildSchema, type GraphQLSchema } from 'graphql'
import { onTestFinished } from 'vitest'
import { type RawData, WebSocket } from 'ws'
import type { ServerOptions } from '../../../src/server/index.ts'
import { startTestServer, type TestServer } from '../test-server.ts'
import { Channel } from './channel.ts'

export interface SocketServer extends TestServer {
  /** Where its sockets are. */
  readonly socketUrl: string
  /** What `Subscription.events` gives. */
  readonly events: Channel<string>
}

/** A server with subscriptions; it is closed when the test ends. */
export async function startSocketServer(options: Partial<ServerOptions> = {}): Promise<SocketServer> {
  const events = new Channel<string>()
  let count = 0
  const schema = createSocketSchema(events, () => ++count)
  const server = await startTestServer({
    schema,
    createContext: ({ viewer }) => ({ viewer }),
    closeMilliseconds: 2_000,
    ...options,
  })
  return Object.assign(Object.create(null), server, {
    socketUrl: `${server.url.replace('http', 'ws')}/graphql`,
    events,
    counted: () => count,
  }) as SocketServer
}

function createSocketSchema(events: Channel<string>, countUp: () => number): GraphQLSchema {
  const schema = buildSchema(`
    type Query { hello: String! viewer: String wait: String fault: String sum(of: [Int!]!): Int! pages(first: Int): [Page!]! }
    type Page { pages(first: Int): [Page!]! name: String }
    type Mutation { count: Int! }
    type Subscription { events: String! faults: String! to(last: Int!): Int! refused: String! mine: String! late: String! }
  `)
  const resolvers: Record<string, object> = {
    'Query.hello': { resolve: () => 'Hello world' },
    'Query.viewer': {
      resolve: (_root: unknown, _args: unknown, context: ViewerContext) => context.viewer.id,
    },
    'Query.wait': { resolve: () => events.first },
    'Query.fault': { resolve: throwSecret },
    'Query.sum': { resolve: (_root: unknown, { of }: { of: number[] }) => of.reduce((sum, n) => sum + n, 0) },
    'Mutation.count': { resolve: countUp },
    'Subscription.events': { subscribe: () => events.open(), resolve: (event: string) => event },
    'Subscription.faults': { subscribe: () => events.open(), resolve: throwSecret },
    'Subscription.to': {
      subscribe: async function* (_root: unknown, { last }: { last: number }) {
        for (let number = 1; number <= last; number++) yield number
      },
      resolve: (number: number) => number,
    },
    'Subscription.mine': {
      subscribe: () => events.open(),
      resolve: (event: string, _args: unknown, { viewer }: ViewerContext) => `${event} of ${viewer.id}`,
    },
    'Subscription.late': {
      subscribe: async () => {
        const reader = events.open()
        await events.first
        return reader
      },
    },
    'Subscription.refused': { subscribe: throwSecret },
  }
  for (const [name, resolver] of Object.entries(resolvers)) {
    const [typeName = '', fieldName = ''] = name.split('.')
    const type = schema.getType(typeName)
    if (type && 'getFields' in type) Object.assign(type.getFields()[fieldName] ?? {}, resolver)
  }
  return schema
}

interface ViewerContext {
  readonly viewer: { readonly id: string | null }
}

function throwSecret(): never {
  throw new TypeError('cannot read /srv/app/secret.ts')
}

export interface Message {
  readonly type: string
  readonly id?: string
  readonly payload?: unknown
}

export interface Closing {
  readonly code: number
  readonly reason: string
}

/** A client that sends what a test tells it, and nothing else. */
export interface RawClient {
  readonly socket: WebSocket
  readonly messages: readonly Message[]
  send(message: Message | string): void
  /** Sends `connection_init` and waits for its acknowledgement. */
  init(payload?: unknown): Promise<void>
  /** Resolves with the first message that is so, received before or after the call. */
  message(expected: Partial<Message>): Promise<Message>
  readonly closed: Promise<Closing>
}

export interface RawOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly protocols?: readonly string[]
}

/** Opens a socket. Rejects with the status where it is not upgraded. */
export async function openSocket(
  url: string,
  { headers = {}, protocols = ['graphql-transport-ws'] }: RawOptions = {},
): Promise<RawClient> {
  const socket = new WebSocket(url, [...protocols], { headers })
  onTestFinished(() => socket.terminate())
  const messages: Message[] = []
  const looks = new Set<() => void>()
  const closed = new Promise<Closing>(resolve => {
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }))
  })
  socket.on('message', (data: RawData) => {
    messages.push(JSON.parse(data.toString()) as Message)
    for (const look of [...looks]) look()
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
    socket.once('unexpected-response', (_request, response) => {
      let body = ''
      response.on('data', chunk => {
        body += chunk
      })
      response.on('end', () => reject(Object.assign(new Error(body), { status: response.statusCode })))
    })
  })
  socket.on('error', () => undefined)
  const client: RawClient = {
    socket,
    messages,
    closed,
    send: message => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async init(payload) {
      client.send({ type: 'connection_init', ...(payload === undefined ? {} : { payload }) })
      await Promise.race([client.message({ type: 'connection_ack' }), closed.then(fail)])
    },
    message: expected =>
      new Promise(resolve => {
        const look = () => {
          const found = messages.find(message =>
            Object.entries(expected).every(([key, value]) => message[key as keyof Message] === value),
          )
          if (!found) return
          looks.delete(look)
          resolve(found)
        }
        looks.add(look)
        look()
      }),
  }
  return client
}

function fail({ code, reason }: Closing): never {
  throw new Error(`The socket was closed with ${code}: ${reason}`)
}

/** How a socket is refused before it is one. */
export async function refusalOf(
  url: string,
  options: RawOptions = {},
): Promise<{ status: number; code: string }> {
  try {
    await openSocket(url, options)
  } catch (error) {
    const { status, message } = error as Error & { status: number }
    const body = JSON.parse(message) as { errors: [{ extensions: { code: string } }] }
    return { status, code: body.errors[0].extensions.code }
  }
  throw new Error('The socket was opened.')
}
