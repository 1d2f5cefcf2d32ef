import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { byReads, createTestEngine, type TestEngine } from '../../support/engine.ts'

const parents = [5, 50] as const

interface Case {
  readonly name: string
  readonly query: string
  /** Of the resolvers. */
  readonly statements: number
  /** Of the compiled read. Default: 1. */
  readonly compiled?: number
}

/** What is asked, and how many statements it takes however many rows there are. */
const cases: readonly Case[] = [
  {
    name: 'a list with three levels of relations',
    query: `{ teams(first: 100) { nodes { name issues { nodes { title author { name } comments { nodes { body author { name } } } } } } } }`,
    // teams, their issues, the authors, the comments, their authors
    statements: 5,
  },
  {
    name: 'to-one relations to three levels',
    query: `{ comments(first: 100) { nodes { issue { team { name } project { lead { name profile { bio } } } } } } }`,
    statements: 6,
  },
  {
    name: 'the same relation twice with different arguments',
    query: `{ teams(first: 100) { nodes {
      open: issues(where: { status: { equals: TODO } }, first: 2) { nodes { title } }
      done: issues(where: { status: { equals: DONE } }, orderBy: [{ title: DESC }], first: 3) { nodes { title } } } } }`,
    statements: 3,
  },
  {
    name: 'the same relation in two aliases of the list',
    query: `{ a: teams(first: 100) { nodes { issues(first: 1) { nodes { title } } } }
              b: teams(first: 100) { nodes { issues(first: 2) { nodes { title } } } } }`,
    statements: 4,
    compiled: 2,
  },
  {
    name: 'counts',
    query: `{ teams(first: 100) { totalCount nodes { issues { totalCount } labels { totalCount } } } }`,
    statements: 4,
  },
  {
    name: 'a page and its count',
    query: `{ teams(first: 100) { nodes { issues(first: 2, offset: 1) { totalCount nodes { title } pageInfo { hasNextPage endCursor } } } } }`,
    statements: 2,
  },
  {
    name: 'pages of a many-to-many relation',
    query: `{ issues(first: 100) { nodes { labels(first: 1, orderBy: [{ name: DESC }]) { totalCount nodes { name issues(first: 1) { nodes { title } } } } } } }`,
    statements: 3,
  },
  {
    name: 'lists of lists of lists with pages',
    query: `{ teams(first: 100) { nodes { projects(first: 2) { nodes { issues(first: 2) { nodes { comments(last: 1) { nodes { body } } } } } } } } }`,
    statements: 4,
  },
  {
    name: 'aggregates',
    query: `{ teams(first: 100) { aggregate { count max { lastIssueNumber } }
      nodes { issues { totalCount aggregate { count sum { estimate } avg { progress } max { createdAt } } } } } }`,
    statements: 3,
  },
  {
    name: 'groups with a related row in their key',
    query: `{ issues { groupBy(by: [teamId], orderBy: [{ count: DESC }]) { count key { team { name } } } } }`,
    statements: 2,
  },
  {
    name: 'nested groups',
    query: `{ teams(first: 100) { nodes { issues { groupBy(by: [status, assigneeId]) { count sum { estimate } key { status assignee { name } } } } } } }`,
    statements: 3,
  },
  {
    name: 'nested groups across a many-to-many relation',
    query: `{ issues(first: 100) { nodes { labels { groupBy(by: [color]) { count key { color } } } } } }`,
    statements: 2,
  },
  {
    name: 'nested groups and aggregates across a many-to-many relation with a filter',
    query: `{ labels(first: 100) { nodes {
      issues(where: { priority: { not: NONE } }) { aggregate { count sum { estimate } } groupBy(by: [priority]) { count key { priority } } } } } }`,
    statements: 5,
  },
  {
    name: 'points',
    query: `{ users(first: 100) { nodes { profile { location } } } }`,
    statements: 3,
  },
  {
    name: 'full-text search',
    query: `{ issues(where: { search: { query: "fox" } }, first: 100) { totalCount nodes { title team { name } } } }`,
    // the matches, the page, the count, the teams
    statements: 4,
    compiled: 2,
  },
  {
    name: 'full-text search under every parent',
    query: `{ teams(first: 100) { nodes { issues(where: { search: { query: "fox" } }) { totalCount nodes { title } } } } }`,
    statements: 3,
    compiled: 2,
  },
  {
    name: 'orders by relations and by counts',
    query: `{ issues(first: 100, orderBy: [{ team: { name: DESC } }, { comments: { count: DESC } }, { assignee: { name: ASC } }]) { edges { cursor node { title } } } }`,
    // the orders' own relations are read along with the rows
    statements: 3,
  },
  {
    name: 'a connection of which nothing is asked that has to be read',
    query: `{ teams(first: 100) { nodes { issues { __typename } } __typename } }`,
    statements: 1,
  },
]

describe('statements', () => {
  let api: TestEngine

  beforeAll(async () => {
    api = await createTestEngine()
  }, 60_000)
  afterAll(() => api.close())

  describe.each(parents)('with %i parents', count => {
    beforeAll(() => fill(api, count))

    test.each(cases)('$name', async ({ query, statements, compiled = 1 }) => {
      const answer = await api.query(query)
      expect(answer.errors).toBeUndefined()
      expect(answer.statements).toHaveLength(byReads({ compiled, prisma: statements }))
    })

    test('a row by each unique key in aliases', async () => {
      const answer = await api.query(
        `{ a: team(where: { key: "TB" }) { name } b: team(where: { key: "TC" }) { name issues { totalCount } } }`,
      )
      expect(answer.data).toEqual({
        a: { name: 'Team 1' },
        b: { name: 'Team 2', issues: { totalCount: 3 } },
      })
      expect(answer.statements.length).toBeLessThanOrEqual(byReads({ compiled: 2, prisma: 3 }))
    })

    test('nodes of several types: one, or one for each type', async () => {
      const { data } = await api.query(
        `{ teams(first: ${count}) { nodes { nodeId } } users(first: ${count}) { nodes { nodeId } } }`,
      )
      const nodeIds = [...data.teams.nodes, ...data.users.nodes].map(
        (node: { nodeId: string }) => node.nodeId,
      )
      const answer = await api.query(
        `query ($nodeIds: [ID!]!) { nodes(nodeIds: $nodeIds) {
           nodeId ... on Team { name issues(first: 1) { nodes { title } } } ... on User { email profile { bio } } } }`,
        { nodeIds },
      )
      expect(answer.errors).toBeUndefined()
      expect(answer.data.nodes.map((node: { nodeId: string }) => node.nodeId)).toEqual(nodeIds)
      expect(answer.statements).toHaveLength(byReads({ compiled: 1, prisma: 4 }))
      expect(answer.data.nodes[0].issues.nodes).toHaveLength(1)
    })

    test('fragments and directives read no more than they ask for', async () => {
      const answer = await api.query(
        `query ($no: Boolean!) { teams(first: 100) { ...page nodes { issues @include(if: $no) { nodes { title } } } } }
         fragment page on TeamConnection { nodes { name labels { ...labels } } }
         fragment labels on LabelConnection { nodes { name } }`,
        { no: false },
      )
      expect(answer.errors).toBeUndefined()
      expect(answer.statements).toHaveLength(byReads({ compiled: 1, prisma: 2 }))
    })
  })
})

/** So many teams, each with a user, a project, three issues, two labels and a comment on each issue. */
async function fill({ sql }: TestEngine, count: number): Promise<void> {
  const id = (kind: number, expression: string) =>
    `('00000000-0000-4000-8000-' || lpad((${kind} * 1000000 + ${expression})::text, 12, '0'))::uuid`
  const series = `FROM generate_series(1, ${count}) i`
  const issues = `${series}, generate_series(1, 3) k`
  await sql('TRUNCATE users, teams CASCADE')
  await sql(
    `INSERT INTO users (id, email, name, handle, updated_at)
     SELECT ${id(1, 'i')}, i || '@example.com', 'User ' || i, 'user-' || i, now() ${series}`,
  )
  await sql(
    `INSERT INTO profiles (id, user_id, bio, location)
     SELECT ${id(2, 'i')}, ${id(1, 'i')}, 'Bio ' || i, point(i, -i) ${series}`,
  )
  await sql(
    `INSERT INTO teams (id, key, name, updated_at)
     SELECT ${id(3, 'i')}, 'T' || translate(i::text, '0123456789', 'ABCDEFGHIJ'), 'Team ' || i, now() ${series}`,
  )
  await sql(
    `INSERT INTO projects (id, team_id, lead_id, name, updated_at)
     SELECT ${id(4, 'i')}, ${id(3, 'i')}, ${id(1, 'i')}, 'Project', now() ${series}`,
  )
  await sql(
    `INSERT INTO issues (id, team_id, title, author_id, assignee_id, project_id, estimate, priority, status, updated_at)
     SELECT ${id(5, 'i * 10 + k')}, ${id(3, 'i')}, 'The quick fox ' || k, ${id(1, 'i')}, ${id(1, 'i')}, ${id(4, 'i')}, k,
            (ARRAY['LOW', 'HIGH', 'NONE'])[k]::issue_priority, (ARRAY['TODO', 'TODO', 'BACKLOG'])[k]::issue_status, now()
     ${issues}`,
  )
  await sql(
    `INSERT INTO labels (id, team_id, name, color)
     SELECT ${id(6, 'i * 10 + k')}, ${id(3, 'i')}, 'label ' || k, '#00000' || k ${series}, generate_series(1, 2) k`,
  )
  await sql(
    `INSERT INTO _issue_labels ("A", "B") SELECT ${id(5, 'i * 10 + k')}, ${id(6, 'i * 10 + l')}
     ${issues}, generate_series(1, 2) l`,
  )
  await sql(
    `INSERT INTO comments (id, issue_id, author_id, body)
     SELECT ${id(7, 'i * 10 + k')}, ${id(5, 'i * 10 + k')}, ${id(1, 'i')}, 'Comment' ${issues}`,
  )
}
