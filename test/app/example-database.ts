import { readdir, readFile } from 'node:fs/promises'
import { createTestDatabase, openTestPool, type TestDatabase } from '../support/database.ts'

const MIGRATIONS = new URL('../../prisma/migrations/', import.meta.url)

/** The ids of one user and two teams to write issues with. */
export const AUTHOR = '00000000-0000-4000-8000-000000000001'
export const TEAM = '00000000-0000-4000-8000-000000000002'
export const OTHER_TEAM = '00000000-0000-4000-8000-000000000003'

export interface ExampleDatabase extends TestDatabase {
  /** Runs one statement on a connection of a pool and returns its rows. */
  query<Row = Record<string, unknown>>(sql: string, values?: unknown[]): Promise<Row[]>
}

/** A fresh database with the example's migrations. */
export async function createExampleDatabase(kind?: TestDatabase['kind']): Promise<ExampleDatabase> {
  const database = await createTestDatabase(kind)
  const { pool, close } = openTestPool(database)
  for (const sql of await readMigrations()) await pool.query(sql)
  return {
    ...database,
    query: async <Row>(sql: string, values?: unknown[]) => (await pool.query(sql, values)).rows as Row[],
    drop: async () => {
      await close()
      await database.drop()
    },
  }
}

/** Writes one user and two teams, ENG and OPS. */
export async function createTeams({ query }: ExampleDatabase): Promise<void> {
  await query(
    `INSERT INTO users (id, email, name, handle, updated_at) VALUES ($1, 'a@b.c', 'Ann', 'ann', now())`,
    [AUTHOR],
  )
  await query(
    `INSERT INTO teams (id, key, name, updated_at)
     VALUES ($1, 'ENG', 'Engineering', now()), ($2, 'OPS', 'Operations', now())`,
    [TEAM, OTHER_TEAM],
  )
}

/** Writes an issue with these columns beside the necessary ones, and returns its row. */
export async function createIssue({ query }: ExampleDatabase, columns: Record<string, unknown> = {}) {
  const row = { team_id: TEAM, author_id: AUTHOR, title: 'A title', updated_at: new Date(), ...columns }
  const places = Object.keys(row).map((_, position) => `$${position + 1}`)
  const [issue] = await query<Record<string, unknown> & { id: string; number: number }>(
    `INSERT INTO issues (id, ${Object.keys(row).join(', ')}) VALUES (gen_random_uuid(), ${places.join(', ')})
     RETURNING *`,
    Object.values(row),
  )
  if (!issue) throw new Error('Expected the INSERT to return the issue, got no row.')
  return issue
}

/** Writes a comment on an issue, and returns its row. */
export async function createComment(
  { query }: ExampleDatabase,
  issueId: string,
  createdAt: Date = new Date(),
) {
  const [comment] = await query<Record<string, unknown> & { id: string }>(
    `INSERT INTO comments (id, issue_id, author_id, body, created_at)
     VALUES (gen_random_uuid(), $1, $2, 'A word', $3) RETURNING *`,
    [issueId, AUTHOR, createdAt],
  )
  if (!comment) throw new Error('Expected the INSERT to return the comment, got no row.')
  return comment
}

async function readMigrations(): Promise<string[]> {
  const entries = await readdir(MIGRATIONS, { withFileTypes: true })
  const folders = entries.filter(entry => entry.isDirectory()).map(entry => entry.name)
  return Promise.all(
    folders.sort().map(folder => readFile(new URL(`${folder}/migration.sql`, MIGRATIONS), 'utf8')),
  )
}
