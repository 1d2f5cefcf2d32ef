import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Where } from '../../../src/engine/operations/client.ts'
import { createSqlContext } from '../../../src/engine/operations/sql/sql-context.ts'
import { whereSql } from '../../../src/engine/operations/sql/where-sql.ts'
import { ExactMoment } from '../../../src/lib/exact-moment.ts'
import { createTestEngine, fixture, type TestEngine } from '../../support/engine.ts'
import { createProjectFolder } from '../../support/project-folder.ts'
import { selectBothWays } from './selected.ts'

describe('a where as SQL, over names of every kind', () => {
  let api: TestEngine

  beforeAll(async () => {
    api = await createTestEngine({ project: fixture('names') })
    await api.sql(
      `INSERT INTO "User" (id, name, kind) VALUES (1, 'a', 'PLAIN KIND'), (2, 'b', 'special-kind'), (3, 'c', NULL)`,
    )
    await api.sql(
      `INSERT INTO "Card" (id, user_id) VALUES ('018f4e9c-7a00-7000-8000-000000000001', 1), ('018f4e9c-7a00-7000-8000-000000000002', 2)`,
    )
    await api.sql(`INSERT INTO person (bytes_id) VALUES ('\\x00'), ('\\xff')`)
    await api.sql(
      `INSERT INTO card_owner VALUES ('018f4e9c-7a00-7000-8000-000000000001', '\\xff', '2024-01-01'),
                                     ('018f4e9c-7a00-7000-8000-000000000002', '\\x00', NULL)`,
    )
    await api.sql(
      `INSERT INTO measurement VALUES ('a', '2024-01-01T00:00:00.123456Z', 1), ('a', '2024-01-01T00:00:00.123457Z', 2)`,
    )
  }, 60_000)
  afterAll(() => api.close())

  const agree = async (name: string, wheres: readonly Where[]) => {
    const { datamodel } = api.engine
    const { ours, prismas } = await selectBothWays(api, datamodel, datamodel.model(name), wheres)
    expect(ours).toEqual(prismas)
  }

  test('an enum and its values can have other names in the database', () =>
    agree('User', [
      { kind: 'special' },
      { kind: { not: 'plain' } },
      { kind: { in: ['plain', 'special'] } },
      { NOT: [{ kind: { notIn: ['plain'] } }] },
    ]))

  test('keys can be of bytes and be foreign keys', () =>
    agree('User', [
      { Card: { is: { owner: { is: { person_id: new Uint8Array([255]) } } } } },
      { Card: { is: { owner: { is: { person: { is: { bytes_id: { in: [new Uint8Array([0])] } } } } } } } },
      { Card: { is: { owner: { is: { since: null } } } } },
      { NOT: [{ Card: { is: { owner: { is: { since: { gt: new Date('2023-01-01') } } } } } }] },
    ]))

  test('moments are compared to the microsecond', async () => {
    const { datamodel } = api.engine
    const context = createSqlContext(datamodel)
    const where = { at: { in: [new ExactMoment('2024-01-01T00:00:00.123457Z')] }, sensor: 'a' }
    const condition = whereSql(context, datamodel.model('measurement'), where, 't')
    const statement = `SELECT value FROM measurement t WHERE ${condition}`
    expect(await api.sql(statement, [...context.values])).toEqual([{ value: 2 }])
  })
})

const schema = `datasource db {
  provider = "postgresql"
  schemas  = ["first", "second"]
}

enum kind {
  a
  b

  @@map("the kind")
  @@schema("second")
}

model alpha {
  id    Int    @id
  kind  kind?
  kinds kind[]
  betas beta[]

  @@map("box")
  @@schema("second")
}

model beta {
  id     Int     @id
  name   String  @map("it's named")
  alphas alpha[]
  above  beta[]  @relation("tree")
  below  beta[]  @relation("tree")

  @@schema("first")
}
`

describe('a where as SQL, over several schemas of PostgreSQL', () => {
  let api: TestEngine

  beforeAll(async () => {
    const project = createProjectFolder({ 'prisma/schema.prisma': schema }, { cleanUp: afterAll })
    api = await createTestEngine({ project })
    await api.sql(`INSERT INTO second.box VALUES (1, 'a', '{a}'), (2, 'b', '{}'), (3, NULL, NULL)`)
    await api.sql(`INSERT INTO first.beta VALUES (1, 'a'), (2, 'b')`)
    await api.sql('INSERT INTO first."_tree" VALUES (1, 2)')
    await api.sql('INSERT INTO second."_alphaTobeta" VALUES (1, 2), (2, 1), (2, 2)')
  }, 60_000)
  afterAll(() => api.close())

  test.each<[string, readonly Where[]]>([
    [
      'alpha',
      [
        { kind: 'a' },
        { kind: { in: ['b'] } },
        { kinds: { has: 'a' } },
        { kinds: { equals: [] } },
        { betas: { some: { name: 'a' } } },
        { betas: { every: { name: 'b' } } },
      ],
    ],
    [
      'beta',
      [
        { alphas: { none: { kind: 'a' } } },
        { alphas: { some: { betas: { some: { name: 'a' } } } } },
        { above: { some: { name: 'a' } } },
        { below: { some: { name: 'a' } } },
        { below: { every: { above: { none: {} } } } },
      ],
    ],
  ])('%s', async (name, wheres) => {
    const { datamodel } = api.engine
    const { ours, prismas } = await selectBothWays(api, datamodel, datamodel.model(name), wheres)
    expect(ours).toEqual(prismas)
  })
})
