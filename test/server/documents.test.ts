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

describe('documents', () => {
  it.each(Object.entries(documents))('refuses %s with 400', async (_name, query) => {
    const { url } = await startTestServer({ isProduction: true })
    const answer = await graphqlFetch(url, query)
    expect(answer.status).toBe(400)
    expect(answer.data).toBeUndefined()
    expect(answer.errors[0]?.extensions.code).toMatch(/^GRAPHQL_(?:PARSE|VALIDATION)_FAILED$/)
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
