import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkWorld, createTally, type EqualWorld, shareOf, unknownReasons } from './model/check-world.ts'
import { worlds } from './worlds/index.ts'

const queries = 250

/** More, with other seeds: `npm run test:equal`. */
describe.each(Object.entries(worlds))('in the world %s', (_, { create, compiledShare }) => {
  let world: EqualWorld
  beforeAll(async () => {
    world = await create()
  })
  afterAll(() => world?.close())

  test('compiled reads answer as resolvers do, to the byte', { timeout: 180_000 }, async () => {
    const tally = createTally()
    await checkWorld(world, 20261125, queries, tally)
    expect(tally.differences).toEqual([])
    expect(tally.asked).toBe(queries)
    expect(unknownReasons(tally)).toEqual([])
    expect(shareOf(tally)).toBeGreaterThan(compiledShare)
    expect(tally.statements).toBeGreaterThan(queries / 2)
  })
})
