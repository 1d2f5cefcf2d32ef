import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { StartError } from '../../src/errors.ts'
import { generateProject, loadProject, openProject } from '../../src/project/index.ts'
import { createLargeSchema } from '../support/large-schema.ts'
import { createProjectFolder, datasource, writeProjectFiles } from '../support/project-folder.ts'

const user = 'model User {\n  id Int @id\n  name String\n}\n'

const wildSchema = `generator client {
  provider        = "prisma-client-js"
  output          = "./generated"
  previewFeatures = ["views", "fullTextSearch", "multiSchema", "driverAdapters"]
}

generator erd {
  provider = "prisma-erd-generator"
}

datasource db {
  provider  = "postgresql"
  url       = env("DATABASE_URL")
  directUrl = env("DIRECT_URL")
  schemas   = ["public", "audit"]
}

/// Who uses it.
model user {
  id    Int     @id @default(autoincrement())
  email String  @unique
  posts post[]

  @@map("users")
  @@schema("public")
}

model post {
  id      Int   @id @default(autoincrement())
  user    user? @relation(fields: [user_id], references: [id])
  user_id Int?
  class   kind

  @@schema("audit")
}

enum kind {
  a
  b

  @@schema("audit")
}

view popular {
  id   Int    @unique
  name String

  @@schema("public")
}
`

describe('generateProject', () => {
  it('generates from a schema written for Prisma 5, in a folder without node_modules', async () => {
    const folder = createProjectFolder(
      { 'prisma/schema.prisma': wildSchema },
      { name: "refract it's a project-" },
    )
    const project = openProject(folder)
    expect((await generateProject(project)).isFresh).toBe(true)

    expect(readdirSync(folder).toSorted()).toEqual(['.refract', 'prisma'])
    expect(readdirSync(join(folder, 'prisma'))).toEqual(['schema.prisma'])
    expect(readdirSync(project.stateDirectory).toSorted()).toEqual(['.gitignore', 'generated'])
    expect(readFileSync(join(project.stateDirectory, '.gitignore'), 'utf8')).toBe('*\n')
    expect(readdirSync(project.generatedDirectory).toSorted()).toEqual([
      'client',
      'client.mjs',
      'datamodel.json',
      'fingerprint',
      'package.json',
      'pothos.mjs',
      'pothos.ts',
      'register.d.ts',
      'schema',
    ])

    const loaded = await loadProject(project)
    expect(loaded.PrismaClient).toBeTypeOf('function')
    expect(loaded.config).toEqual({})
    expect(loaded.pothosDatamodel).toMatchObject({
      datamodel: { models: { user: {}, post: {}, popular: {} } },
    })
    expect(JSON.stringify(loaded.datamodel)).toContain('Who uses it.')
  })

  it('does nothing the second time, and something after a change', async () => {
    const project = openProject(createProjectFolder({ 'prisma/schema.prisma': datasource + user }))
    await generateProject(project)
    const file = join(project.generatedDirectory, 'client.mjs')
    const { mtimeMs } = statSync(file)
    expect((await generateProject(project)).isFresh).toBe(false)
    expect(statSync(file).mtimeMs).toBe(mtimeMs)

    writeProjectFiles(project.directory, {
      'prisma/schema.prisma': `${datasource + user}enum Role {\n  ADMIN\n}\n`,
    })
    expect((await generateProject(project)).isFresh).toBe(true)
    expect(readFileSync(file, 'utf8')).toContain('ADMIN')
  })

  it('generates once when several processes want it at the same time', async () => {
    const project = openProject(createProjectFolder({ 'prisma/schema.prisma': datasource + user }))
    const results = await Promise.all([1, 2, 3].map(() => generateProject(project)))
    expect(results.map(({ isFresh }) => isFresh).toSorted()).toEqual([false, false, true])
  })

  it('names the place of an error in the file of the user, and leaves what was generated', async () => {
    const project = openProject(createProjectFolder({ 'prisma/schema.prisma': datasource + user }))
    await generateProject(project)
    const file = join(project.generatedDirectory, 'fingerprint')
    const before = readFileSync(file, 'utf8')

    const broken = `generator c {\n  provider = "x"\n}\n${datasource}model User {\n  id Int @id\n  posts Post[]\n}\n`
    writeProjectFiles(project.directory, { 'prisma/schema.prisma': broken })
    const failure = await generateProject(project).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(StartError)
    expect(String(failure)).toContain(
      'prisma/schema.prisma:9: Type "Post" is neither a built-in type, nor refers to another model',
    )
    expect(String(failure)).toContain('\n      posts Post[]')
    expect(String(failure)).not.toContain('generating-')
    expect(String(failure)).not.toContain('\u001B')
    expect(readFileSync(file, 'utf8')).toBe(before)
    expect(readdirSync(project.stateDirectory).toSorted()).toEqual(['.gitignore', 'generated'])
  })

  it('names the file of an error in a schema of several files', async () => {
    const project = openProject(
      createProjectFolder({
        'prisma/schema/base.prisma': datasource,
        'prisma/schema/user/model.prisma': 'model User {\n  id Int @id\n  x Nope\n}\n',
      }),
    )
    await expect(generateProject(project)).rejects.toThrow('prisma/schema/user/model.prisma:3: Type "Nope"')
    expect(existsSync(project.generatedDirectory)).toBe(false)
  })

  it('loads refract.config.ts, whose packages are those of Refract', async () => {
    const project = openProject(
      createProjectFolder({
        'prisma/schema.prisma': datasource + user,
        'refract.config.mjs': `import { GraphQLSchema } from 'graphql'
export default { seed: async () => {}, graphiql: { firstQuery: GraphQLSchema.name } }
`,
      }),
    )
    await generateProject(project)
    expect((await loadProject(project)).config).toMatchObject({ graphiql: { firstQuery: 'GraphQLSchema' } })
  })

  it('generates for 150 models with 2,000 fields', { timeout: 60_000 }, async () => {
    const project = openProject(
      createProjectFolder({ 'prisma/schema.prisma': datasource + createLargeSchema(150, 2_000) }),
    )
    const { milliseconds } = await generateProject(project)
    const startedAt = performance.now()
    const loaded = await loadProject(project)
    console.info(
      `150 models: generated in ${Math.round(milliseconds)} ms, loaded in ${Math.round(performance.now() - startedAt)} ms`,
    )
    expect(
      Object.keys((loaded.pothosDatamodel as { datamodel: { models: object } }).datamodel.models),
    ).toHaveLength(150)
  })
})
