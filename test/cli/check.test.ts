import { describe, expect, it, onTestFinished } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { createProjectFolder, datasource, writeProjectFiles } from '../support/project-folder.ts'
import { spawnRefract } from '../support/refract-command.ts'
import { runRefract } from '../support/run-refract.ts'

const schema = `${datasource}model Toy {\n  id Int @id\n}\n`
const migrations = {
  'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
  'prisma/migrations/20260101000000_init/migration.sql':
    'CREATE TABLE "Toy" ("id" INTEGER NOT NULL, CONSTRAINT "Toy_pkey" PRIMARY KEY ("id"));\n',
}

async function createProject(files: Readonly<Record<string, string>>) {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  const directory = createProjectFolder({ 'prisma/schema.prisma': schema, ...files })
  const options = { directory, environment: { DATABASE_URL: database.url } }
  return {
    directory,
    run: (...commandArguments: readonly string[]) => runRefract(commandArguments, options),
    /** In a process of its own, where what was generated anew is not the module that was loaded before. */
    spawn: (...commandArguments: readonly string[]) => spawnRefract(commandArguments, options),
  }
}

describe('refract check', () => {
  it('finds everything in step after generate and migrate deploy', async () => {
    const { run, spawn, directory } = await createProject(migrations)
    const before = await run('check')
    expect(before.exitCode).toBe(1)
    expect(before.stdout).toContain(
      '✗ schema.graphql: there is none yet. Run refract generate and commit it.',
    )
    expect(before.stdout).toContain('✗ Migrations: 20260101000000_init is not applied yet. Run refract start')
    expect(before.stdout).toContain('2 things to mend.')

    expect((await run('generate')).exitCode).toBe(0)
    const deployed = await spawn('migrate', 'deploy')
    expect(deployed.stdout).toContain('20260101000000_init')
    expect(deployed.exitCode).toBe(0)
    const after = await run('check')
    expect(after.stdout).not.toContain('✗')
    expect(after).toMatchObject({ exitCode: 0, stderr: '' })

    writeProjectFiles(directory, { 'prisma/schema.prisma': schema.replace('@id\n', '@id\n  name String?\n') })
    const changed = await spawn('check')
    expect(changed.exitCode).toBe(1)
    expect(changed.stdout).toContain('✗ schema.graphql: is not what the schema makes now.')
    expect(changed.stdout).toContain(
      '✗ Migrations: the schema says more than they do. Run refract migrate dev',
    )
  })

  it('goes on after a schema that does not parse', async () => {
    const { run } = await createProject({
      'prisma/schema.prisma': `${datasource}model Toy {\n  id Itn @id\n}\n`,
    })
    const { exitCode, stdout } = await run('check')
    expect(exitCode).toBe(1)
    expect(stdout).toContain('prisma/schema.prisma:5: Type "Itn" is neither')
    expect(stdout).toContain('✓ Database')
  })

  it('names the models whose names collide', async () => {
    const { run } = await createProject({
      'prisma/schema.prisma': `${datasource}model user_role {\n  id Int @id\n}\nmodel UserRole {\n  id Int @id\n}\n`,
    })
    const { exitCode, stdout } = await run('check')
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/✗ The API: .*user_role.*UserRole/)
  })
})
