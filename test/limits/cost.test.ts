import { readFileSync } from 'node:fs'
import { buildSchema, getIntrospectionQuery, parse, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { firstQuery } from '../../src/app/first-query.ts'
import { createCostMeter, defaultRequestLimits } from '../../src/limits/index.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const schema = buildSchema(read('schema.graphql'))
const meter = createCostMeter({ defaultPageSize: 20, maximumPageSize: 100 })

/** What a document costs; it has to be valid. */
function costOf(text: string, variables: Record<string, unknown> = {}, operationName?: string): number {
  const document = parse(text)
  expect(validate(schema, document)).toEqual([])
  return meter({ schema, document, variables, operationName })
}

describe('the cost of a query', () => {
  it('is a point for each field, however it is called', () => {
    expect(costOf('{ __typename }')).toBe(1)
    expect(costOf('{ a: __typename b: __typename c: __typename }')).toBe(3)
    expect(costOf('{ team(where: { key: "ENG" }) { id name } }')).toBe(3)
  })

  it('is multiplied by the page: its rows, and all that is below them', () => {
    // the list, its nodes, ten rows with two fields
    expect(costOf('{ issues(first: 10) { nodes { id title } } }')).toBe(2 + 10 * 3)
    expect(costOf('{ issues(last: 10) { edges { cursor node { id } } } }')).toBe(2 + 10 * 4)
    expect(costOf('{ issues(first: 10) { nodes { comments(first: 5) { nodes { id } } } } }')).toBe(
      2 + 10 * (1 + 2 + 5 * 2),
    )
  })

  it('takes the default page where none is named, and null for none', () => {
    expect(costOf('{ issues { nodes { id } } }')).toBe(2 + 20 * 2)
    expect(costOf('{ issues(first: null) { nodes { id } } }')).toBe(2 + 20 * 2)
    expect(costOf('query ($n: Int) { issues(first: $n) { nodes { id } } }')).toBe(2 + 20 * 2)
  })

  it('does not multiply what there is once for a list', () => {
    expect(costOf('{ issues(first: 100) { pageInfo { hasNextPage endCursor } } }')).toBe(4)
  })

  it('is more for what PostgreSQL has to read all rows for', () => {
    expect(costOf('{ issues { totalCount } }')).toBe(1 + 10)
    expect(costOf('{ issues { aggregate { count avg { estimate } } } }')).toBe(1 + 10 + 3)
    expect(costOf('{ issues { groupBy(by: [status], first: 7) { count } } }')).toBe(1 + 10 + 7 * 2)
    expect(costOf('{ issues { groupBy(by: [status]) { count } } }')).toBe(1 + 10 + 100 * 2)
  })

  it('is multiplied by the length of a list of ids', () => {
    expect(costOf('{ nodes(nodeIds: ["a", "b", "c"]) { nodeId } }')).toBe(1 + 3 * 2)
    const byVariable = 'query ($ids: [ID!]!) { nodes(nodeIds: $ids) { nodeId } }'
    expect(costOf(byVariable, { ids: ['a', 'b'] })).toBe(1 + 2 * 2)
    expect(costOf(byVariable, { ids: 'a' })).toBe(1 + 2)
  })

  it('reads sizes from variables, their defaults and no prototype', () => {
    const query = 'query ($n: Int = 30) { issues(first: $n) { nodes { id } } }'
    expect(costOf(query, { n: 50 })).toBe(2 + 50 * 2)
    expect(costOf(query)).toBe(2 + 30 * 2)
    expect(costOf(query, { n: null })).toBe(2 + 20 * 2)
    const strange = 'query ($constructor: Int) { issues(first: $constructor) { nodes { id } } }'
    expect(costOf(strange)).toBe(2 + 20 * 2)
  })

  it('leaves out what is skipped', () => {
    const query =
      'query ($with: Boolean!) { issues(first: 10) { nodes { id title @include(if: $with) ...T @skip(if: $with) } } } fragment T on Issue { team { id } }'
    expect(costOf(query, { with: true })).toBe(2 + 10 * 3)
    expect(costOf(query, { with: false })).toBe(2 + 10 * 4)
    expect(costOf('{ __typename issues @skip(if: true) { totalCount } }')).toBe(1)
    expect(costOf('{ __typename ... @include(if: false) { issues { totalCount } } }')).toBe(1)
  })

  it('counts once what two fragments both select, as the answer has it once', () => {
    const fragments = 'fragment A on Issue { id team { id } } fragment B on Issue { id team { id name } }'
    expect(costOf(`{ issues(first: 10) { nodes { ...A ...B id } } } ${fragments}`)).toBe(2 + 10 * 5)
  })

  it('of an object of several types is that of the dearest', () => {
    expect(costOf('{ node(nodeId: "x") { nodeId ... on Issue { id title } ... on Team { id } } }')).toBe(
      1 + 1 + 2,
    )
  })

  it('is that of the operation that is meant', () => {
    const two = 'query A { __typename } query B { issues(first: 10) { nodes { id } } }'
    expect(costOf(two, {}, 'A')).toBe(1)
    expect(costOf(two, {}, 'B')).toBe(22)
    expect(costOf(two, {}, 'C')).toBe(1)
  })

  it('is the same when the document comes again', () => {
    const document = parse('query ($n: Int) { issues(first: $n) { nodes { id } } }')
    const cost = (n: number) => meter({ schema, document, variables: { n } })
    expect([cost(1), cost(100), cost(1)]).toEqual([4, 202, 4])
  })
})

describe('a cost that nobody can pay', () => {
  const nested = (rows: string) =>
    `query ${rows === '$n' ? '($n: Int)' : ''} { issues(first: ${rows}) { nodes { comments(first: ${rows}) { nodes { issue { comments(first: ${rows}) { nodes { id } } } } } } } }`

  it('is exact for a page of a billion', () => {
    expect(costOf('{ issues(first: 1000000000) { nodes { id } } }')).toBe(2_000_000_002)
  })

  it('ends at the largest exact number, for pages inside of one another', () => {
    expect(costOf(nested('$n'), { n: 1_000_000_000 })).toBe(Number.MAX_SAFE_INTEGER)
    expect(costOf(nested('2000000000'))).toBe(Number.MAX_SAFE_INTEGER)
    expect(costOf(nested('$n'), { n: Number.MAX_VALUE })).toBe(Number.MAX_SAFE_INTEGER)
    expect(costOf(nested('$n'), { n: Number.POSITIVE_INFINITY })).toBe(Number.MAX_SAFE_INTEGER)
  })

  it.each([-1, 0, -1e9, Number.NaN])('is no less for a page of %s', n => {
    expect(costOf(nested('$n'), { n })).toBe(2)
  })

  it.each(['10', [10], { first: 10 }, true])('is that of a default page for %j, which is no number', n => {
    expect(costOf('query ($n: Int) { issues(first: $n) { nodes { id } } }', { n })).toBe(42)
  })
})

describe('the cost of a mutation', () => {
  const create = 'mutation ($data: [TeamCreateInput!]!) { createTeams(data: $data) { count } }'

  it('is ten points for each row that it writes', () => {
    expect(costOf('mutation { deleteTeam(where: { key: "A" }) { team { id } } }')).toBe(10 + 2)
    expect(costOf(create, { data: Array(50).fill({ key: 'A', name: 'a' }) })).toBe(10 * 51 + 1)
  })

  it('counts nested rows', () => {
    const data = [{ key: 'A', name: 'a', labels: { create: [{ name: 'x' }, { name: 'y' }] } }]
    expect(costOf(create, { data })).toBe(10 * 4 + 1)
    expect(
      costOf(
        'mutation { updateTeam(where: { key: "A" }, data: { labels: { create: [{ name: "x", color: "#000000" }] } }) { errors { message } } }',
      ),
    ).toBe(10 * 2 + 1 + 2 * 2)
  })

  it('counts as many rows as atMost allows', () => {
    const text = 'mutation ($most: Int!) { deleteIssues(where: {}, atMost: $most) { count } }'
    expect(costOf(text, { most: 500 })).toBe(10 * 500 + 1)
    expect(costOf('mutation { deleteIssues(where: {}) { count } }')).toBe(10 + 1)
  })

  it('multiplies the rows that come back', () => {
    expect(costOf('mutation { deleteIssues(where: {}, atMost: 100) { issues { id title } } }')).toBe(
      10 * 100 + 1 + 100 * 3,
    )
  })
})

describe('a price of its own', () => {
  it('is taken from the definition of a field', () => {
    const own = buildSchema('type Query { dear: String cheap: String }')
    Object.assign(own.getQueryType()?.getFields().dear ?? {}, { extensions: { cost: 500 } })
    expect(meter({ schema: own, document: parse('{ dear cheap }') })).toBe(501)
  })
})

describe('the budget', () => {
  const { cost: maximum } = defaultRequestLimits
  const page = (depth: number): string =>
    depth === 0 ? 'id' : `comments(first: 100) { nodes { issue { ${page(depth - 1)} } } }`

  it("has room for GraphiQL's introspection, whatever the size of the schema", () => {
    const query = getIntrospectionQuery({
      specifiedByUrl: true,
      inputValueDeprecation: true,
      schemaDescription: true,
      directiveIsRepeatable: true,
      oneOf: true,
    })
    expect(costOf(query)).toBeLessThan(maximum / 4)
    const small = buildSchema('type Query { a: Int }')
    expect(meter({ schema: small, document: parse(query) })).toBe(costOf(query))
  })

  it('has room for the first query and for two full pages inside of one another', () => {
    expect(costOf(firstQuery)).toBeLessThan(maximum)
    expect(costOf(`{ issues(first: 100) { nodes { id title ${page(1)} } } }`)).toBeLessThan(maximum)
  })

  it('has none for three full pages inside of one another', () => {
    expect(costOf(`{ issues(first: 100) { nodes { ${page(2)} } } }`)).toBeGreaterThan(maximum)
  })

  it('has room for every example of the documentation', () => {
    for (const file of ['README.md', 'docs/api.md', 'docs/errors.md', 'docs/example-application.md']) {
      for (const [, text = ''] of read(file).matchAll(/```graphql\n([\s\S]*?)```/g)) {
        const document = parse(text)
        // some are about schemas of readers
        if (validate(schema, document).length > 0) continue
        for (const definition of document.definitions) {
          const operationName = 'name' in definition ? definition.name?.value : undefined
          expect(meter({ schema, document, operationName }), text).toBeLessThan(maximum / 10)
        }
      }
    }
  })
})
