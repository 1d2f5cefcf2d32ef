import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { createProjectFolder, datasource } from '../support/project-folder.ts'
import { runRefract } from '../support/run-refract.ts'

async function createDatabase(sql: string): Promise<string> {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(sql)
  await client.end()
  return database.url
}

const shop = `
  CREATE TYPE color AS ENUM ('red', 'dark green');
  CREATE TABLE maker (id serial PRIMARY KEY, name text NOT NULL);
  CREATE TABLE toy (id uuid PRIMARY KEY, maker_id int NOT NULL REFERENCES maker, color color, place polygon);
  CREATE TABLE log (line text);
  CREATE VIEW red_toy AS SELECT id, maker_id FROM toy WHERE color = 'red';
`

describe('refract pull', () => {
  it('describes a database, makes the folder, and says what it found', async () => {
    const url = await createDatabase(shop)
    const directory = join(createProjectFolder({}), 'new', 'shop')
    const { exitCode, stdout, stderr } = await runRefract(['pull', '--project', directory], {
      environment: { DATABASE_URL: url },
    })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toContain('Found 2 models, 1 view, 1 enum.')
    expect(stdout).toContain('! The table log is ignored: it has no primary key and no unique column')
    expect(stdout).toContain('! toy.place is left out of the API: Prisma has no type for polygon.')
    expect(stdout).toContain(`refract start --project ${directory}`)
    expect(stdout).not.toContain(url)
    const schema = readFileSync(join(directory, 'prisma/schema.prisma'), 'utf8')
    expect(schema).toMatch(/model toy \{\n {2}id +String +@id @db\.Uuid\n {2}maker_id +Int/)
    expect(schema).toContain('view red_toy {')
  })

  it('overwrites models only when told, and then keeps their names', async () => {
    const url = await createDatabase('CREATE TABLE toy (id int PRIMARY KEY, new_column int)')
    const mine = `${datasource.replace('\n}', '\n  url = env("DATABASE_URL")\n}')}
/// Fun.
model Toy {
  id Int @id

  @@map("toy")
}
`
    const directory = createProjectFolder({ 'prisma/schema.prisma': mine })
    const environment = { DATABASE_URL: url }
    const refused = await runRefract(['pull'], { directory, environment })
    expect(refused.exitCode).toBe(1)
    expect(refused.stderr).toContain('prisma/schema.prisma has 1 model already, which pull would overwrite.')
    expect(readFileSync(join(directory, 'prisma/schema.prisma'), 'utf8')).toBe(mine)

    const forced = await runRefract(['pull', '--force'], { directory, environment })
    expect(forced).toMatchObject({ exitCode: 0, stderr: '' })
    const schema = readFileSync(join(directory, 'prisma/schema.prisma'), 'utf8')
    expect(schema).toMatch(/\/\/\/ Fun\.\nmodel Toy \{\n {2}id +Int +@id\n {2}new_column +Int\?/)
  })

  it('describes several PostgreSQL schemas', async () => {
    const url = await createDatabase(
      'CREATE SCHEMA billing; CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE billing.b (id int PRIMARY KEY)',
    )
    const directory = createProjectFolder({})
    const result = await runRefract(['pull'], { directory, environment: { DATABASE_URL: url } })
    expect(result).toMatchObject({ exitCode: 0, stderr: '' })
    const schema = readFileSync(join(directory, 'prisma/schema.prisma'), 'utf8')
    expect(schema).toContain('schemas  = ["billing", "public"]')
    expect(schema).toContain('@@schema("billing")')
  })

  it('says that the database is empty', async () => {
    const url = await createDatabase('SELECT 1')
    const result = await runRefract(['pull'], {
      directory: createProjectFolder({}),
      environment: { DATABASE_URL: url },
    })
    expect(result.exitCode).toBe(1)
    expect(result.stderr).toContain('has no tables to describe')
  })

  it('says that it needs DATABASE_URL', async () => {
    const result = await runRefract(['pull'], { directory: createProjectFolder({}) })
    expect(result.exitCode).toBe(1)
    expect(result.stderr).toContain('DATABASE_URL does not say which')
  })

  it('says that nobody answers', async () => {
    const result = await runRefract(['pull'], {
      directory: createProjectFolder({}),
      environment: { DATABASE_URL: 'postgresql://me:secret@127.0.0.1:1/x' },
    })
    expect(result.exitCode).toBe(1)
    expect(result.stderr).toContain('127.0.0.1:1')
    expect(result.stderr).not.toContain('secret')
    expect(result.stderr.trim().split('\n')).toHaveLength(1)
  })
})
