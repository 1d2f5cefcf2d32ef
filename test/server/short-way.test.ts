import { once } from 'node:events'
import { connect, Socket } from 'node:net'
import { type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { administrator, anonymous, createViewer } from '../../src/engine/index.ts'
import { RefractError } from '../../src/errors.ts'
import { parseAddressRanges } from '../../src/lib/ip-address.ts'
import { JsonText } from '../../src/lib/json-text.ts'
import { createAddressReader, createCounterStore, createRateLimiter } from '../../src/limits/index.ts'
import { silentLog } from '../../src/observe/log.ts'
import type { ServerOptions } from '../../src/server/index.ts'
import { createTestSchema, startTestServer, type TestServer } from './test-server.ts'

const byYoga = vi.hoisted(() => ({ count: 0 }))

vi.mock('graphql-yoga', async original => {
  const yoga = await original<typeof import('graphql-yoga')>()
  const createYoga = (options: Parameters<typeof yoga.createYoga>[0]) =>
    new Proxy(yoga.createYoga(options), {
      apply(target, receiver, parameters) {
        byYoga.count++
        return Reflect.apply(target as never, receiver, parameters)
      },
    })
  return { ...yoga, createYoga }
})

beforeEach(() => {
  byYoga.count = 0
})

interface Sent {
  readonly body?: unknown
  /** Instead of `body`. */
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Default: `/graphql`. */
  readonly target?: string
}

/** Sends a request and returns all of its answer's bytes, but for what is another at each time. */
async function send({ port }: TestServer, { body, text, headers, target }: Sent, from: string) {
  const content = text ?? JSON.stringify(body)
  const lines = [
    `POST ${target ?? '/graphql'} HTTP/1.1`,
    ...Object.entries({
      Host: 'localhost',
      'X-Request-Id': 'trace-1',
      'X-Forwarded-For': from,
      'Content-Type': 'application/json',
      Connection: 'close',
      'Content-Length': String(Buffer.byteLength(content)),
      ...headers,
    }).map(([name, value]) => `${name}: ${value}`),
  ]
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.setEncoding('utf8').on('data', chunk => {
    answer += chunk
    // a stream that has ended leaves its connection open
    if (answer.includes('event: complete')) socket.destroy()
  })
  socket.write(`${lines.join('\r\n')}\r\n\r\n${content}`)
  await once(socket, 'close')
  return normalise(answer)
}

function normalise(text: string): string {
  return text
    .replace(/^Date: .*$/gm, 'Date: …')
    .replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, '<id>')
    .replace(/"time":"[^"]*"/g, '"time":"…"')
    .replace(/"milliseconds":[\d.]+/g, '"milliseconds":0')
    .replace(/ [\d.]+ ms/g, ' 0 ms')
}

async function startServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const store = await createCounterStore({ log: silentLog })
  onTestFinished(() => store.close())
  return await startTestServer({
    isProduction: true,
    schema: createSchema(),
    rateLimiter: createRateLimiter({ store, points: 60, seconds: 600 }),
    readAddress: createAddressReader({ trustedProxies: parseAddressRanges('loopback') ?? [] }),
    identify: async http => {
      const name = http.requestHeaders.get('x-user')
      if (name === 'wrong') {
        http.responseHeaders.set('WWW-Authenticate', 'Bearer error="invalid_token"')
        throw new RefractError('UNAUTHENTICATED', 'This token is not known.')
      }
      if (name === 'away') throw new AggregateError([refused(), refused()])
      if (name === null) return anonymous
      // who comes from elsewhere has points of his own
      return name === 'admin' ? administrator : createViewer({ id: `${name} of ${http.address}` })
    },
    createContext: context => context,
    limits: { cost: 40 },
    isIntrospectionOpen: false,
    operationMilliseconds: 100,
    ...options,
  })
}

const refused = () => Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })

/** The client goes while its operation runs. */
function leave(socket: Socket): Promise<never> {
  socket.destroy()
  return new Promise(() => undefined)
}

function createSchema(): GraphQLSchema {
  return createTestSchema({
    'Query.json': (_source, _args, { http }) => {
      const headers = (http as { responseHeaders: Headers }).responseHeaders
      headers.append('Set-Cookie', 'a=1')
      headers.append('Set-Cookie', 'b=2')
      headers.set('Cache-Control', 'private')
      headers.set('X-Of-Resolver', 'yes')
      return '{}'
    },
    'Query.wait': () => new Promise(() => undefined),
    'Query.graphqlError': () => {
      throw new GraphQLError('Only on weekdays.', {
        extensions: { code: 'CLOSED_TODAY', http: { status: 418, headers: { 'X-Tea': 'pot' } } },
      })
    },
    'Mutation.count': async () => 7,
  })
}

const accept = (value: string) => ({ headers: { Accept: value } })
const query = (text: string, more: object = {}) => ({ body: { query: text, ...more } })
const hello = 'query Hello($name: String) { hello(name: $name) }'

/** What goes past Yoga the second time. */
const shortened: readonly (readonly [name: string, sent: Sent])[] = [
  ['a query', query('{ __typename hello node { name node { name } } }')],
  ['the name of a type', query('query Ping { __typename again: __typename }')],
  ['the same for a mutation', query('mutation { __typename }')],
  ['the same left out', query('query ($no: Boolean = true) { __typename @skip(if: $no) }')],
  ['a mutation', query('mutation Count { count }')],
  ['variables', query(hello, { variables: { name: 'Zoë "Z" \u2028 🎉' } })],
  ['no variables', query(hello, { variables: null, extensions: {} })],
  ['one of several operations', query('query A { hello } query B { __typename }', { operationName: 'B' })],
  ['a variable of a wrong type', query(hello, { variables: { name: [1] } })],
  ['a variable that is missing', query('query ($of: [Int!]!) { sum(of: $of) }')],
  ['a variable that is too long', query(hello, { variables: { name: 'x'.repeat(600_000) } })],
  ['a variable with a NUL', query(hello, { variables: { name: '\u0000' } })],
  ['a fault', query('{ fault }')],
  ['a fault in a part', query('{ hello nullableFault }')],
  ['an error of the catalogue', query('{ notFound }')],
  ['a database that is away', query('{ unreachable }')],
  ['a statement that takes too long', query('{ statementTimeout }')],
  ['an error of a resolver with a status', query('{ graphqlError }')],
  ['a value of a wrong type', query('{ wrongType }')],
  ['cookies and headers of a resolver', query('{ json }')],
  ['an operation that takes too long', query('{ wait }')],
  [
    'an operation that costs too much',
    query(`{ ${[...'abcdefghijklmnopqrstuvwxyz'].map(name => `${name}: node { name }`).join(' ')} }`),
  ],
  ['somebody who has signed in', { ...query('{ hello }'), headers: { 'X-User': 'ann' } }],
  ['an administrator', { ...query('{ __schema { queryType { name } } }'), headers: { 'X-User': 'admin' } }],
  ['credentials that are wrong', { ...query('{ hello }'), headers: { 'X-User': 'wrong' } }],
  ['a sign-in that is away', { ...query('{ hello }'), headers: { 'X-User': 'away' } }],
  ['GraphQL’s own media type', { ...query('{ fault }'), ...accept('application/graphql-response+json') }],
  [
    'the same for a variable',
    {
      ...query(hello, { variables: { name: 1 } }),
      ...accept('application/graphql-response+json, application/json;q=0.9'),
    },
  ],
  ['any media type', { ...query('{ hello }'), ...accept('*/*') }],
  [
    'JSON in a charset',
    { ...query('{ hello }'), headers: { 'Content-Type': 'application/json; charset=utf-8' } },
  ],
  ['the path with a slash', { ...query('{ hello }'), target: '/graphql/' }],
  ['a page of another origin', { ...query('{ hello }'), headers: { Origin: 'https://app.example' } }],
  ['a body that is no JSON', { text: '{' }],
  ['a body that is no object', { text: '1' }],
  ['a body that nests too deep', { text: '['.repeat(1_000) }],
  [
    'a body that is too large',
    { text: `{"query":"{ hello }","variables":{"a":"${'x'.repeat(1_100_000)}"}}` },
  ],
  ['a body of another media type', { ...query('{ hello }'), headers: { 'Content-Type': 'text/plain' } }],
  ['a body with a coding', { ...query('{ hello }'), headers: { 'Content-Encoding': 'gzip' } }],
  ['a document that is not in a list', query('', { query: undefined, documentId: 'unknown' })],
]

/** What stays Yoga's business. */
const byYogaAlways: readonly (readonly [name: string, sent: Sent])[] = [
  ['an array of operations', { body: [{ query: '{ hello }' }] }],
  ['a document that does not parse', query('{')],
  ['a document that is not valid', query('{ nothing }')],
  ['a document that is over a limit', query(`{ ${'a: hello '.repeat(200)} }`)],
  ['an operation that is not there', query('query A { hello }', { operationName: 'B' })],
  ['several operations without a name', query('query A { hello } query B { hello }')],
  ['introspection that is closed', query('{ __schema { queryType { name } } }')],
  ['a parameter that nobody knows', query('{ hello }', { other: 1 })],
  ['variables that are no object', query('{ hello }', { variables: [] })],
  ['a query that is no text', query('', { query: 1 })],
  ['no query', { body: {} }],
  ['a subscription', query('subscription { hello }')],
  ['a query string', { ...query('{ hello }'), target: '/graphql?a=1' }],
  ['an answer that nobody could read', { ...query('{ hello }'), ...accept('image/png') }],
  ['an answer as a stream', { ...query('{ hello }'), ...accept('text/event-stream') }],
]

describe('an operation that was seen before', () => {
  it.each(shortened)('is answered byte by byte as by Yoga, without it: %s', async (_name, sent) => {
    const server = await startServer({ corsOrigins: ['https://app.example'] })
    const first = await send(server, sent, '203.0.113.1')
    expect(byYoga.count).toBe(1)
    expect(first).toMatch(/^HTTP\/1\.1 \d{3} /)
    const lines = server.lines.length
    expect(await send(server, sent, '203.0.113.2')).toBe(first)
    expect(byYoga.count).toBe(1)
    expect(server.lines.slice(lines).map(normalise)).toEqual(server.lines.slice(0, lines).map(normalise))
  })

  it.each(byYogaAlways)('is left to Yoga: %s', async (_name, sent) => {
    const server = await startServer()
    await send(server, query('{ hello }'), '203.0.113.3')
    const first = await send(server, sent, '203.0.113.1')
    expect(await send(server, sent, '203.0.113.2')).toBe(first)
    expect(byYoga.count).toBe(3)
  })

  it('spends as much, and is refused as soon', async () => {
    const server = await startServer()
    const answers = async (from: string, media: string) => {
      const all: string[] = []
      for (let request = 0; request < 8; request++)
        all.push(await send(server, { ...query('mutation { count }'), ...accept(media) }, from))
      return all
    }
    const first = await answers('203.0.113.1', 'application/json')
    expect(byYoga.count).toBe(1)
    expect(first.map(answer => answer.slice(9, 12)).join(' ')).toBe('200 200 200 200 200 200 429 429')
    expect(await answers('203.0.113.2', 'application/json')).toEqual(first)
    expect(byYoga.count).toBe(1)
    // the refusal of somebody who has spent everything, by Yoga
    const refusal = { ...query('mutation { count }'), ...accept('application/json;q=0.9') }
    expect(await send(server, refusal, '203.0.113.1')).toBe(first[7])
    expect(byYoga.count).toBe(2)
  })

  it('names its type under whatever name', async () => {
    const server = await startServer()
    const asked = query('{ b: __typename __proto__: __typename a: __typename b: __typename }')
    const answer = await send(server, asked, '203.0.113.1')
    expect(answer).toContain('\r\n\r\n{"data":{"b":"Query","__proto__":"Query","a":"Query"},')
    expect(await send(server, asked, '203.0.113.2')).toBe(answer)
  })

  it('tells of a sign-in that is away as of a database that is', async () => {
    const server = await startServer()
    const answer = await send(server, { ...query('{ hello }'), headers: { 'X-User': 'away' } }, '203.0.113.1')
    expect(answer).toMatch(/^HTTP\/1\.1 503 .*\r\nRetry-After: 1\r\n.*"UNAVAILABLE"/s)
  })

  it('is refused while nobody has access', async () => {
    const server = await startServer({ access: 'nobody' })
    const first = await send(server, query('{ hello }'), '203.0.113.1')
    expect(first).toMatch(/^HTTP\/1\.1 403 .*"FORBIDDEN"/s)
    expect(await send(server, query('{ hello }'), '203.0.113.2')).toBe(first)
    expect(byYoga.count).toBe(1)
  })

  it('is no known one for those who may not have it', async () => {
    const server = await startServer()
    const introspection = query('{ __schema { queryType { name } } }')
    const asAdmin = { ...introspection, headers: { 'X-User': 'admin' } }
    await send(server, asAdmin, '203.0.113.1')
    expect(await send(server, asAdmin, '203.0.113.1')).toMatch(/^HTTP\/1\.1 200 /)
    expect(byYoga.count).toBe(1)
    expect(await send(server, introspection, '203.0.113.1')).toMatch(/"INTROSPECTION_CLOSED"/)
    expect(byYoga.count).toBe(2)
  })

  it('is no known one in another schema', async () => {
    const schemas = { all: createSchema(), less: createTestSchema() }
    delete schemas.less.getQueryType()?.getFields().hello
    const server = await startServer({
      schema: viewer => (viewer.id?.startsWith('ann') ? schemas.less : schemas.all),
    })
    await send(server, query('{ hello }'), '203.0.113.1')
    const answer = await send(server, { ...query('{ hello }'), headers: { 'X-User': 'ann' } }, '203.0.113.1')
    expect(answer).toMatch(/"GRAPHQL_VALIDATION_FAILED"/)
    expect(byYoga.count).toBe(2)
  })

  it('is cancelled when its client goes', async () => {
    let cancel: () => void = () => undefined
    const cancelled = new Promise<void>(resolve => {
      cancel = resolve
    })
    const socket = new Socket()
    const results = [() => ({ data: {} }), () => leave(socket)]
    const server = await startServer({
      operationMilliseconds: 15_000,
      startWork: () => ({ run: run => run(), cancel }),
      execute: () => results.shift()?.() ?? {},
    })
    const body = JSON.stringify({ query: 'query Wait { wait }' })
    await send(server, { text: body }, '203.0.113.1')
    socket.connect(server.port, '127.0.0.1')
    socket.write(
      `POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    await cancelled
    const line = JSON.parse(await server.line(/"status":499/))
    expect(line).toMatchObject({ operationName: 'Wait', operationType: 'query' })
    expect(byYoga.count).toBe(1)
  })
})

describe('data that is there as a text', () => {
  const text = '{"hello":"W\u00f6rld","list":[1,2.50,null]}'
  const data = new JsonText(text) as unknown as ExecutionResult['data']

  it.each([
    ['alone', { data }, `{"data":${text},"extensions":{"cost":{"requested":1,"maximum":40}}}`],
    [
      'beside errors',
      { errors: [new GraphQLError('Half of it.')], data },
      `{"errors":[{"message":"Half of it.","extensions":{"code":"BAD_REQUEST"}}],"data":${text},"extensions":{"cost":{"requested":1,"maximum":40}}}`,
    ],
  ])('is sent as it is, by Yoga and without it: %s', async (_name, result, body) => {
    const server = await startServer({ execute: () => result })
    const first = await send(server, query('{ hello }'), '203.0.113.1')
    expect(first.slice(first.indexOf('\r\n\r\n') + 4)).toBe(body)
    expect(await send(server, query('{ hello }'), '203.0.113.2')).toBe(first)
    expect(byYoga.count).toBe(1)
  })

  it('is the value for whoever asks for JSON', () => {
    expect(JSON.stringify({ data })).toBe('{"data":{"hello":"W\u00f6rld","list":[1,2.5,null]}}')
  })
})
