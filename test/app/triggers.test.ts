import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hasTestServer } from '../support/database.ts'
import {
  createComment,
  createExampleDatabase,
  createIssue,
  createTeams,
  type ExampleDatabase,
  OTHER_TEAM,
  TEAM,
} from './example-database.ts'

// Only a server has several backends, so only there do two transactions truly run at the same time.
const KINDS = (await hasTestServer()) ? (['embedded', 'server'] as const) : (['embedded'] as const)

describe.each(KINDS)('triggers on the %s database', kind => {
  let database: ExampleDatabase

  beforeAll(async () => {
    database = await createExampleDatabase(kind)
  }, 60_000)
  beforeEach(async () => {
    await database.query('TRUNCATE users, teams CASCADE')
    await createTeams(database)
  })
  afterAll(() => database.drop())

  const readIssue = async (id: string) => {
    const [row] = await database.query('SELECT * FROM issues WHERE id = $1', [id])
    return row
  }
  const readCounters = () => database.query('SELECT key, last_issue_number AS last FROM teams ORDER BY key')

  describe('the number of an issue', () => {
    test('counts up from 1 in each team', async () => {
      const numbers = []
      for (const team_id of [TEAM, TEAM, OTHER_TEAM, TEAM]) {
        numbers.push((await createIssue(database, { team_id })).number)
      }
      expect(numbers).toEqual([1, 2, 1, 3])
    })

    test('is given once only when 40 issues are created at the same time', async () => {
      const issues = await Promise.all(Array.from({ length: 40 }, () => createIssue(database)))
      const numbers = issues.map(issue => issue.number).sort((one, other) => one - other)
      expect(numbers).toEqual(Array.from({ length: 40 }, (_, position) => position + 1))
    })

    test('stays free when the transaction fails', async () => {
      await createIssue(database)
      await expect(createIssue(database, { title: '' })).rejects.toMatchObject({ code: '23514' })
      expect((await createIssue(database)).number).toBe(2)
    })

    test('is not given again after the issue was deleted', async () => {
      const { id } = await createIssue(database)
      await database.query('DELETE FROM issues WHERE id = $1', [id])
      expect((await createIssue(database)).number).toBe(2)
    })

    test('may be chosen, and the counter moves past it', async () => {
      expect((await createIssue(database, { number: 7 })).number).toBe(7)
      expect((await createIssue(database)).number).toBe(8)
    })

    test('is a new one in the team that the issue moves to', async () => {
      await createIssue(database, { team_id: OTHER_TEAM })
      const { id } = await createIssue(database)
      await database.query('UPDATE issues SET team_id = $1 WHERE id = $2', [OTHER_TEAM, id])
      expect(await readIssue(id)).toMatchObject({ team_id: OTHER_TEAM, number: 2 })
    })

    test('never makes the counter of the team fall', async () => {
      await createIssue(database, { number: 5 })
      await database.query('UPDATE teams SET last_issue_number = 0')
      expect(await readCounters()).toEqual([
        { key: 'ENG', last: 5 },
        { key: 'OPS', last: 0 },
      ])
    })
  })

  describe('the closing of an issue', () => {
    test('is stamped when the status says so and cleared when it is opened again', async () => {
      const { id } = await createIssue(database)
      await database.query(`UPDATE issues SET status = 'DONE' WHERE id = $1`, [id])
      expect(await readIssue(id)).toMatchObject({ closed_at: expect.any(Date) })
      await database.query(`UPDATE issues SET status = 'TODO' WHERE id = $1`, [id])
      expect(await readIssue(id)).toMatchObject({ closed_at: null })
    })

    test('cannot be claimed for an open issue', async () => {
      const { closed_at } = await createIssue(database, { closed_at: new Date() })
      expect(closed_at).toBeNull()
    })
  })

  describe('the activity of an issue', () => {
    test('follows comments that are added, moved and removed', async () => {
      const created_at = new Date('2026-01-01T00:00:00Z')
      const one = await createIssue(database, { created_at })
      const other = await createIssue(database, { created_at })
      const comment = await createComment(database, one.id, new Date('2026-01-02T00:00:00Z'))
      await createComment(database, one.id, new Date('2026-01-03T00:00:00Z'))
      expect(await readIssue(one.id)).toMatchObject({
        comment_count: 2,
        last_activity_at: new Date('2026-01-03T00:00:00Z'),
      })

      await database.query('UPDATE comments SET issue_id = $1 WHERE id = $2', [other.id, comment.id])
      expect(await readIssue(one.id)).toMatchObject({ comment_count: 1 })
      expect(await readIssue(other.id)).toMatchObject({
        comment_count: 1,
        last_activity_at: new Date('2026-01-02T00:00:00Z'),
      })

      await database.query('DELETE FROM comments')
      expect(await readIssue(one.id)).toMatchObject({ comment_count: 0, last_activity_at: created_at })
    })

    test('leaves updated_at alone: a comment is no edit of the issue', async () => {
      const issue = await createIssue(database)
      await createComment(database, issue.id)
      expect(await readIssue(issue.id)).toMatchObject({ updated_at: issue.updated_at })
    })

    test('cannot be set by hand', async () => {
      const issue = await createIssue(database, { comment_count: 5 })
      await database.query(`UPDATE issues SET comment_count = 9, last_activity_at = '2030-01-01'`)
      expect(await readIssue(issue.id)).toMatchObject({
        comment_count: 0,
        last_activity_at: issue.last_activity_at,
      })
    })

    test('counts every one of 40 comments that come at the same time, on two issues at once', async () => {
      const issues = [await createIssue(database), await createIssue(database)]
      const ids = issues.map(issue => issue.id)
      await Promise.all(
        Array.from({ length: 20 }, (_, position) =>
          database.query(
            `INSERT INTO comments (id, issue_id, author_id, body)
             SELECT gen_random_uuid(), issues.id, author_id, 'A word' FROM issues
             JOIN unnest($1::uuid[]) WITH ORDINALITY AS given (id, position) USING (id) ORDER BY given.position`,
            [position % 2 ? ids : [...ids].reverse()],
          ),
        ),
      )
      expect(await database.query('SELECT comment_count FROM issues')).toEqual([
        { comment_count: 20 },
        { comment_count: 20 },
      ])
    })
  })

  test('the version of a comment grows with each change; editedAt only with the body', async () => {
    const issue = await createIssue(database)
    await createComment(database, issue.id)
    const change = (assignment: string) =>
      database.query(`UPDATE comments SET ${assignment} RETURNING version, edited_at`)
    expect(await change(`created_at = '2026-01-01'`)).toEqual([{ version: 2, edited_at: null }])
    expect(await change(`body = 'Another word', version = 99`)).toEqual([
      { version: 3, edited_at: expect.any(Date) },
    ])
  })

  test('the search vector weighs the title more than the description', async () => {
    await createIssue(database, { title: 'Other', description: 'Invoices are missing' })
    await createIssue(database, { title: 'Invoice export fails' })
    const rows = await database.query(
      `SELECT number FROM issues, plainto_tsquery('english', 'invoice') AS query
       WHERE search_vector @@ query ORDER BY ts_rank(search_vector, query) DESC`,
    )
    expect(rows).toEqual([{ number: 2 }, { number: 1 }])
  })
})
