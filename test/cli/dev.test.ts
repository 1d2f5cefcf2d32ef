import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
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
  const directory = createProjectFolder(files)
  const command = startRefract(['dev', '--port', '0'], { directory })
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

describe('refract dev', { timeout: 120_000 }, () => {
  it('writes and applies a migration for a changed schema, and serves it on the same port', async () => {
    const { change, directory, url, command } = await startDev()
    await graphqlFetch(url, 'mutation { createToy(data: { id: 1, name: "Car" }) { toy { id } } }')
    const [, name] = await change(
      'prisma/schema.prisma',
      toy('color String?'),
      /Wrote and applied the migration (\d+_\w+)\.[\s\S]*↻ prisma\/schema\.prisma: restarted/,
    )
    expect(listMigrations(directory)).toEqual(['20260101000000_init', name])
    expect(readFileSync(join(directory, 'prisma/migrations', name ?? '', 'migration.sql'), 'utf8')).toContain(
      'ADD COLUMN     "color" TEXT',
    )
    expect(await graphqlFetch(url, '{ toys { nodes { name color } } }')).toMatchObject({
      data: { toys: { nodes: [{ name: 'Car', color: null }] } },
    })
    expect(readFileSync(join(directory, 'schema.graphql'), 'utf8')).toContain('color: String')

    command.child.kill('SIGTERM')
    expect((await command.ended).exitCode).toBe(0)
  })

  it('goes on with the API as it was when a change cannot be used', async () => {
    const { change, directory, url } = await startDev()
    await graphqlFetch(url, 'mutation { createToy(data: { id: 1, name: "Car" }) { toy { id } } }')
    const goesOn = /✗ ([\s\S]*)The API goes on as it was\./

    const [, unparsable] = await change('prisma/schema.prisma', toy('color Colour'), goesOn)
    expect(unparsable).toContain('prisma/schema.prisma:7: Type "Colour" is neither a built-in type')

    const [, lossy] = await change('prisma/schema.prisma', toy().replace('  name String\n', ''), goesOn)
    expect(lossy).toContain('it could lose data: You are about to drop the column `name`')
    expect(lossy).toContain('refract migrate dev')
    expect(listMigrations(directory)).toEqual(['20260101000000_init'])

    await change('prisma/schema.prisma', toy(), /↻ prisma\/schema\.prisma: restarted/)
    const [, config] = await change(
      'refract.config.ts',
      'export default 2',
      /✗ ([\s\S]*)Not restarted after the change of refract\.config\.ts/,
    )
    expect(config).toContain('refract.config.ts has the default export 2')

    expect(await graphqlFetch(url, '{ toys { nodes { name } } }')).toMatchObject({
      data: { toys: { nodes: [{ name: 'Car' }] } },
    })
  })

  it('restarts for code that refract.config.ts imports', async () => {
    const { change, url } = await startDev()
    await graphqlFetch(
      url,
      'mutation { createToys(data: [{ id: 1, name: "a" }, { id: 2, name: "b" }]) { count } }',
    )
    await change(
      'api/limits.ts',
      'export const limits = { defaultPageSize: 1 }\n',
      /↻ api\/limits\.ts: restarted/,
    )
    expect(await graphqlFetch(url, '{ toys { nodes { name } } }')).toMatchObject({
      data: { toys: { nodes: [{ name: 'a' }] } },
    })
  })
})
