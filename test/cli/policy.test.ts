import { describe, expect, it, onTestFinished } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { createProjectFolder, datasource } from '../support/project-folder.ts'
import { runRefract } from '../support/run-refract.ts'

const schema = `${datasource}
model Note {
  id     Int     @id
  owner  String
  text   String
  secret String?
}
`
const config = `import { defineConfig, definePolicy } from 'refract'
export default defineConfig({
  roles: ['writer'],
  policies: [
    definePolicy('Note', {
      read: viewer => viewer.id !== null && { owner: viewer.id },
      create: viewer => viewer.roles.includes('writer'),
      fields: { secret: false },
    }),
  ],
})
`
const migration = `CREATE TABLE "Note" (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, text TEXT NOT NULL, secret TEXT);
INSERT INTO "Note" VALUES (1, 'ann', 'Mine', NULL), (2, 'bob', 'His', 'x');
`

const files = {
  'prisma/schema.prisma': schema,
  'refract.config.ts': config,
  'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
  'prisma/migrations/20260101000000_init/migration.sql': migration,
}

describe('refract policy', () => {
  it('matrix prints what each role may do, without a database', async () => {
    const directory = createProjectFolder(files)
    const { exitCode, stdout } = await runRefract(['policy', 'matrix'], {
      directory,
      environment: { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nothing' },
    })
    expect(exitCode).toBe(0)
    expect(stdout.split('\n').map(line => line.trim().split(/\s+/))).toEqual([
      ['model', 'rule', 'anonymous', 'writer'],
      ['Note', 'read', '–', 'some'],
      ['create', '–', 'all'],
      ['update', '–', '–'],
      ['delete', '–', '–'],
      ['Note.secret', 'read', '–', '–'],
      ['create', '–', '–'],
      [''],
    ])
  })

  it('explain says which rule hides what, and who was expected', async () => {
    const database = await createTestDatabase()
    onTestFinished(() => database.drop())
    const directory = createProjectFolder(files)
    const run = (...words: string[]) =>
      runRefract(['policy', 'explain', ...words], { directory, environment: { DATABASE_URL: database.url } })
    const ann = '{ "id": "ann", "roles": ["writer"] }'
    const row = await run('--as', ann, 'Note:2')
    expect(row.stderr).toBe('')
    expect(row.stdout).toContain('Note:2 for the viewer ann (roles writer)')
    expect(row.stdout).toContain('✗ Note.read\n      ✗ {"owner":"ann"}')
    expect(row.stdout).toContain('✗ Note.update  allows no row')
    const query = await run('--as', ann, '{ notes { nodes { text secret } } }')
    expect(query.stdout).toContain('✗ Note.secret: Note.fields.secret.read allows no row.')
    expect(query.stdout).toContain('2 rows for an administrator, 1 for the viewer.')
    const nobody = await run('--as', 'ann', 'Note:2')
    expect(nobody).toMatchObject({ exitCode: 1, stdout: expect.any(String) })
    expect(nobody.stderr).toContain(
      '--as ann is nobody. Expected anonymous, administrator, or a viewer as JSON',
    )
    expect((await run('--as', '{ "id": 4 }', 'Note:2')).stderr).toContain('is no viewer')
    expect((await run('--as', 'anonymous', 'Note:9')).stderr).toContain(
      'There is no Note with the key Note:9.',
    )
    expect((await run('--as', 'anonymous', '{ nothing }')).stderr).toContain('The query does not fit the API')
  })
})
