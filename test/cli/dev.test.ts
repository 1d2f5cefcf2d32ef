import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { graphqlFetch } from '../support/http.ts'
import { createProjectFolder, datasource, writeProjectFiles } from '../support/project-folder.ts'
import { type RunningCommand, startRefract } from '../support/refract-command.ts'

const toy = (...fields: readonly string[]) =>
  `${datasource}model Toy {\n${['id Int @id', 'name String', ...fields].map(field => `  ${field}\n`).join('')}}\n`

const files = {
  'prisma/schema.prisma': toy(),
  'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
  'prisma/migrations/20260101000000_init/migration.sql':
    'CREATE TABLE "Toy" ("id" INTEGER NOT NULL, "name" TEXT NOT NULL, CONSTRAINT "Toy_pkey" PRIMARY KEY ("id"));\n',
  'refract.config.ts':
    "import { defineConfig } from 'refract'\nimport { limits } from './api/limits.ts'\n\nexport default defineConfig({ limits })\n",
  'api/limits.ts': 'export const limits = { defaultPageSize: 2 }\n',
}

interface Dev {
  readonly command: RunningCommand
  readonly directory: string
  readonly url: string
  /** Writes a file and waits for what the change brings about. */
  change(path: string, text: string, outcome: RegExp): Promise<RegExpExecArray>
}

async function startDev(): Promise<Dev> {
  const directory = createProjectFolder(files, { cleanUp: afterAll })
  const command = startRefract(['dev', '--port', '0'], { directory, cleanUp: afterAll })
  const [, url] = await command.waitFor(/GraphiQL\s+(http:\S+)\/graphql[\s\S]*Watching for changes/)
  return {
    command,
    directory,
    url: url ?? '',
    change: async (path, text, outcome) => {
      const from = command.output().length
      writeProjectFiles(directory, { [path]: text })
      return await command.waitFor(outcome, from)
    },
  }
}

const listMigrations = (directory: string) =>
  readdirSync(join(directory, 'prisma/migrations')).filter(name => /^\d/.test(name))

/* One project for all: each test leaves it with the schema that it found, and rows of its own. */
describe('refract dev', { timeout: 120_000 }, () => {
  let dev: Dev

  beforeAll(async () => {
    dev = await startDev()
    await graphqlFetch(dev.url, 'mutation { createToy(data: { id: 1, name: "Car" }) { toy { id } } }')
  }, 120_000)

  it('writes and applies a migration for a changed schema, and serves it on the same port', async () => {
    const [, name] = await dev.change(
      'prisma/schema.prisma',
      toy('color String?'),
      /Wrote and applied the migration (\d+_\w+)\.[\s\S]*↻ prisma\/schema\.prisma: restarted/,
    )
    expect(listMigrations(dev.directory)).toEqual([
      '20260101000000_init',
      // written at the start, since the first one records nothing
      expect.stringMatching(/^\d+_record_changes$/),
      name,
    ])
    const sql = readFileSync(join(dev.directory, 'prisma/migrations', name ?? '', 'migration.sql'), 'utf8')
    expect(sql).toContain('ADD COLUMN     "color" TEXT')
    expect(await graphqlFetch(dev.url, '{ toys { nodes { name color } } }')).toMatchObject({
      data: { toys: { nodes: [{ name: 'Car', color: null }] } },
    })
    expect(readFileSync(join(dev.directory, 'schema.graphql'), 'utf8')).toContain('color: String')
  })

  it('goes on with the API as it was when the schema does not parse', async () => {
    const [, message] = await dev.change('prisma/schema.prisma', toy('color Colour'), goesOn)
    expect(message).toContain('prisma/schema.prisma:7: Type "Colour" is neither a built-in type')
    expect(await graphqlFetch(dev.url, '{ toys { nodes { name } } }')).toMatchObject(aCar)
    await dev.change('prisma/schema.prisma', toy('color String?'), /↻/)
  })

  it('does not apply a change that would lose data', async () => {
    const migrations = listMigrations(dev.directory)
    const withoutName = toy('color String?').replace('  name String\n', '')
    const [, message] = await dev.change('prisma/schema.prisma', withoutName, goesOn)
    expect(message).toContain('it could lose data: You are about to drop the column `name`')
    expect(message).toContain('refract migrate dev')
    expect(listMigrations(dev.directory)).toEqual(migrations)
    expect(await graphqlFetch(dev.url, '{ toys { nodes { name } } }')).toMatchObject(aCar)
    await dev.change('prisma/schema.prisma', toy('color String?'), /↻/)
  })

  it('goes on with the API as it was when refract.config.ts is wrong', async () => {
    const [, message] = await dev.change('refract.config.ts', 'export default 2', /✗ ([\s\S]*)Not restarted/)
    expect(message).toContain('refract.config.ts has the default export 2')
    expect(await graphqlFetch(dev.url, '{ toys { nodes { name } } }')).toMatchObject(aCar)
    await dev.change('refract.config.ts', files['refract.config.ts'], /↻/)
  })

  it('restarts for code that refract.config.ts imports', async () => {
    const code = 'export const limits = { defaultPageSize: 1, maximumPageSize: 1 }\n'
    await dev.change('api/limits.ts', code, /↻ api\/limits\.ts: restarted/)
    const { errors } = await graphqlFetch(dev.url, '{ toys(first: 2) { nodes { name } } }')
    expect(errors?.[0]?.message).toMatch(/\b1\b/)
  })

  it('ends with exit code 0 at SIGTERM, and the port is free', async () => {
    dev.command.child.kill('SIGTERM')
    expect((await dev.command.ended).exitCode).toBe(0)
    await expect(fetch(dev.url)).rejects.toThrow('fetch failed')
  })
})

const goesOn = /✗ ([\s\S]*)The API goes on as it was\./
const aCar = { data: { toys: { nodes: [{ name: 'Car' }] } } }
