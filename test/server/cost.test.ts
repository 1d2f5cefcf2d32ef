import { readFileSync } from 'node:fs'
import { buildSchema, getIntrospectionQuery } from 'graphql'
import { describe, expect, it } from 'vitest'
import { graphqlFetch } from '../support/http.ts'
import { startTestServer } from './test-server.ts'

const example = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'))

async function fetchRaw(url: string, query: string, accept = 'application/graphql-response+json') {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: accept },
    body: JSON.stringify({ query }),
  })
  return { response, body: (await response.json()) as Record<string, unknown> }
}

describe('the cost of an operation', () => {
  it('is said in the answer and in a header', async () => {
    const { url } = await startTestServer()
    const { response, body } = await fetchRaw(url, '{ hello node { name } }')
    expect(response.headers.get('x-query-cost')).toBe('3')
    expect(body).toEqual({
      data: { hello: 'Hello world', node: { name: 'node' } },
      extensions: { cost: { requested: 3, maximum: 50_000 } },
    })
  })

  it('is said where the operation fails, too', async () => {
    const { url } = await startTestServer()
    const { body } = await fetchRaw(url, '{ notFound }')
    expect(body).toMatchObject({
      errors: [{ extensions: { code: 'NOT_FOUND' } }],
      extensions: { cost: { requested: 1, maximum: 50_000 } },
    })
  })

  it('is not said where the operator does not want it', async () => {
    const { url } = await startTestServer({ isCostAnnounced: false })
    const { response, body } = await fetchRaw(url, '{ hello }')
    expect(response.headers.get('x-query-cost')).toBeNull()
    expect(body).toEqual({ data: { hello: 'Hello world' } })
  })

  it.each(['application/graphql-response+json', 'application/json'])(
    'is refused over the maximum with 400 and the numbers, and nothing runs (%s)',
    async accept => {
      const server = await startTestServer({ limits: { cost: 11 } })
      const { response, body } = await fetchRaw(server.url, 'mutation { count again: count }', accept)
      expect(response.status).toBe(400)
      expect(response.headers.get('x-query-cost')).toBe('20')
      expect(body).toEqual({
        errors: [
          {
            message:
              'This operation may cost 20 points; at most 11 are accepted. Ask for smaller pages, or for less inside of them.',
            extensions: { code: 'QUERY_TOO_COSTLY', requested: 20, maximum: 11 },
          },
        ],
        extensions: { cost: { requested: 20, maximum: 11 } },
      })
      expect(server.counted()).toBe(0)
    },
  )

  it('is that of the variables of the moment', async () => {
    const { url } = await startTestServer({ schema: example })
    const query = 'query ($n: Int) { issues(first: $n) { nodes { comments(first: $n) { nodes { id } } } } }'
    const statusOf = async (n: number) => (await graphqlFetch(url, query, { n })).errors[0]?.extensions.code
    expect(await statusOf(10)).not.toBe('QUERY_TOO_COSTLY')
    expect(await statusOf(1_000)).toBe('QUERY_TOO_COSTLY')
    expect(await statusOf(10)).not.toBe('QUERY_TOO_COSTLY')
  })

  it.each([
    ['a page of a billion', '{ issues(first: 1000000000) { nodes { id } } }', 2_000_000_002],
    [
      'three full pages inside of one another',
      '{ issues(first: 100) { nodes { comments(first: 100) { nodes { issue { comments(first: 100) { nodes { id } } } } } } } }',
      2_040_302,
    ],
  ])('refuses %s (attack: pages)', async (_name, query, requested) => {
    const { url } = await startTestServer({ schema: example, isProduction: true })
    const answer = await graphqlFetch(url, query)
    expect(answer.status).toBe(400)
    expect(answer.errors[0]?.extensions).toEqual({ code: 'QUERY_TOO_COSTLY', requested, maximum: 50_000 })
  })

  it('lets the introspection of GraphiQL through', async () => {
    const { url } = await startTestServer({ schema: example })
    const answer = await graphqlFetch(
      url,
      getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true, schemaDescription: true }),
    )
    expect(answer).toMatchObject({ status: 200, errors: [] })
  })

  it('of a document that is not valid is not known', async () => {
    const { url } = await startTestServer()
    const { response, body } = await fetchRaw(url, '{ nothing }')
    expect(response.headers.get('x-query-cost')).toBeNull()
    expect(body.extensions).toBeUndefined()
  })
})
