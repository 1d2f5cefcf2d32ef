import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { extractDocuments } from '../../src/cli/persist/extract-documents.ts'
import { createDocumentSource, readPersistedDocuments } from '../../src/limits/index.ts'
import { createProjectFolder } from '../support/project-folder.ts'
import { runRefract } from '../support/run-refract.ts'

const schema = `
type Query { team(key: String!): Team }
type Team { name: String! lead: User }
type User { name: String! }
`

const web = {
  'api.graphql': schema,
  'web/team.graphql': 'fragment Lead on User { name }\n',
  'web/team.tsx': `
import { gql } from '@apollo/client'
import { leadFragment } from './lead'

export const query = gql\`
  query Team($key: String!) {
    team(key: $key) { name lead { ...Lead } }
  }
  \${leadFragment}
\`
export const Page = () => <p>{\`no { graphql\`}</p>
`,
  'web/node_modules/other/index.js': 'gql`query Other { x }`',
  'web/readme.md': 'query Readme { x }',
}

const body = `query Team($key: String!) {
  team(key: $key) {
    name
    lead {
      ...Lead
      __typename
    }
    __typename
  }
}

fragment Lead on User {
  name
  __typename
}`

describe('refract persist', () => {
  const persist = (files: Readonly<Record<string, string>>, ...more: string[]) => {
    const directory = createProjectFolder(files)
    const result = runRefract(['persist', 'web', '--schema', 'api.graphql', ...more], { directory })
    return { directory, result }
  }

  it("writes a list of the front end's operations that the server reads", async () => {
    const { directory, result } = persist(web)
    expect(await result).toMatchObject({
      exitCode: 0,
      stdout: '✓ persisted-documents.json: 1 operation of 2 files\n',
    })
    const file = join(directory, 'persisted-documents.json')
    const id = createHash('sha256').update(body).digest('hex')
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: [{ id, name: 'Team', type: 'query', body }],
    })
    const find = createDocumentSource({ persisted: readPersistedDocuments(file), isOnlyPersisted: true })
    expect(find({ documentId: `sha256:${id}` })).toBe(body)
  })

  it('leaves __typename out, where that is wanted', async () => {
    const { directory, result } = persist(web, '--no-typename', '--out', 'list.json')
    expect((await result).exitCode).toBe(0)
    expect(readFileSync(join(directory, 'list.json'), 'utf8')).not.toContain('__typename')
  })

  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    [
      'lists what does not fit the schema',
      { 'web/a.graphql': '\n\nquery A { team(key: "x") { nme } }\nquery B { tem { name } }' },
      /web\/a\.graphql:3: Cannot query field "nme" on type "Team"[\s\S]*web\/a\.graphql:4: Cannot query field "tem"/,
    ],
    [
      'wants names',
      { 'web/a.graphql': '{ team(key: "x") { name } }' },
      /web\/a\.graphql:1: The query has no name/,
    ],
    [
      'wants names once',
      { 'web/a.graphql': 'query A { __typename }', 'web/b.graphql': 'query A { a: __typename }' },
      /web\/b\.graphql:1: There is another operation A in web\/a\.graphql:1/,
    ],
    [
      'misses fragments',
      { 'web/a.graphql': 'query A { ...F }' },
      /There is no fragment F in the files given/,
    ],
    [
      'says where the GraphQL breaks',
      { 'web/a.ts': '\nconst a = gql`query A {`' },
      /web\/a\.ts:2 cannot be read: Syntax Error/,
    ],
    ['says where the code breaks', { 'web/a.ts': 'const = 1' }, /web\/a\.ts cannot be read: /],
  ])('%s, and writes nothing', async (_name, files, message) => {
    const { directory, result } = persist({ 'api.graphql': schema, ...files })
    const { exitCode, stderr } = await result
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(message)
    expect(() => readFileSync(join(directory, 'persisted-documents.json'))).toThrow('ENOENT')
  })

  it('says what is not there', async () => {
    const directory = createProjectFolder({ 'api.graphql': schema })
    expect(await runRefract(['persist', 'web'], { directory })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('web is not there; expected a file or folder of the front end'),
    })
  })
})

describe('GraphQL in code', () => {
  const textsOf = (code: string, file = 'a.ts') => extractDocuments(code, file).map(({ text }) => text.trim())

  it.each([
    ['gql`query A { a }`'],
    ['graphql`query A { a }`'],
    ['gql(`query A { a }`)'],
    ['const q = /* GraphQL */ `query A { a }`'],
    ['f(/* GraphQL */ `query A { a }`)'],
    ['const a: string = b! as string; export default { q: gql`query A { a }` } satisfies object'],
    ['class A { @dec() q = gql`query A { a }` }'],
    [`const q = gql\`query A { a } \${fragment}\``],
  ])('is found: %s', code => {
    expect(textsOf(code)).toEqual(['query A { a }'])
  })

  it.each([
    ['`query A { a }`'],
    ['css`a { b }`'],
    ['sql("query A { a }")'],
    ['// gql`query A { a }`'],
    ['"gql`query A { a }`"'],
  ])('is not taken for GraphQL: %s', code => {
    expect(textsOf(code)).toEqual([])
  })

  it('is found in every kind of file, with its line', () => {
    expect(extractDocuments('\n\nconst a = <b>{gql`query A { a }`}</b>', 'a.jsx')).toEqual([
      { text: 'query A { a }', line: 3 },
    ])
    expect(textsOf('const a = <T,>(x: T) => gql`query A { a }`', 'a.mts')).toEqual(['query A { a }'])
    expect(textsOf('const q = <string>gql`query A { a }`', 'a.ts')).toEqual(['query A { a }'])
    expect(textsOf('module.exports = gql`query A { a }`', 'a.cjs')).toEqual(['query A { a }'])
  })
})
