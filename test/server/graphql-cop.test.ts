import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClosers } from '../../src/cli/closers.ts'
import { openLimits } from '../../src/cli/open-limits.ts'
import { readLimits } from '../../src/cli/read-limits.ts'
import { createConfig } from '../../src/config.ts'
import { startWork } from '../../src/database/index.ts'
import { administrator } from '../../src/engine/index.ts'
import { silentLog } from '../../src/observe/log.ts'
import { openProject } from '../../src/project/index.ts'
import { type RunningServer, startServer } from '../../src/server/index.ts'
import { createTestEngine, type TestEngine } from '../support/engine.ts'

interface Answer {
  readonly status: number
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: a check looks for what it fears, whatever came
  readonly json: any
}

/** What a check sends. */
interface Call {
  readonly method: 'GET' | 'POST'
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

interface Check {
  readonly title: string
  readonly call: Call
  /** What the tool reports as a finding. */
  readonly isFinding: (answer: Answer) => boolean
}

/** As the tool's HTTP library sends them. */
const defaultHeaders = { 'User-Agent': 'graphql-cop', Accept: '*/*', 'Accept-Encoding': 'identity' }

const post = (query: string): Call => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ query, operationName: 'cop' }),
})

const get = (query: string): Call => ({ method: 'GET', path: `/graphql?${new URLSearchParams({ query })}` })

const ideTraces = ['graphiql.min.css', 'GraphQL Playground', 'GraphiQL', 'graphql-playground']

/** The checks of graphql-cop, written anew from what each is documented to look for. */
const checks: readonly Check[] = [
  {
    title: 'Alias Overloading: 101 aliases',
    call: post(
      `query cop { ${Array.from({ length: 101 }, (_, index) => `alias${index}:__typename`).join(' ')} }`,
    ),
    isFinding: ({ json }) => json.data?.alias100 !== undefined,
  },
  {
    title: 'Array-based Query Batching: 10 operations in one request',
    call: {
      ...post(''),
      body: JSON.stringify(Array.from({ length: 10 }, () => ({ query: 'query cop { __typename }' }))),
    },
    isFinding: ({ json }) => Array.isArray(json) && json.length >= 10,
  },
  {
    title: 'Directive Overloading: 10 directives on a field, each looked at',
    call: post(`query cop { __typename ${'@aa'.repeat(10)} }`),
    isFinding: ({ json }) => json.errors?.length === 10,
  },
  {
    title: 'Introspection-based Circular Query',
    call: post(
      'query cop { __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }',
    ),
    isFinding: ({ json }) => json.data?.__schema?.types?.length > 25,
  },
  {
    title: 'Field Duplication: the same field 500 times',
    call: post(`query cop { ${'__typename '.repeat(500)} }`),
    isFinding: ({ json }) => json.data?.__typename !== undefined,
  },
  {
    title: 'Field Suggestions',
    call: post('query cop { __schema { directive } }'),
    isFinding: ({ text }) => text.includes('Did you mean'),
  },
  {
    title: 'Mutation is allowed over GET',
    call: get('mutation cop { __typename }'),
    isFinding: ({ json }) => json.data?.__typename !== undefined,
  },
  {
    title: 'GET Method Query Support: a query that any page could embed',
    call: get('query cop { __typename }'),
    isFinding: ({ json }) => json.data?.__typename !== undefined,
  },
  {
    title: 'POST based url-encoded query',
    call: {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ query: 'query cop { __typename }' }).toString(),
    },
    isFinding: ({ json }) => json.data?.__typename !== undefined,
  },
  ...['/', '/graphiql', '/playground', '/console', '/graphql'].map(path => ({
    title: `GraphQL IDE: GraphiQL or Playground at ${path}`,
    call: { method: 'GET', path, headers: { Accept: 'text/html' } } as const,
    isFinding: ({ text }: Answer) => ideTraces.some(trace => text.includes(trace)),
  })),
  {
    title: 'Introspection',
    call: post('query cop { __schema { types { name fields { name } } } }'),
    isFinding: ({ json }) => json.data?.__schema?.types !== undefined,
  },
  {
    title: 'Trace Mode',
    call: post('query cop { __typename }'),
    isFinding: ({ json, text }) =>
      json.errors?.[0]?.extensions?.tracing !== undefined || /"tracing"/i.test(text),
  },
  {
    title: 'Unhandled Errors Detection',
    call: post('qwerty cop { abc }'),
    isFinding: ({ json, text }) =>
      json.errors?.[0]?.extensions?.exception !== undefined || /"exception"|stacktrace/i.test(text),
  },
]

describe('graphql-cop on the example application in production', () => {
  const closers = createClosers()
  let api: TestEngine
  let server: RunningServer

  beforeAll(async () => {
    api = await createTestEngine()
    const config = createConfig({
      environment: { NODE_ENV: 'production', REFRACT_ACCESS: 'everyone', PORT: '0' },
    })
    const limits = await openLimits({
      session: { config, project: openProject('.') },
      limits: readLimits({ config: {} }).request,
      pages: api.engine.settings,
      log: silentLog,
      closers,
    })
    server = await startServer({
      schema: api.engine.schema,
      createContext: ({ http }) => api.engine.createContext({ http, viewer: administrator }),
      startWork,
      ping: async () => undefined,
      log: silentLog,
      host: config.host,
      port: config.port,
      isProduction: config.isProduction,
      access: 'everyone',
      graphiql: config.isGraphiqlServed,
      ...limits.server,
    })
    closers.add(() => server.close())
  })
  afterAll(async () => {
    await closers.closeAll()
    await api.close()
  })

  const send = ({ method, path = '/graphql', headers = {}, body }: Call) =>
    new Promise<Answer>((resolve, reject) => {
      const options = {
        host: '127.0.0.1',
        port: server.port,
        method,
        path,
        headers: { ...defaultHeaders, ...headers },
      }
      const outgoing = request(options, response => {
        let text = ''
        response.on('data', chunk => {
          text += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text, json: readJson(text) }))
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    })

  it('is there to be looked at', async () => {
    expect((await send(post('query cop { __typename }'))).json.data).toEqual({ __typename: 'Query' })
  })

  it.each(checks.map(check => [check.title, check] as const))('finds nothing: %s', async (_title, check) => {
    const answer = await send(check.call)
    expect(answer.status).toBeLessThan(500)
    expect(check.isFinding(answer)).toBe(false)
  })

  it.each(checks.filter(({ call }) => call.method === 'POST').map(check => [check.title, check] as const))(
    'is answered by the API and not by a failure to reach it: %s',
    async (_title, check) => {
      const { json } = await send(check.call)
      expect(json.data ?? json.errors).toBeDefined()
    },
  )
})

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}
