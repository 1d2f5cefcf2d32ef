import { relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { StartError } from '../../src/errors.ts'
import { openProject } from '../../src/project/index.ts'
import { createProjectFolder, datasource } from '../support/project-folder.ts'

const model = 'model A {\n  id Int @id\n}\n'

function open(files: Readonly<Record<string, string>>) {
  const project = openProject(createProjectFolder(files))
  const short = (path: string) => relative(project.directory, path)
  return {
    schema: short(project.schemaPath),
    files: project.schemaFiles.map(short),
    migrations: short(project.migrationsDirectory),
    config: project.configFile && short(project.configFile),
  }
}

describe('openProject', () => {
  it('finds prisma/schema.prisma', () => {
    expect(open({ 'prisma/schema.prisma': datasource, 'refract.config.ts': '' })).toEqual({
      schema: 'prisma/schema.prisma',
      files: ['prisma/schema.prisma'],
      migrations: 'prisma/migrations',
      config: 'refract.config.ts',
    })
  })

  it('finds the files beside prisma/schema.prisma', () => {
    const { schema, files } = open({
      'prisma/schema.prisma': datasource,
      'prisma/models/a.prisma': model,
      'prisma/migrations/x.prisma': 'nonsense',
    })
    expect(schema).toBe('prisma')
    expect(files).toEqual(['prisma/models/a.prisma', 'prisma/schema.prisma'])
  })

  it('leaves a copy beside prisma/schema.prisma alone', () => {
    expect(open({ 'prisma/schema.prisma': datasource, 'prisma/old.prisma': datasource }).files).toEqual([
      'prisma/schema.prisma',
    ])
  })

  it.each(['prisma/schema', 'prisma'])('finds the files of the folder %s', folder => {
    expect(open({ [`${folder}/base.prisma`]: datasource, [`${folder}/a.prisma`]: model })).toMatchObject({
      schema: folder,
      files: [`${folder}/a.prisma`, `${folder}/base.prisma`],
      migrations: 'prisma/migrations',
    })
  })

  it('goes where package.json says, with the migrations beside it', () => {
    const found = open({
      'package.json': '{ "prisma": { "schema": "db/main.prisma" } }',
      'db/main.prisma': datasource,
      'db/migrations/1/migration.sql': '',
      'prisma/schema.prisma': 'nonsense',
    })
    expect(found).toMatchObject({ schema: 'db/main.prisma', migrations: 'db/migrations' })
  })

  it('goes where prisma.config.ts says', () => {
    expect(
      open({
        'prisma.config.ts': "export default defineConfig({\n  schema: path.join('db', 'main.prisma'),\n})",
        'db/main.prisma': datasource,
      }).schema,
    ).toBe('db/main.prisma')
  })

  it('says where it looked', () => {
    const empty = createProjectFolder({})
    expect(() => openProject(empty)).toThrow(StartError)
    expect(() => openProject(empty)).toThrow(
      `There is no Prisma schema in ${empty}: expected prisma/schema.prisma`,
    )
    expect(() => openProject(`${empty}/none`)).toThrow('is not a folder')
  })

  it('says when package.json names a schema that is not there', () => {
    expect(() => open({ 'package.json': '{ "prisma": { "schema": "db/none.prisma" } }' })).toThrow(
      'the Prisma schema is at db/none.prisma, but there is no .prisma file there',
    )
  })

  it('refuses another database', () => {
    expect(() => open({ 'prisma/schema.prisma': 'datasource db {\n  provider = "mysql"\n}\n' })).toThrow(
      'serves PostgreSQL only',
    )
  })
})
