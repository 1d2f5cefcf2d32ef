import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  AUTHOR,
  createExampleDatabase,
  createIssue,
  createTeams,
  type ExampleDatabase,
  TEAM,
} from './example-database.ts'

describe('check constraints', () => {
  let database: ExampleDatabase
  let issueId: string

  beforeAll(async () => {
    database = await createExampleDatabase()
    await createTeams(database)
    issueId = (await createIssue(database)).id
  }, 60_000)
  afterAll(() => database.drop())

  test.each([
    ['user_email_valid', `UPDATE users SET email = 'Ann@example.com'`],
    ['user_email_valid', `UPDATE users SET email = 'nobody'`],
    ['user_handle_valid', `UPDATE users SET handle = 'Two Words'`],
    ['user_name_not_blank', `UPDATE users SET name = E' \\n'`],
    [
      'profile_location_on_earth',
      `INSERT INTO profiles (id, user_id, location) VALUES ('${TEAM}', '${AUTHOR}', '(181,0)')`,
    ],
    ['team_key_valid', `UPDATE teams SET key = 'eng' WHERE id = '${TEAM}'`],
    ['team_name_not_blank', `UPDATE teams SET name = '' WHERE id = '${TEAM}'`],
    ['project_name_not_blank', insertProject({ name: `' '` })],
    ['project_dates_in_order', insertProject({ start_date: `'2026-01-02'`, target_date: `'2026-01-01'` })],
    ['project_budget_nonnegative', insertProject({ budget: '-0.01' })],
    ['issue_number_positive', 'UPDATE issues SET number = 0'],
    ['issue_title_not_blank', `UPDATE issues SET title = E'\\t '`],
    ['issue_estimate_positive', 'UPDATE issues SET estimate = 0'],
    ['issue_progress_from_0_to_1', 'UPDATE issues SET progress = 1.01'],
    ['issue_progress_from_0_to_1', `UPDATE issues SET progress = 'NaN'`],
    ['issue_not_its_own_parent', 'UPDATE issues SET parent_id = id'],
    [
      'issue_relation_between_two_issues',
      `INSERT INTO issue_relations (id, kind, source_id, target_id) SELECT id, 'BLOCKS', id, id FROM issues`,
    ],
    ['label_name_not_blank', `INSERT INTO labels VALUES ('${TEAM}', '${TEAM}', '', '#000000')`],
    ['label_color_valid', `INSERT INTO labels VALUES ('${TEAM}', '${TEAM}', 'bug', '#FFF')`],
    [
      'comment_body_not_blank',
      `INSERT INTO comments (id, issue_id, author_id, body) SELECT id, id, author_id, '' FROM issues`,
    ],
    ['attachment_filename_not_blank', insertAttachment({ filename: `''` })],
    ['attachment_size_nonnegative', insertAttachment({ size: '-1' })],
    ['attachment_sha256_of_32_bytes', insertAttachment({ sha256: `'\\x00'` })],
  ])('%s refuses %s', async (constraint, statement) => {
    await expect(database.query(statement)).rejects.toMatchObject({ code: '23514', constraint })
  })

  test('the limits themselves are allowed', async () => {
    await database.query('UPDATE issues SET progress = 0, estimate = 1 WHERE id = $1', [issueId])
    await database.query('UPDATE issues SET progress = 1 WHERE id = $1', [issueId])
    await database.query(
      insertProject({ start_date: `'2026-01-01'`, target_date: `'2026-01-01'`, budget: '0' }),
    )
    await database.query(insertAttachment({ size: '9223372036854775807' }))
  })

  test('an issue of a team that does not exist is refused by the foreign key', async () => {
    await expect(createIssue(database, { team_id: AUTHOR })).rejects.toMatchObject({
      code: '23503',
      constraint: 'issues_team_id_fkey',
    })
  })
})

function insertProject(columns: Record<string, string>): string {
  return insert('projects', {
    id: `'${TEAM}'`,
    team_id: `'${TEAM}'`,
    name: `'A project'`,
    updated_at: 'now()',
    ...columns,
  })
}

function insertAttachment(columns: Record<string, string>): string {
  const row = {
    id: 'id',
    issue_id: 'id',
    uploader_id: 'author_id',
    filename: `'a.png'`,
    mime_type: `'image/png'`,
    size: '1',
    sha256: `sha256('')`,
    ...columns,
  }
  return `INSERT INTO attachments (${Object.keys(row).join(', ')}) SELECT ${Object.values(row).join(', ')} FROM issues`
}

function insert(table: string, columns: Record<string, string>): string {
  return `INSERT INTO ${table} (${Object.keys(columns).join(', ')}) VALUES (${Object.values(columns).join(', ')})`
}
