import { readFileSync } from 'node:fs'
import { buildSchema, getIntrospectionQuery } from 'graphql'
import { describe, expect, it } from 'vitest'
import { administrator, anonymous } from '../../src/engine/index.ts'
import type { ServerOptions } from '../../src/server/index.ts'
import { graphqlFetch } from '../support/http.ts'
import { startTestServer } from './test-server.ts'

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'))

const start = (options: Partial<ServerOptions> = {}) =>
  startTestServer({
    schema,
    isProduction: true,
    isIntrospectionOpen: false,
    identify: async ({ requestHeaders }) => (requestHeaders.has('x-admin') ? administrator : anonymous),
    ...options,
  })

describe('closed introspection', () => {
  it.each([
    ['of the schema', getIntrospectionQuery()],
    ['of a type', '{ __type(name: "Issue") { name } }'],
    ['under another name', '{ x: __schema { description } }'],
    ['in a fragment', '{ ...F } fragment F on Query { ... { __schema { description } } }'],
  ])('refuses introspection %s', async (_name, query) => {
    const { url } = await start()
    const answer = await graphqlFetch(url, query)
    expect(answer.status).toBe(403)
    expect(answer.data).toBeUndefined()
    expect(answer.errors.map(({ extensions }) => extensions)).toEqual([{ code: 'INTROSPECTION_CLOSED' }])
  })

  it('leaves __typename', async () => {
    const { url } = await start()
    expect((await graphqlFetch(url, '{ __typename }')).data).toEqual({ __typename: 'Query' })
  })

  it('is open for administrators, also after others have asked the same', async () => {
    const { url } = await start()
    const query = '{ __schema { queryType { name } } }'
    const asAdmin = () => graphqlFetch(url, query, {}, { 'X-Admin': '1' })
    expect((await asAdmin()).data).toEqual({ __schema: { queryType: { name: 'Query' } } })
    expect((await graphqlFetch(url, query)).status).toBe(403)
    expect((await asAdmin()).status).toBe(200)
  })
})

const misspelt: Readonly<Record<string, [query: string, variables?: Record<string, unknown>]>> = {
  'a field': ['{ issue(where: { id: "x" }) { titel } }'],
  'a field of the root': ['{ isues { totalCount } }'],
  'an argument': ['{ issues(frist: 1) { totalCount } }'],
  'a type': ['{ node(nodeId: "x") { ... on Isue { id } } }'],
  'a field of a fragment': ['{ node(nodeId: "x") { title } }'],
  'a field of an input': ['{ issues(where: { titel: { equals: "x" } }) { totalCount } }'],
  'an enum value': ['{ issues(where: { status: { equals: TOD } }) { totalCount } }'],
  'an enum value as a text': ['{ issues(where: { status: { equals: "TODO" } }) { totalCount } }'],
  'an enum value in a variable': [
    'query ($s: IssueStatus) { issues(where: { status: { equals: $s } }) { totalCount } }',
    { s: 'TOD' },
  ],
  'a field of an input in a variable': [
    'query ($w: IssueFilter) { issues(where: $w) { totalCount } }',
    { w: { titel: { equals: 'x' } } },
  ],
  'a directive': ['{ issues @inclde(if: true) { totalCount } }'],
  'a selection that is missing': ['{ issues }'],
  'a fragment': ['{ ...Issu } fragment Issue on Query { __typename }'],
}

describe('messages about names that are not there', () => {
  it.each(Object.entries(misspelt))(
    'suggest nothing where introspection is closed: %s',
    async (_name, [query, variables]) => {
      const { url } = await start()
      const answer = await graphqlFetch(url, query, variables)
      expect(answer.errors.length).toBeGreaterThan(0)
      expect(JSON.stringify(answer.errors)).not.toMatch(/did you mean/i)
      expect(answer.errors[0]?.extensions.code).toMatch(/^(?:GRAPHQL_VALIDATION_FAILED|BAD_USER_INPUT)$/)
    },
  )

  it('suggest what is similar where it is open, and to administrators', async () => {
    const open = await start({ isIntrospectionOpen: true })
    const closed = await start()
    const [query] = misspelt['a field'] ?? ['']
    for (const answer of [
      await graphqlFetch(open.url, query),
      await graphqlFetch(closed.url, query, {}, { 'X-Admin': '1' }),
    ]) {
      expect(answer.errors[0]?.message).toContain('Did you mean "title"?')
    }
    expect((await graphqlFetch(closed.url, query)).errors[0]?.message).toBe(
      'Cannot query field "titel" on type "Issue".',
    )
  })
})
