import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestEngine, type TestEngine } from '../../support/engine.ts'
import { createProjectFolder, datasource } from '../../support/project-folder.ts'

const schema = `${datasource}
model Person {
  id      Int      @id @default(autoincrement())
  name    String
  /// A number that nobody is told.
  /// @hidden
  pin     String   @unique @default("0000")
  words   Unsupported("tsvector")? @default(dbgenerated()) /// @search(name: A, pin: B)
  secrets Secret[]
  notes   Note[]
  @@index([words], type: Gin)
}

/// @hidden
model Secret {
  id       Int    @id @default(autoincrement())
  text     String
  person   Person @relation(fields: [personId], references: [id])
  personId Int
}

model Note {
  id       Int    @id @default(autoincrement())
  text     String
  /// @hidden
  origin   String
  person   Person? @relation(fields: [personId], references: [id])
  personId Int?
}
`

describe('@hidden', () => {
  let api: TestEngine
  beforeAll(async () => {
    api = await createTestEngine({
      project: createProjectFolder({ 'prisma/schema.prisma': schema }, { cleanUp: afterAll }),
      config: {},
    })
  })
  afterAll(() => api.close())

  const names = async () => {
    const { data } = await api.query(
      '{ __schema { types { name description fields { name } inputFields { name } enumValues { name } } } }',
    )
    return data.__schema.types as readonly { name: string; description: string; [part: string]: unknown }[]
  }

  it('takes a model out of the API, with all that leads to it, for administrators too', async () => {
    const types = await names()
    expect(types.filter(({ name }) => /secret/i.test(name))).toEqual([])
    expect(JSON.stringify(types)).not.toMatch(/secret/i)
  })

  it('takes a column out of outputs, inputs, keys, filters, orders and searches', async () => {
    const types = await names()
    expect(JSON.stringify(types)).not.toMatch(/"(?:pin|PIN|origin)"/)
    expect(types.map(({ name }) => name)).not.toContain('PersonSearch')
    expect(types.filter(({ name }) => name === 'Person')).toHaveLength(1)
  })

  it('keeps to defaults where it is not given', async () => {
    const created = await api.query('mutation { createPerson(data: { name: "Ann" }) { person { name } } }')
    expect(created.data).toEqual({ createPerson: { person: { name: 'Ann' } } })
    expect(await api.sql('SELECT pin FROM "Person"')).toEqual([{ pin: '0000' }])
  })

  it('makes a model that needs the column one that is only read and changed', async () => {
    const fields = (await names()).find(({ name }) => name === 'Mutation')?.fields as { name: string }[]
    const mutations = fields.map(({ name }) => name).filter(name => /note/i.test(name))
    expect(mutations.toSorted()).toEqual(['deleteNote', 'deleteNotes', 'updateNote', 'updateNotes'])
  })

  it.each([
    ['a primary key', 'model Toy {\n  /// @hidden\n  id Int @id\n}', 'Toy.id belongs to the primary key'],
    [
      'a relation',
      'model Toy {\n  id Int @id\n  boxes Box[]\n}\nmodel Box {\n  id Int @id\n  toyId Int\n  /// @hidden\n  toy Toy @relation(fields: [toyId], references: [id])\n}',
      'Box.toy is a relation',
    ],
    [
      'a foreign key',
      'model Toy {\n  id Int @id\n  boxes Box[]\n}\nmodel Box {\n  id Int @id\n  /// @hidden\n  toyId Int\n  toy Toy @relation(fields: [toyId], references: [id])\n}',
      'Box.toyId is the foreign key of a relation',
    ],
  ])('is refused for %s', async (_name, models, message) => {
    const project = createProjectFolder({ 'prisma/schema.prisma': `${datasource}${models}\n` })
    await expect(createTestEngine({ project, config: {} })).rejects.toThrow(
      `@hidden is not possible here: ${message}`,
    )
  })
})
