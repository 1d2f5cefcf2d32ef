import { readFileSync } from 'node:fs'
import { type ExecutionResult, graphql, parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PrismaClient } from '../../.refract/generated/client/client.ts'
import { getDatamodel } from '../../.refract/generated/pothos.ts'
import config from '../../refract.config.ts'
import { firstQuery } from '../../src/app/first-query.ts'
import { createRows } from '../../src/app/seed/create-rows.ts'
import { countStatements, createClient, type Database, openDatabase } from '../../src/database/index.ts'
import {
  administrator,
  anonymous,
  createEngine,
  createViewer,
  type DatamodelDescription,
  type Engine,
  type Viewer,
} from '../../src/engine/index.ts'
import { silentLog } from '../../src/observe/log.ts'
import { startServer } from '../../src/server/index.ts'
import { findChromium, withBrowserPage } from '../support/browser.ts'
import { createExampleDatabase, type ExampleDatabase } from './example-database.ts'

const datamodelFile = new URL('../../.refract/generated/datamodel.json', import.meta.url)

describe('the example application', () => {
  const rows = createRows()
  let database: ExampleDatabase
  let opened: Database
  let client: PrismaClient
  let engine: Engine

  beforeAll(async () => {
    database = await createExampleDatabase()
    opened = await openDatabase({ url: database.url, projectDir: process.cwd() })
    client = createClient(opened, PrismaClient)
    await config.seed?.({
      client,
      log: () => undefined,
      progress: () => ({ advance: () => undefined, done: () => undefined }),
    })
    engine = createEngine({
      datamodel: JSON.parse(readFileSync(datamodelFile, 'utf8')) as DatamodelDescription,
      pothosDatamodel: getDatamodel(),
      client,
      config,
    })
  }, 60_000)
  afterAll(async () => {
    await client.$disconnect()
    await opened.close()
    await database.drop()
  })

  const ask = async (
    source: string,
    variableValues: Record<string, unknown> = {},
    viewer: Viewer = administrator,
  ) => {
    const schema = engine.schemaFor(viewer)
    const { result, queries } = await countStatements(async () =>
      graphql({ schema, source, variableValues, contextValue: engine.createContext({ viewer }) }),
    )
    return { ...(result as ExecutionResult<Record<string, never>>), statements: queries.length }
  }

  test('the first query answers without errors and has rows to show', async () => {
    const { data, errors, statements } = await ask(firstQuery)
    expect(errors).toBeUndefined()
    // The team, its issues and their number, the groups and their number, and one each for people, profiles, places,
    // labels and comments with their authors; never one a row.
    expect(statements).toBeLessThanOrEqual(12)
    expect(data).toMatchObject({
      team: { name: 'Engineering', issues: { nodes: expect.arrayContaining([expect.anything()]) } },
    })
  })

  // Only where there is a browser to look with.
  if (findChromium() !== undefined) {
    test('GraphiQL runs the first query in a browser without a network', { timeout: 60_000 }, async () => {
      const server = await startServer({
        schema: engine.schema,
        createContext: () => engine.createContext(),
        ping: () => opened.ping(2_000),
        host: '127.0.0.1',
        port: 0,
        isProduction: false,
        access: 'everyone',
        log: silentLog,
        firstQuery,
      })
      try {
        await withBrowserPage(async ({ page, requestedUrls, complaints }) => {
          await page.goto(server.url)
          await page.locator('.graphiql-execute-button').click()
          const answer = page.locator('.result-window')
          await expect.poll(() => answer.textContent(), { timeout: 30_000 }).toContain('"Engineering"')
          const origins = new Set(requestedUrls.map(url => new URL(url).origin))
          expect([...origins]).toEqual([new URL(server.url).origin])
          expect(complaints).toEqual([])
        })
      } finally {
        await server.close()
      }
    })
  }

  test('Issue.key joins the team’s key and the number, in one statement more for a list', async () => {
    const { data, errors, statements } = await ask('{ issues(first: 50) { nodes { key } } }')
    const first = rows.issues[0]
    const team = rows.teams.find(({ id }) => id === first?.teamId)
    expect(errors).toBeUndefined()
    expect(data).toMatchObject({ issues: { nodes: expect.arrayContaining([{ key: `${team?.key}-1` }]) } })
    expect(statements).toBeLessThanOrEqual(2)
  })

  test('issueByKey finds the issue, and says what a key looks like', async () => {
    const find = 'query Find($key: String!) { issueByKey(key: $key) { key number team { key } } }'
    expect(await ask(find, { key: 'WEB-7' })).toMatchObject({
      data: { issueByKey: { key: 'WEB-7', number: 7, team: { key: 'WEB' } } },
    })
    expect(await ask(find, { key: 'WEB-9999' })).toMatchObject({ data: { issueByKey: null } })
    expect(await ask(find, { key: 'seven' })).toMatchObject({
      errors: [{ message: 'Expected the key of an issue, as "ENG-42", got "seven".' }],
    })
  })

  test('teamWorkload sums up what people have to do, in two statements', async () => {
    const { data, errors, statements } = await ask(
      '{ teamWorkload(teamKey: "ENG") { user { email } openIssues points } }',
    )
    const expected = await database.query(`
      SELECT users.email, count(*)::int AS "openIssues", coalesce(sum(estimate), 0)::int AS points
      FROM issues JOIN users ON users.id = assignee_id JOIN teams ON teams.id = team_id
      WHERE teams.key = 'ENG' AND status NOT IN ('DONE', 'CANCELLED')
      GROUP BY users.id ORDER BY count(*) DESC, users.id`)
    expect(errors).toBeUndefined()
    expect(expected.length).toBeGreaterThan(3)
    expect(data).toEqual({
      teamWorkload: expected.map(({ email, openIssues, points }) => ({
        user: { email },
        openIssues,
        points,
      })),
    })
    expect(statements).toBe(2)
  })

  describe('closeIssue', () => {
    const close = `mutation Close($key: String!, $comment: String) {
      closeIssue(key: $key, comment: $comment) {
        issue { key status progress closedAt commentCount }
        errors { __typename message path }
      }
    }`
    const refusal = (__typename: string, message: string, path: string[]) => ({
      data: { closeIssue: { issue: null, errors: [{ __typename, message, path }] } },
    })
    const john = createViewer({ id: rows.users[0]?.id ?? null, roles: ['admin'] })
    let key: string
    let comments: number

    beforeAll(async () => {
      const [issue] = await database.query<{ key: string; comments: number }>(`
        SELECT teams.key || '-' || number AS key, comment_count AS comments
        FROM issues JOIN teams ON teams.id = team_id WHERE closed_at IS NULL ORDER BY issues.id LIMIT 1`)
      key = issue?.key ?? ''
      comments = issue?.comments ?? 0
    })

    test('changes nothing when the comment is refused', async () => {
      expect(await ask(close, { key, comment: '\n' }, john)).toMatchObject({
        data: { closeIssue: { issue: null, errors: [{ __typename: 'CheckError' }] } },
      })
      expect(
        await ask('query Find($key: String!) { issueByKey(key: $key) { closedAt } }', { key }),
      ).toMatchObject({
        data: { issueByKey: { closedAt: null } },
      })
    })

    test('closes the issue and writes the comment', async () => {
      const { data, errors } = await ask(close, { key, comment: 'Released.' }, john)
      expect(errors).toBeUndefined()
      expect(data).toMatchObject({
        closeIssue: {
          issue: {
            key,
            status: 'DONE',
            progress: 1,
            closedAt: expect.anything(),
            commentCount: comments + 1,
          },
          errors: [],
        },
      })
    })

    test('refuses an issue that is closed, one that does not exist, and a comment by nobody', async () => {
      expect(await ask(close, { key })).toMatchObject(
        refusal('ValidationError', `Expected an open issue; ${key} is closed already.`, ['key']),
      )
      expect(await ask(close, { key: 'ENG-9999' })).toMatchObject(
        refusal('NotFoundError', 'Expected the key of an issue; there is no ENG-9999.', ['key']),
      )
      const open = await database.query<{ key: string }>(`
        SELECT teams.key || '-' || number AS key
        FROM issues JOIN teams ON teams.id = team_id WHERE closed_at IS NULL ORDER BY issues.id LIMIT 1`)
      expect(await ask(close, { key: open[0]?.key, comment: 'Done.' })).toMatchObject(
        refusal('ValidationError', 'Expected somebody who has signed in to write the comment; nobody has.', [
          'comment',
        ]),
      )
    })
  })

  test('who may see an issue hears of those who write in it, by their names', async () => {
    const john = createViewer({ id: rows.users[0]?.id ?? null, roles: ['admin'] })
    const [issue] = await database.query<{ id: string }>('SELECT id FROM issues LIMIT 1')
    const subscribe = async (viewer: Viewer) => {
      const results = await engine.subscribe({
        schema: engine.schemaFor(viewer),
        document: parse('subscription ($id: UUID!) { issueTyping(issueId: $id) }'),
        variableValues: { id: issue?.id },
        contextValue: engine.createContext({ viewer }),
      })
      if (!('next' in results)) throw new Error('There is no stream.')
      return results
    }
    const heard = await subscribe(john)
    const type = 'mutation ($id: UUID!) { typeInIssue(issueId: $id) }'
    expect((await ask(type, { id: issue?.id }, john)).data).toEqual({ typeInIssue: true })
    expect((await heard.next()).value).toEqual({ data: { issueTyping: 'John Doe' } })
    await heard.return?.()
    expect((await ask(type, { id: john.id }, john)).data).toEqual({ typeInIssue: false })
    const { errors } = await ask(type, { id: issue?.id }, anonymous)
    expect(errors?.map(({ message }) => message)).toContain(
      'Cannot query field "typeInIssue" on type "Mutation".',
    )
  })
})
