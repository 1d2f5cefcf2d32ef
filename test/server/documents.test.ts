import { getIntrospectionQuery } from 'graphql'
import { describe, expect, it } from 'vitest'
import { graphqlFetch } from '../support/http.ts'
import { startTestServer } from './test-server.ts'

const chain = (length: number) =>
  Array.from({ length }, (_, index) => `fragment F${index} on Node { node { ...F${index + 1} } }`).join('\n')

const documents: Readonly<Record<string, string>> = {
  'fields 5,000 deep': `${'{ node '.repeat(5_000)}{ name }${' }'.repeat(5_000)}`,
  'fields 5,000 deep and never closed': '{node'.repeat(5_000),
  'fields 60 deep': `${'{ node '.repeat(60)}{ name }${' }'.repeat(60)}`,
  'lists 100,000 deep': `{ sum(of: ${'['.repeat(100_000)}`,
  'brackets 100,000 deep': '('.repeat(100_000),
  '20,000 fields': `{ ${'hello '.repeat(20_000)} }`,
  '1,000 fragments, each in the one before': `{ node { ...F0 } } ${chain(900)} fragment F900 on Node { name }`,
  'fragments in a circle':
    '{ node { ...A } } fragment A on Node { ...B } fragment B on Node { node { ...A } }',
  'a fragment in itself': '{ node { ...A } } fragment A on Node { ...A }',
}

const many = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ')

const costlyDocuments: Readonly<Record<string, string>> = {
  'fields 5,000 deep': documents['fields 5,000 deep'] ?? '',
  '20,000 nested lists': `{ sum(of: ${'['.repeat(20_000)}1${']'.repeat(20_000)}) }`,
  '1,000 aliases': `{ ${many(1_000, index => `a${index}: hello`)} }`,
  '1,000 aliases of __typename': `{ node { ${many(1_000, index => `a${index}: __typename`)} } }`,
  '1,000 directives': `{ hello ${'@include(if: true) '.repeat(1_000)} }`,
  '1,000 directives on as many fields': `{ node { ${'name @skip(if: false) '.repeat(1_000)} } }`,
  'fragments in a circle': documents['fragments in a circle'] ?? '',
  'a fragment in itself': documents['a fragment in itself'] ?? '',
  '5,000 equal fields': `{ ${'hello '.repeat(5_000)} }`,
  '4,900 equal fields further down': `{ node { ${'name '.repeat(4_900)} } }`,
  'fragments that double 60 times': `{ ...F0 } ${many(60, index => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`)} fragment F60 on Query { hello }`,
  '1,600 inline fragments': `{ node { ${'... on Node { name } '.repeat(1_600)} } }`,
}

describe('documents', () => {
  it.each(Object.entries(documents))('refuses %s with 400', async (_name, query) => {
    const { url } = await startTestServer({ isProduction: true })
    const answer = await graphqlFetch(url, query)
    expect(answer.status).toBe(400)
    expect(answer.data).toBeUndefined()
    expect(answer.errors[0]?.extensions.code).toMatch(/^GRAPHQL_(?:PARSE|VALIDATION)_FAILED$/)
  })

  it.each(Object.entries(costlyDocuments))(
    'refuses %s with 4xx for every media type, in time (attack: costly documents)',
    async (_name, query) => {
      const { url } = await startTestServer({ isProduction: true })
      const durations: number[] = []
      const isInTime = () => Math.min(...durations) < 50
      // as often as it takes for the code to be warm and the machine to be free of what else it does
      for (let run = 0; run < 4 || (run < 40 && !isInTime()); run++) {
        for (const accept of ['application/json', 'application/graphql-response+json']) {
          const start = performance.now()
          const answer = await graphqlFetch(url, query, {}, { Accept: accept })
          durations.push(performance.now() - start)
          expect(answer.status).toBe(400)
          expect(answer.data).toBeUndefined()
          expect(answer.errors).toHaveLength(1)
          expect(answer.errors[0]?.extensions.code).toMatch(/^GRAPHQL_(?:PARSE|VALIDATION)_FAILED$/)
        }
      }
      expect(Math.min(...durations)).toBeLessThan(50)
    },
  )

  it('says which limit a document is over', async () => {
    const { url } = await startTestServer({ isProduction: true })
    const answer = await graphqlFetch(url, costlyDocuments['1,000 aliases'] ?? '')
    expect(answer.errors).toEqual([
      {
        message: 'This document has more than 100 aliases, the most that is accepted.',
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED', limit: 'aliases', maximum: 100 },
      },
    ])
  })

  it('names the limit', async () => {
    const { url } = await startTestServer({
      limits: { documentTokens: 20, nesting: 4, selectionDepth: 3 },
    })
    const messageOf = async (query: string) => (await graphqlFetch(url, query)).errors[0]?.message
    expect(await messageOf(`{ ${'hello '.repeat(20)} }`)).toContain('more than 20 tokens')
    expect(await messageOf('{ node { node { node { node { name } } } } }')).toContain('deeper than 4 levels')
    expect(await messageOf('{ node { node { node { name } } } }')).toContain('deeper than 3 levels')
    expect(await messageOf('{ node { node { name } } }')).toBeUndefined()
  })

  it('accepts the introspection of GraphiQL', async () => {
    const { url } = await startTestServer()
    const answer = await graphqlFetch(
      url,
      getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true, schemaDescription: true }),
    )
    expect(answer).toMatchObject({ status: 200, errors: [] })
  })

  it('says the same of a refused document when it comes again', async () => {
    const { url } = await startTestServer()
    const first = await graphqlFetch(url, '{ nothing }')
    const second = await graphqlFetch(url, '{ nothing }')
    expect(second.errors).toEqual(first.errors)
    expect(second.status).toBe(400)
  })
})

describe('variables', () => {
  it.each([
    ['lists', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('refuses %s 200,000 deep with 400', async (_name, open, close) => {
    const { url } = await startTestServer({ limits: { bodyBytes: 10_000_000 } })
    const deep = `${open.repeat(200_000)}${open === '[' ? '' : '1'}${close.repeat(200_000)}`
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: `{"query":"query($value: String) { json(value: $value) }","variables":{"value":${deep}}}`,
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] })
  })

  it('does not count brackets inside strings', async () => {
    const { url } = await startTestServer()
    const answer = await graphqlFetch(url, 'query($name: String) { hello(name: $name) }', {
      name: `\\"${'[{'.repeat(1_000)}`,
    })
    expect(answer.status).toBe(200)
  })

  it.each([
    ['a list of 40,000 items', { of: Array.from({ length: 40_000 }, (_, index) => index) }, 'variableItems'],
    ['a text of a million characters', { name: 'x'.repeat(1_000_000) }, 'variableCharacters'],
    ['300,000 values', { of: Array.from({ length: 300 }, () => Array(1_000).fill(1)) }, 'variableValues'],
  ])('refuses %s with 400 for every media type (attack: variables)', async (_name, variables, limit) => {
    const { url } = await startTestServer({ isProduction: true, limits: { bodyBytes: 10_000_000 } })
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const query = 'query ($of: [Int!]!, $name: String) { sum(of: $of) hello(name: $name) }'
      const answer = await graphqlFetch(url, query, variables, { Accept: accept })
      expect(answer.status).toBe(400)
      expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', limit } }])
    }
  })

  it.each([2_147_483_648, -2_147_483_649, 1e300, 1.5, '1'])(
    'refuses the Int %j (attack: variables)',
    async of => {
      const { url } = await startTestServer({ isProduction: true })
      const answer = await graphqlFetch(url, 'query ($of: [Int!]!) { sum(of: $of) }', { of: [of] })
      expect(answer.status).toBe(400)
      expect(answer.errors[0]?.extensions.code).toBe('BAD_USER_INPUT')
    },
  )

  it('may be called __proto__ and constructor (attack: variables)', async () => {
    const { url } = await startTestServer()
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: `{"query":"query ($${name}: String, $other: String) { hello(name: $${name}) a: hello(name: $other) }","variables":{"${name}":"Ada"}}`,
      })
      expect(response.status).toBe(200)
      expect(await response.json()).toMatchObject({ data: { a: 'Hello world' } })
      expect(({} as { x?: unknown }).x).toBeUndefined()
    }
  })

  it('leaves prototypes alone', async () => {
    const { url } = await startTestServer()
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"query":"{ hello }","variables":{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}}',
    })
    expect(response.status).toBe(200)
    expect(({} as { x?: unknown }).x).toBeUndefined()
  })
})
