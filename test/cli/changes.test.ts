import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { createProjectFolder, datasource, writeProjectFiles } from '../support/project-folder.ts'
import { spawnRefract, startRefract } from '../support/refract-command.ts'
import { runRefract } from '../support/run-refract.ts'

const models = `
model Toy {
  id   Int    @id @default(autoincrement())
  name String
  parts Part[]

  @@map("all toys")
}

model Part {
  toyId Int    @map("toy_id")
  place String
  toy   Toy    @relation(fields: [toyId], references: [id], onDelete: Cascade)

  @@id([toyId, place])
}

/// @hidden
model Secret {
  id Int @id
}

/// Written a thousand times a minute.
/// @unrecorded
model Heartbeat {
  id Int @id
}

model Line {
  text String?
  @@ignore
}
`

async function createProject() {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  const directory = createProjectFolder({ 'prisma/schema.prisma': `${datasource}${models}` })
  const options = { directory, environment: { DATABASE_URL: database.url } }
  const run = (...words: readonly string[]) =>
    words[0] === 'migrate' || words[0] === 'db' ? spawnRefract(words, options) : runRefract(words, options)
  return {
    directory,
    options,
    run,
    /** Runs what has to go well, and returns its output. */
    succeed: async (...words: readonly string[]) => {
      const { exitCode, stdout, stderr } = await run(...words)
      if (exitCode !== 0)
        throw new Error(`refract ${words.join(' ')} ended with ${exitCode}: ${stdout}${stderr}`)
      return stdout
    },
    migrations: () =>
      readdirSync(join(directory, 'prisma', 'migrations'))
        .filter(name => /^\d/.test(name))
        .map(name => readFileSync(join(directory, 'prisma', 'migrations', name, 'migration.sql'), 'utf8')),
    query: async (sql: string) => {
      const client = new pg.Client(database.url)
      await client.connect()
      try {
        return (await client.query(sql)).rows
      } finally {
        await client.end()
      }
    },
  }
}

const changeToys = `INSERT INTO "all toys" (name) VALUES ('Ball'); INSERT INTO "Part" VALUES (1, 'left');
  INSERT INTO "Secret" VALUES (1); INSERT INTO "Heartbeat" VALUES (1); DELETE FROM "all toys"`
const readChanges =
  'SELECT DISTINCT operation, table_name FROM refract.changes ORDER BY operation, table_name'
const changes = [
  { operation: 'DELETE', table_name: 'public.Part' },
  { operation: 'DELETE', table_name: 'public.all toys' },
  { operation: 'INSERT', table_name: 'public.Part' },
  { operation: 'INSERT', table_name: 'public.all toys' },
]

// a dozen processes for one test, which need their time where others want it too
describe('the recording of changes', { timeout: 180_000 }, () => {
  it('is a part of the migration that makes the tables, and no drift to Prisma', async () => {
    const { directory, succeed, migrations, query } = await createProject()
    await succeed('migrate', 'dev', '--name', 'init')
    expect(migrations()).toEqual([
      expect.stringMatching(/CREATE TABLE "all toys"[\s\S]*refract\.changes[\s\S]*TRUNCATE ON "Part"/),
    ])
    await query(changeToys)
    expect(await query(readChanges)).toEqual(changes)

    expect(await succeed('migrate', 'dev')).toContain('Already in sync')
    expect(await succeed('migrate', 'status')).toContain('Database schema is up to date')
    expect(await succeed('changes', 'status')).toMatch(
      /Toy +recorded[\s\S]*Part +recorded .*toy_id, place[\s\S]*Secret +not recorded: it is @hidden[\s\S]*Heartbeat +not recorded: .*@unrecorded/,
    )
    expect(await succeed('changes', 'status')).toMatch(
      /Log +\d changes, 0\.\d MB; the oldest was written .* ago\n +Held back +\w.*\n +Oldest writer +\w/,
    )
    await succeed('migrate', 'reset', '--force')
    await query(`DELETE FROM refract.changes; ${changeToys}`)
    expect(await query(readChanges)).toEqual(changes)

    await succeed('db', 'pull', '--force')
    expect(readFileSync(join(directory, 'prisma', 'schema.prisma'), 'utf8')).not.toMatch(/refract|changes/)
    expect(migrations()).toHaveLength(1)
  })

  it('comes to a project that has migrations, and goes with @unrecorded, each by a migration', async () => {
    const { directory, run, succeed, migrations, query } = await createProject()
    const schemaFile = join(directory, 'prisma', 'schema.prisma')
    const init = await succeed('migrate', 'diff', '--from-empty', '--to-schema', schemaFile, '--script')
    writeProjectFiles(directory, { 'prisma/migrations/20240101000000_init/migration.sql': init })
    await succeed('migrate', 'deploy')
    expect(await run('changes', 'status')).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(
        /Toy +should be recorded, and is not[\s\S]*2 models to be recorded: run refract migrate/,
      ),
    })

    await succeed('migrate', 'dev', '--name', 'record', '--create-only')
    expect(migrations().at(-1)).toMatch(/^-- RecordChanges: the outbox/)
    expect(await query("SELECT to_regclass('refract.changes')::text AS name")).toEqual([{ name: null }])
    await succeed('migrate', 'deploy')
    await query(changeToys)
    expect(await query(readChanges)).toEqual(changes)

    const changed = models.replace('model Part', '/// @unrecorded\nmodel Part')
    writeProjectFiles(directory, { 'prisma/schema.prisma': `${datasource}${changed}` })
    await succeed('migrate', 'dev', '--name', 'forget_parts')
    expect(migrations().at(-1)).toMatch(
      /^-- RecordNoChanges\n(DROP TRIGGER IF EXISTS "\w+" ON "Part";\n){4}$/,
    )
    expect(await succeed('migrate', 'dev')).toContain('Already in sync')
  })

  it('is installed by db push, and printed by changes sql where others migrate', async () => {
    const { directory, succeed, query } = await createProject()
    await succeed('db', 'push')
    await query(changeToys)
    expect(await query(readChanges)).toEqual(changes)
    expect(await succeed('changes', 'sql')).toBe('-- The database records what the schema says.\n')

    await query('DROP TRIGGER "00_refract_update" ON "Part"')
    await query('DROP SCHEMA refract CASCADE')
    const sql = await succeed('changes', 'sql')
    await query(`${sql}; ${changeToys.replaceAll('(1', '(2')}`)
    expect(await query(readChanges)).toEqual(changes)
    expect(await succeed('db', 'push')).toContain('already in sync')

    await succeed('pull', '--force')
    expect(readFileSync(join(directory, 'prisma', 'schema.prisma'), 'utf8')).not.toMatch(
      /model changes|@@schema/,
    )
  })

  it('warns at a start on a database that does not record', async () => {
    const { options, succeed, query } = await createProject()
    await succeed('db', 'push')
    await query('DROP SCHEMA refract CASCADE')
    const server = startRefract(['start', '--port', '0'], options)
    await server.waitFor(
      /The database does not record the changes of Toy, Part\. Run refract db push, or hand/,
    )
    await server.waitFor(/GraphiQL/)
  })
})

it('is installed in the embedded database of a project without migrations, once and for the schema as it is', async () => {
  const directory = createProjectFolder({ 'prisma/schema.prisma': `${datasource}${models}` })
  const server = startRefract(['start', '--port', '0'], { directory })
  await server.waitFor(/GraphiQL/)
  expect((await spawnRefract(['changes', 'status'], { directory })).exitCode).toBe(0)
  expect(server.output()).not.toContain('does not record')
})
