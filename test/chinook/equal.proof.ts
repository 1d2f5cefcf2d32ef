import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  checkWorld,
  createTally,
  type EqualWorld,
  shareOf,
  unknownReasons,
} from '../engine/compiled/model/check-world.ts'
import { createChinookWorld } from './chinook-world.ts'

const queries = 250

let world: EqualWorld
beforeAll(async () => {
  world = await createChinookWorld()
})
afterAll(() => world?.close())

/** As test/engine/compiled/equal.test.ts, on a database that nobody here wrote. */
test('compiled reads of Chinook answer as resolvers do, to the byte', { timeout: 180_000 }, async () => {
  const tally = createTally()
  await checkWorld(world, 20261125, queries, tally)
  expect(tally.differences).toEqual([])
  expect(tally.asked).toBe(queries)
  expect(unknownReasons(tally)).toEqual([])
  expect(shareOf(tally)).toBeGreaterThan(0.9)
  expect(tally.statements).toBeGreaterThan(queries / 2)
})
