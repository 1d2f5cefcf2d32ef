import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { type Database, openDatabase, readEmbeddedOwner } from '../../src/database/index.ts'
import { createTestDatabase, findDatabaseKinds, type TestDatabase } from '../support/database.ts'
import { createProjectFolder, datasource, writeProjectFiles } from '../support/project-folder.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const script = join(root, 'node_modules', 'prisma', 'build', 'index.js')

/** Hosts that Prisma would download from or talk to are out of reach: nothing may need them. */
const offline = {
  HTTPS_PROXY: 'http://127.0.0.1:9',
  HTTP_PROXY: 'http://127.0.0.1:9',
  NO_PROXY: '127.0.0.1,localhost',
}

type Result = { readonly code: number | null; readonly output: string }

function spawnPrisma(
  folder: string,
  url: string,
  words: readonly string[],
  config = 'src/database/project.prisma.config.ts',
) {
  const { DATABASE_URL: _, ...environment } = process.env
  return spawn(process.execPath, [script, ...words, '--config', join(root, config)], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...environment,
      ...offline,
      ...(url === '' ? {} : { DATABASE_URL: url }),
      REFRACT_PROJECT: folder,
      NO_COLOR: '1',
      PRISMA_USER_CONSENT_FOR_DANGEROUS_AI_ACTION: 'yes',
    },
  })
}

async function prisma(folder: string, url: string, ...words: readonly string[]): Promise<Result> {
  const child = spawnPrisma(folder, url, words)
  let output = ''
  child.stdout.on('data', chunk => {
    output += chunk
  })
  child.stderr.on('data', chunk => {
    output += chunk
  })
  return new Promise(resolve => child.once('close', code => resolve({ code, output })))
}

const head = `generator client {\n  provider = "prisma-client"\n  output   = "../client"\n}\n\n${datasource}\n`
const userModel = 'model User {\n  id    Int    @id @default(autoincrement())\n  email String @unique\n}\n'
const namedModel = userModel.replace('@unique\n', '@unique\n  name  String?\n')
const strictTable = 'CREATE TABLE "Strict" (id int PRIMARY KEY CHECK (id > 0));'

// a dozen processes for one test, which need their time where others want it too
const timeout = 180_000

describe.each(await findDatabaseKinds())(
  'the official Prisma CLI, offline, on a database of the kind %s',
  { timeout },
  kind => {
    let test: TestDatabase
    let database: Database
    let folder: string

    beforeAll(async () => {
      test = await createTestDatabase(kind)
      database = await openDatabase({ url: test.url, projectDir: root })
    })
    afterAll(async () => {
      await database.close()
      await test.drop()
    })
    beforeEach(async () => {
      await database.query('DROP SCHEMA public CASCADE')
      await database.query('CREATE SCHEMA public')
      folder = createProjectFolder({ 'prisma/schema.prisma': `${head}${userModel}` })
    })

    const run = async (...words: readonly string[]) => {
      const { code, output } = await prisma(folder, test.url, ...words)
      if (code !== 0) throw new Error(`prisma ${words.join(' ')} ended with ${code}: ${output}`)
      return output
    }
    const refuse = async (...words: readonly string[]) => {
      const { code, output } = await prisma(folder, test.url, ...words)
      expect(code).not.toBe(0)
      return output
    }
    const writeSchema = (models: string) =>
      writeProjectFiles(folder, { 'prisma/schema.prisma': `${head}${models}` })
    const migrations = () =>
      readdirSync(join(folder, 'prisma', 'migrations')).filter(name => /^\d/.test(name))
    const columns = async () =>
      (
        await database.query<{ name: string }>(
          `SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'User' ORDER BY ordinal_position`,
        )
      ).map(({ name }) => name)

    it('migrate dev, status, deploy and reset', async () => {
      expect(await run('migrate', 'dev', '--name', 'init')).toContain(
        'Your database is now in sync with your schema',
      )
      expect(await columns()).toEqual(['id', 'email'])

      writeSchema(namedModel)
      expect(await run('migrate', 'dev', '--name', 'add_name', '--create-only')).toContain(
        'without applying it',
      )
      expect(migrations()).toHaveLength(2)
      expect(await columns()).toEqual(['id', 'email'])
      expect(await refuse('migrate', 'status')).toContain('have not yet been applied')

      expect(await run('migrate', 'deploy')).toContain('All migrations have been successfully applied')
      expect(await columns()).toEqual(['id', 'email', 'name'])
      expect(await run('migrate', 'status')).toContain('Database schema is up to date')

      await database.query(`INSERT INTO "User" (email) VALUES ('ann@example.com')`)
      expect(await run('migrate', 'reset', '--force')).toContain('Database reset successful')
      expect(await database.query('SELECT count(*)::int AS count FROM "User"')).toEqual([{ count: 0 }])
    })

    // the harder of the two is enough for what takes long and asks little of the database
    if (kind === 'embedded') {
      it('migrate resolve, after a migration that failed', async () => {
        writeProjectFiles(folder, {
          'prisma/migrations/20240101000000_bad/migration.sql': `${strictTable}\nALTER TABLE missing ADD x int;\n`,
        })
        const output = await refuse('migrate', 'deploy')
        expect(output).toContain('P3018')
        expect(output).toContain('Migration name: 20240101000000_bad')
        expect(output).toContain('Database error code: 42P01')
        expect(output).toContain('relation "missing" does not exist')
        expect(await run('migrate', 'resolve', '--rolled-back', '20240101000000_bad')).toContain(
          'marked as rolled back',
        )
        expect(await run('migrate', 'resolve', '--applied', '20240101000000_bad')).toContain(
          'marked as applied',
        )
        expect(await run('migrate', 'status')).toContain('up to date')
      })

      it('migrate diff, in every direction', async () => {
        const schemaFile = join(folder, 'prisma', 'schema.prisma')
        const create = 'CREATE TABLE "User"'
        expect(await run('migrate', 'diff', '--from-empty', '--to-schema', schemaFile, '--script')).toContain(
          create,
        )
        await run('migrate', 'dev', '--name', 'init')
        writeSchema(namedModel)
        const add = 'ADD COLUMN     "name" TEXT'
        const folderOfMigrations = join(folder, 'prisma', 'migrations')
        expect(
          await run(
            'migrate',
            'diff',
            '--from-migrations',
            folderOfMigrations,
            '--to-schema',
            schemaFile,
            '--script',
          ),
        ).toContain(add)
        expect(await run('migrate', 'diff', '--from-config-datasource', '--to-schema', schemaFile)).toContain(
          'Added column',
        )
        const { code } = await prisma(
          folder,
          test.url,
          ...['migrate', 'diff', '--from-config-datasource', '--to-schema', schemaFile, '--exit-code'],
        )
        expect(code).toBe(2)
      })
    }

    it('db push, db execute and db pull', async () => {
      expect(await run('db', 'push')).toContain('Your database is now in sync')
      writeFileSync(
        join(folder, 'script.sql'),
        `${strictTable} INSERT INTO "User" (email) VALUES ('ann@example.com');`,
      )
      expect(await run('db', 'execute', '--file', 'script.sql')).toContain('Script executed successfully')
      expect(await database.query('SELECT email FROM "User"')).toEqual([{ email: 'ann@example.com' }])
      expect(await run('db', 'pull')).toContain('Introspected 2 models')
      expect(readFileSync(join(folder, 'prisma', 'schema.prisma'), 'utf8')).toContain('model Strict {')
      expect(await run('db', 'push')).toContain('already in sync')
    })

    it('studio', async () => {
      const port = await findFreePort()
      const child = spawnPrisma(folder, test.url, ['studio', '--port', String(port), '--browser', 'none'])
      onTestFinished(() => void child.kill())
      const load = async () => (await fetch(`http://localhost:${port}/`)).text()
      await expect.poll(() => load().catch(() => ''), { timeout: 30_000 }).toContain('<script')
      expect(await load()).not.toMatch(/(?:src|href)="https?:/)
    })
  },
)

describe('the official Prisma CLI, offline', { timeout }, () => {
  it('validates, formats and generates without a database', async () => {
    const folder = createProjectFolder({ 'prisma/schema.prisma': `${head}model User {\n id Int @id\n}\n` })
    expect((await prisma(folder, '', 'validate')).output).toContain('is valid')
    expect((await prisma(folder, '', 'format')).output).toContain('Formatted')
    expect(readFileSync(join(folder, 'prisma', 'schema.prisma'), 'utf8')).toContain('\n  id Int @id\n')
    const generated = await prisma(folder, '', 'generate')
    expect(generated.output).toContain('Generated Prisma Client')
    expect(existsSync(join(folder, 'client', 'client.ts'))).toBe(true)
    expect(existsSync(join(folder, '.refract', 'data'))).toBe(false)
  })

  it('starts the embedded database for as long as a command needs it', async () => {
    const folder = createProjectFolder({ 'prisma/schema.prisma': `${head}${userModel}` })
    expect(await prisma(folder, '', 'migrate', 'dev', '--name', 'init')).toMatchObject({ code: 0 })
    await expect.poll(() => readEmbeddedOwner(folder), { timeout: 10_000 }).toBeUndefined()
    const database = await openDatabase({ projectDir: folder })
    onTestFinished(() => database.close())
    expect(await database.query('SELECT count(*)::int AS count FROM "User"')).toEqual([{ count: 0 }])
    // Now it is this process's, which the command uses.
    expect((await prisma(folder, '', 'migrate', 'status')).output).toContain('up to date')
  })

  it('takes schemas that name their address, as Prisma 5 and 6 wanted it', async () => {
    const old = `generator client {\n  provider = "prisma-client-js"\n}\n\n${datasource.replace('}', '  url = env("DATABASE_URL")\n}')}\n`
    const folder = createProjectFolder({ 'prisma/schema.prisma': `${old}${userModel}` })
    const test = await createTestDatabase()
    onTestFinished(() => test.drop())
    expect(await prisma(folder, test.url, 'migrate', 'dev', '--name', 'init')).toMatchObject({ code: 0 })
    expect(await prisma(folder, test.url, 'migrate', 'deploy')).toMatchObject({ code: 0 })
  })

  it('says when nobody answers', async () => {
    const folder = createProjectFolder({ 'prisma/schema.prisma': `${head}${userModel}` })
    const { code, output } = await prisma(folder, 'postgresql://postgres@127.0.0.1:1/none', 'migrate', 'dev')
    expect(code).not.toBe(0)
    expect(output).toContain('P1001')
  })
})

async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
