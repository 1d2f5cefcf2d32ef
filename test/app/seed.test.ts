import { createHash } from 'node:crypto'
import { verifyPassword } from 'better-auth/crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { PrismaClient } from '../../.refract/generated/client/client.ts'
import { createRows } from '../../src/app/seed/create-rows.ts'
import { developmentPassword } from '../../src/app/seed/people.ts'
import { seed } from '../../src/app/seed/seed.ts'
import { createClient, openDatabase } from '../../src/database/index.ts'
import { createExampleDatabase, type ExampleDatabase } from './example-database.ts'

const DIGEST = 'c7f92f7cc743b799869a8d9611cc511c73a898e9e45150caef3a45c534121c92'

describe('the rows of the seed', () => {
  const rows = createRows()

  test('are the same in every run, down to the last byte', () => {
    expect(digest(createRows())).toBe(digest(rows))
  })

  test('are the same on every machine: a change here means to change the data', () => {
    expect(digest(rows)).toBe(DIGEST)
  })

  test('begin with John Doe', () => {
    expect(rows.users[0]).toMatchObject({ name: 'John Doe', email: 'john@example.com', handle: 'john-doe' })
    expect([...rows.users].sort((one, other) => (one.id < other.id ? -1 : 1))[0]).toBe(rows.users[0])
  })

  test('have no id twice', () => {
    const ids = Object.values(rows).flatMap(list =>
      list.flatMap((row: object) => ('id' in row ? [row.id] : [])),
    )
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('lie before the day on which the example stands still', () => {
    const last = Math.max(...rows.comments.map(({ createdAt }) => createdAt.getTime()))
    expect(new Date(last).toISOString().slice(0, 10)).toBe('2026-01-05')
  })
})

describe('the seeded database', () => {
  let database: ExampleDatabase
  let lines: string[]
  let steps = { total: 0, advanced: 0, isDone: false }

  beforeAll(async () => {
    database = await createExampleDatabase()
    const opened = await openDatabase({ url: database.url, projectDir: process.cwd() })
    const client = createClient(opened, PrismaClient)
    lines = []
    await seed({
      client,
      log: line => lines.push(line),
      progress: (_label, total) => {
        steps = { total, advanced: 0, isDone: false }
        return {
          advance: (count = 1) => {
            steps.advanced += count
          },
          done: () => {
            steps.isDone = true
          },
        }
      },
    })
    await client.$disconnect()
    await opened.close()
  }, 60_000)
  afterAll(() => database.drop())

  const count = async (table: string) => {
    const [row] = await database.query<{ count: number }>(`SELECT count(*)::int FROM ${table}`)
    return row?.count
  }

  test('has as many rows as the example promises', async () => {
    expect({
      users: await count('users'),
      teams: await count('teams'),
      projects: await count('projects'),
      issues: await count('issues'),
      comments: await count('comments'),
    }).toEqual({ users: 50, teams: 8, projects: 30, issues: 3_000, comments: 10_000 })
  })

  test('was reported step by step to the end', () => {
    expect(steps.advanced).toBe(steps.total)
    expect(steps.isDone).toBe(true)
    expect(lines).toEqual([
      '50 people, 8 teams, 30 projects, 3,000 issues, 10,000 comments.',
      "Everyone's password is welcome-to-refract; the first is john@example.com.",
    ])
  })

  test('has John Doe with a profile, a place on the map and issues of his own', async () => {
    const rows = await database.query(`
      SELECT users.name, profiles.location IS NOT NULL AS is_located,
        (SELECT count(*) > 0 FROM issues WHERE assignee_id = users.id) AS has_issues
      FROM users JOIN profiles ON profiles.user_id = users.id WHERE email = 'john@example.com'`)
    expect(rows).toEqual([{ name: 'John Doe', is_located: true, has_issues: true }])
  })

  test('has a password for everyone that better-auth takes', async () => {
    const rows = await database.query<{ password: string }>(
      "SELECT DISTINCT password FROM accounts WHERE provider_id = 'credential' AND account_id = user_id::text",
    )
    expect(await count('accounts')).toBe(50)
    expect(rows).toHaveLength(1)
    expect(await verifyPassword({ hash: rows[0]?.password ?? '', password: developmentPassword })).toBe(true)
  })

  test('numbers the issues of each team without a gap, in the order of their creation', async () => {
    const wrong = await database.query(`
      SELECT * FROM (
        SELECT number, row_number() OVER (PARTITION BY team_id ORDER BY created_at, id) AS expected FROM issues
      ) AS numbered WHERE number <> expected`)
    expect(wrong).toEqual([])
  })

  test('counts each team’s issues and each issue’s comments rightly', async () => {
    const teams = await database.query(`
      SELECT key FROM teams
      WHERE last_issue_number <> (SELECT max(number) FROM issues WHERE team_id = teams.id)`)
    const issues = await database.query(`
      SELECT number FROM issues
      WHERE comment_count <> (SELECT count(*) FROM comments WHERE issue_id = issues.id)`)
    expect({ teams, issues }).toEqual({ teams: [], issues: [] })
  })

  test('has files that are too large for 32 bits, and issues three levels deep', async () => {
    expect(await count('attachments WHERE size > 4294967295')).toBeGreaterThan(10)
    expect(
      await count(`issues AS child JOIN issues AS parent ON parent.id = child.parent_id
        WHERE parent.parent_id IS NOT NULL`),
    ).toBeGreaterThan(10)
  })

  test('has no password in production, where everyone could know it', async () => {
    const opened = await openDatabase({ url: database.url, projectDir: process.cwd() })
    const client = createClient(opened, PrismaClient)
    await database.query('TRUNCATE users, teams CASCADE')
    vi.stubEnv('NODE_ENV', 'production')
    const said: string[] = []
    const progress = () => ({ advance: () => undefined, done: () => undefined })
    await seed({ client, progress, log: line => said.push(line) })
    vi.unstubAllEnvs()
    await client.$disconnect()
    await opened.close()
    expect({ users: await count('users'), accounts: await count('accounts') }).toEqual({
      users: 50,
      accounts: 0,
    })
    expect(said.at(-1)).toContain('refract create-admin')
  }, 60_000)

  test('writes nothing at all when something fails half-way', async () => {
    const opened = await openDatabase({ url: database.url, projectDir: process.cwd() })
    const client = createClient(opened, PrismaClient)
    await database.query('TRUNCATE users, teams CASCADE')
    await database.query('ALTER TABLE attachments ADD CONSTRAINT never CHECK (false)')
    const progress = () => ({ advance: () => undefined, done: () => undefined })
    await expect(seed({ client, progress, log: () => undefined })).rejects.toThrow()
    await client.$disconnect()
    await opened.close()
    expect(await count('users')).toBe(0)
  }, 60_000)
})

function digest(value: unknown): string {
  const text = JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? String(item) : item))
  return createHash('sha256').update(text).digest('hex')
}
