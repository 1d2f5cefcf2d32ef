import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestEngine, fixture, type TestEngine } from '../../support/engine.ts'

/** Reads that Prisma fails at where it is asked for them as for others; compiled reads do not ask it. */
describe('resolvers go around faults of Prisma', () => {
  let village: TestEngine
  let wide: TestEngine

  beforeAll(async () => {
    village = await createTestEngine({ project: fixture('village'), config: {}, reads: 'prisma' })
    await village.sql(`INSERT INTO "Person" (id, name) VALUES (1, 'ann'), (2, 'bob'), (3, 'cil')`)
    await village.sql(
      `INSERT INTO "House" (id, street, number, "ownerId") VALUES (1, 'a', 1, 1), (2, 'a', 2, 1), (3, 'b', 2, 1)`,
    )
    await village.sql(`UPDATE "Person" SET "homeStreet" = 'a', "homeNumber" = 2 WHERE id > 1`)
    await village.sql(`UPDATE "Person" SET "homeStreet" = 'b', "homeNumber" = 2 WHERE id = 1`)
    wide = await createTestEngine({ project: fixture('wide'), config: {}, reads: 'prisma' })
    await wide.sql(
      `INSERT INTO thing (id, name, code, numbers) VALUES (1, 'a', 'a', '{1}'), (2, 'b', 'b', '{2,NULL}')`,
    )
    await wide.sql('UPDATE thing SET parent_id = 1')
  }, 120_000)
  afterAll(async () => {
    await village?.close()
    await wide?.close()
  })

  test('related rows in the order of a count of rows that have not their key but another one', async () => {
    const page = (args: string) => `owned(orderBy: [{ tenants: { count: DESC } }], ${args}) { nodes { id } }`
    const { data, errors, statements } = await village.query(
      `{ person(where: { id: 1 }) { two: ${page('first: 2')} last: ${page('last: 1')} } }`,
    )
    expect(errors).toBeUndefined()
    expect(data).toEqual({
      person: { two: { nodes: [{ id: 2 }, { id: 3 }] }, last: { nodes: [{ id: 1 }] } },
    })
    expect(statements).toHaveLength(3)
  })

  test('a row that is not of the page is read only where it is asked whether there are more', async () => {
    const { data, errors, statements } = await wide.query(
      `{ things(first: 1) { nodes { numbers } }
         thing(where: { id: 1 }) { children: things(first: 1) { nodes { numbers } pageInfo { hasPreviousPage endCursor } } } }`,
    )
    expect(errors).toBeUndefined()
    expect(data).toMatchObject({
      things: { nodes: [{ numbers: [1] }] },
      thing: { children: { nodes: [{ numbers: [1] }], pageInfo: { hasPreviousPage: false } } },
    })
    expect(statements).toHaveLength(3)
  })

  test('an empty page refuses input as others do', async () => {
    const { errors } = await wide.query(
      '{ oddities(first: 0, where: { varbits: { gt: "2" } }) { nodes { id } } }',
    )
    expect(errors?.map(({ message }) => message)).toEqual([
      expect.stringContaining('cannot be a value of the column'),
    ])
  })

  test('of a row behind an empty page nothing but its key is read', async () => {
    const { data, errors } = await wide.query(
      '{ things(first: 0, offset: 1) { nodes { numbers } pageInfo { hasNextPage } } }',
    )
    expect(errors).toBeUndefined()
    expect(data).toEqual({ things: { nodes: [], pageInfo: { hasNextPage: true } } })
  })
})
