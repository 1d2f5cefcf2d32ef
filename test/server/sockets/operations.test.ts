import { createHash } from 'node:crypto'
import { buildSchema } from 'graphql'
import { describe, expect, it, onTestFinished } from 'vitest'
import { administrator, createViewer } from '../../../src/engine/index.ts'
import { JsonText } from '../../../src/lib/json-text.ts'
import { createCounterStore, createRateLimiter } from '../../../src/limits/index.ts'
import { silentLog } from '../../../src/observe/log.ts'
import type { ServerOptions } from '../../../src/server/index.ts'
import { graphqlFetch } from '../../support/http.ts'
import { Channel } from './channel.ts'
import { type Message, openSocket, startSocketServer } from './socket-server.ts'

type Payload = Readonly<Record<string, unknown>>

/** Runs operations one after the other on one new socket; returns the messages but for `complete`. */
async function runAll(options: Partial<ServerOptions>, payloads: readonly Payload[]) {
  const server = await startSocketServer(options)
  const client = await openSocket(server.socketUrl)
  await client.init()
  const answers: Message[] = []
  for (const [index, payload] of payloads.entries()) {
    const id = String(index)
    client.send({ id, type: 'subscribe', payload })
    answers.push(
      await Promise.race([client.message({ type: 'next', id }), client.message({ type: 'error', id })]),
    )
  }
  return { server, client, answers }
}

async function run(options: Partial<ServerOptions>, payload: Payload): Promise<Message> {
  const { answers } = await runAll(options, [payload])
  return answers[0] as Message
}

/** The same over HTTP: its errors. */
async function errorsOverHttp(options: Partial<ServerOptions>, payload: Payload): Promise<unknown> {
  const { url } = await startSocketServer(options)
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(payload),
  })
  return ((await response.json()) as { errors: unknown }).errors
}

const deep = `{ pages ${'{ pages '.repeat(60)} { name } ${'}'.repeat(60)} }`

describe('an operation on a socket', () => {
  it.each<[string, Partial<ServerOptions>, Payload, string]>([
    ['a syntax error', {}, { query: '{ hello' }, 'GRAPHQL_PARSE_FAILED'],
    ['a field that is not there', {}, { query: '{ helo }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['too many tokens', {}, { query: `{ ${'hello '.repeat(10_001)} }` }, 'GRAPHQL_PARSE_FAILED'],
    ['too much depth', {}, { query: deep }, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'too many aliases',
      {},
      { query: `{ ${Array.from({ length: 101 }, (_, n) => `a${n}: hello`).join(' ')} }` },
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'circular fragments',
      {},
      { query: '{ ...a } fragment a on Query { ...a }' },
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a variable of another type',
      {},
      { query: 'query ($of: [Int!]!) { sum(of: $of) }', variables: { of: 'x' } },
      'BAD_USER_INPUT',
    ],
    ['a variable with a NUL', {}, { query: '{ hello }', variables: { text: '\0' } }, 'BAD_USER_INPUT'],
    [
      'no such operation',
      {},
      { query: 'query A { hello }', operationName: 'B' },
      'OPERATION_RESOLUTION_FAILURE',
    ],
    ['another parameter', {}, { query: '{ hello }', batch: [] }, 'BAD_REQUEST'],
    [
      'too much cost',
      { limits: { cost: 5 } },
      { query: '{ pages(first: 10) { name } }' },
      'QUERY_TOO_COSTLY',
    ],
    [
      'a question about the schema',
      { isIntrospectionOpen: false },
      { query: '{ __schema { types { name } } }' },
      'INTROSPECTION_CLOSED',
    ],
    [
      'a document that is not in the list',
      { documents: { isOnlyPersisted: true } },
      { query: '{ hello }' },
      'PERSISTED_DOCUMENT_REQUIRED',
    ],
    ['an unknown document', {}, { documentId: 'x' }, 'PERSISTED_DOCUMENT_NOT_FOUND'],
    [
      'too many operations',
      { connections: { operationsPerConnection: 0 } },
      { query: '{ hello }' },
      'RATE_LIMITED',
    ],
  ])('is refused as over HTTP for %s', async (_what, options, payload, code) => {
    const message = await run(options, payload)
    expect(message.type).toBe('error')
    expect(message.payload).toMatchObject([{ extensions: { code } }])
    expect(JSON.stringify(message)).not.toContain('"http"')
    if (options.connections === undefined) {
      expect(message.payload).toEqual(await errorsOverHttp(options, payload))
    }
  })

  it('suggests no names where introspection is closed', async () => {
    const message = await run({ isIntrospectionOpen: false }, { query: '{ helo }' })
    expect(JSON.stringify(message)).not.toContain('Did you mean')
  })

  it.each([true, false])(
    'tells nothing of the inside (attack: error leaks; subscription: %s)',
    async isStream => {
      const { server, client } = await runAll({ isProduction: true }, [])
      const query = isStream ? 'subscription { faults }' : '{ fault }'
      client.send({ id: '1', type: 'subscribe', payload: { query } })
      if (isStream) {
        await server.events.until(1)
        server.events.send('one')
      }
      const { payload } = await client.message({ type: 'next', id: '1' })
      expect(payload).toMatchObject({
        errors: [{ message: 'Internal server error', extensions: { code: 'INTERNAL' } }],
      })
      expect(JSON.stringify(payload)).not.toContain('"http"')
      const { id } = (payload as { errors: [{ extensions: { id: string } }] }).errors[0].extensions
      await server.line(new RegExp(id))
    },
  )

  it('tells nothing of a subscription that cannot begin', async () => {
    const message = await run({ isProduction: true }, { query: 'subscription { refused }' })
    expect(message).toMatchObject({
      type: 'error',
      payload: [{ message: 'Internal server error', extensions: { code: 'INTERNAL' } }],
    })
  })

  it('says its cost, and spends it: its viewer’s, with the requests over HTTP', async () => {
    const store = await createCounterStore({ log: silentLog })
    onTestFinished(() => store.close())
    const rateLimiter = createRateLimiter({ store, points: 20, seconds: 60 })
    const identify = async () => createViewer({ id: 'ann' })
    const { server, answers } = await runAll({ rateLimiter, identify }, [
      { query: '{ pages(first: 5) { name } }' },
      { query: '{ hello' },
    ])
    expect(answers[0]?.payload).toMatchObject({ extensions: { cost: { requested: 11, maximum: 50_000 } } })
    const { headers } = await graphqlFetch(server.url, '{ hello }')
    expect(headers.get('ratelimit-remaining')).toBe(String(20 - 11 - 1 - 1))
    const client = await openSocket(server.socketUrl)
    await client.init()
    client.send({ id: '1', type: 'subscribe', payload: { query: '{ pages(first: 5) { name } }' } })
    expect(await client.message({ type: 'error', id: '1' })).toMatchObject({
      payload: [{ extensions: { code: 'RATE_LIMITED' } }],
    })
  })

  it('is ended when its time is over', async () => {
    const message = await run({ operationMilliseconds: 50 }, { query: '{ wait }' })
    expect(message).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'TIMEOUT' } }] })
  })

  it('is ended that does not begin in time, also when it begins later', async () => {
    const { server, answers } = await runAll({ operationMilliseconds: 50 }, [
      { query: 'subscription { late }' },
    ])
    expect(answers[0]).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'TIMEOUT' } }] })
    expect(server.events.readers).toBe(1)
    server.events.send('now')
    await server.events.until(0)
  })

  it('is ended when its client completes it, and when the client goes', async () => {
    const work = new Channel<string>()
    const begun = work.open()
    const startWork = () => {
      work.send('begun')
      return { run: <T>(run: () => T) => run(), cancel: () => work.send('cancelled') }
    }
    const server = await startSocketServer({ startWork })
    const client = await openSocket(server.socketUrl)
    await client.init()
    client.send({ id: '1', type: 'subscribe', payload: { query: 'query First { wait }' } })
    await begun.next()
    client.send({ id: '1', type: 'complete' })
    expect(await begun.next()).toEqual({ done: false, value: 'cancelled' })
    await server.line(/WS \/graphql 499 .*query First/)
    client.send({ id: '2', type: 'subscribe', payload: { query: 'query Second { wait }' } })
    await begun.next()
    client.socket.terminate()
    expect(await begun.next()).toEqual({ done: false, value: 'cancelled' })
    await server.line(/WS \/graphql 499 .*query Second/)
    expect(client.messages.map(({ type }) => type)).toEqual(['connection_ack'])
  })

  it('may name a document by its id, or by its hash', async () => {
    const query = '{ hello }'
    const sha256Hash = createHash('sha256').update(query).digest('hex')
    const extensions = { persistedQuery: { version: 1, sha256Hash } }
    const persisted = {
      size: 1,
      find: (id: string) => (id === 'known' ? query : undefined),
      has: () => false,
    }
    const { answers } = await runAll(
      { documents: { persisted, isAutomatic: true }, isCostAnnounced: false },
      [{ documentId: 'known' }, { extensions }, { query, extensions }, { extensions }],
    )
    const hello = { type: 'next', payload: { data: { hello: 'Hello world' } } }
    expect(answers).toMatchObject([
      hello,
      { type: 'error', payload: [{ message: 'PersistedQueryNotFound' }] },
      hello,
      hello,
    ])
  })

  it('is answered with a text of JSON as it is, the first time and after', async () => {
    class Unread extends JsonText {
      override toJSON(): never {
        throw new Error('was parsed')
      }
    }
    const execute = () => ({ data: new Unread('{"hello":"as it is"}') as never })
    const { answers } = await runAll({ execute }, [{ query: '{ hello }' }, { query: '{ hello }' }])
    const cost = { requested: 1, maximum: 50_000 }
    const payload = { data: { hello: 'as it is' }, extensions: { cost } }
    expect(answers).toMatchObject([
      { type: 'next', payload },
      { type: 'next', payload },
    ])
  })

  it('has the schema of its viewer', async () => {
    const seen: unknown[] = []
    const { answers } = await runAll(
      {
        identify: async () => administrator,
        schema: viewer => {
          seen.push(viewer)
          return helloSchema
        },
      },
      [{ query: '{ hello }' }],
    )
    expect(answers[0]).toMatchObject({ type: 'next', payload: { data: { hello: 'small' } } })
    expect(seen).toEqual([administrator])
  })

  it('has a line in the log, and its connection one with the number of them', async () => {
    const { server, client } = await runAll({}, [
      { query: 'query Greeting { hello }' },
      { query: '{ fault }' },
    ])
    await server.line(/^WS \/graphql 200 [\d.]+ ms query Greeting/)
    await server.line(/^WS \/graphql 200 [\d.]+ ms query \(unnamed\) INTERNAL/)
    client.socket.close(1000, 'Bye')
    await server.line(/^WS \/graphql closed 1000 \(Bye\) after \d+ ms, 2 operations/)
  })

  it('writes one line, whatever a client says when it closes (attack: log injection)', async () => {
    const { server, client } = await runAll({ isProduction: true }, [])
    client.socket.close(4000, 'x\n{"level":"error"}\u001b[31m')
    const line = await server.line(/closed 4000/)
    expect(JSON.parse(line)).toMatchObject({ closeCode: 4000, operations: 0 })
    expect(line).not.toContain('\n')
    expect(line).not.toContain('\u001b')
  })
})

const helloSchema = buildSchema('type Query { hello: String }')
Object.assign(helloSchema.getQueryType()?.getFields().hello ?? {}, { resolve: () => 'small' })

describe('subscriptions of one caller', () => {
  it('are bounded on all sockets together; one that ends makes room', async () => {
    const server = await startSocketServer({ connections: { viewerSubscriptions: 2 } })
    const clients = [await openSocket(server.socketUrl), await openSocket(server.socketUrl)]
    for (const client of clients) await client.init()
    const [first, second] = clients as [(typeof clients)[0], (typeof clients)[0]]
    const subscribe = (id: string) => ({
      id,
      type: 'subscribe',
      payload: { query: 'subscription { events }' },
    })
    first.send(subscribe('1'))
    second.send(subscribe('2'))
    await server.events.until(2)
    second.send(subscribe('3'))
    expect(await second.message({ type: 'error', id: '3' })).toMatchObject({
      payload: [{ message: expect.stringContaining('2 are open'), extensions: { code: 'RATE_LIMITED' } }],
    })
    // what is refused, or cannot begin, takes no place
    second.send({ id: '4', type: 'subscribe', payload: { query: 'subscription { refused }' } })
    await second.message({ type: 'error', id: '4' })
    first.send({ id: '1', type: 'complete' })
    await server.events.until(1)
    second.send(subscribe('5'))
    await server.events.until(2)
  })
})
