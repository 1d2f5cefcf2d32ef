import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noneOf } from '../../../src/engine/policy/logic.ts'
import { compilePolicyWhere } from '../../../src/engine/policy/policy-where.ts'
import { createTestEngine, fixture, type TestEngine } from '../../support/engine.ts'
import { arbitraryWhere } from '../policy/model/arbitrary-where.ts'
import { arbitraryWorld } from '../read/model/arbitrary-world.ts'
import { storeWorld } from '../read/model/store-world.ts'
import type { WorldData } from '../read/model/world.ts'
import { selectBothWays, turnOffCompiling } from './selected.ts'

const filtersPerRun = 15

describe('the filter of a policy as SQL', () => {
  let api: TestEngine

  beforeAll(async () => {
    api = await createTestEngine({ project: fixture('wide') })
    await turnOffCompiling(api)
  }, 60_000)
  afterAll(() => api.close())

  test.each([
    { depth: 0, runs: 10 },
    { depth: 1, runs: 10 },
    { depth: 2, runs: 10 },
  ])('selects the rows that Prisma finds, negated or not: to depth $depth', async ({ depth, runs }) => {
    const { datamodel } = api.engine
    const model = datamodel.model('thing')
    const filters = fc.array(arbitraryWhere(datamodel, model, depth), {
      minLength: filtersPerRun,
      maxLength: filtersPerRun,
    })
    await fc.assert(
      fc.asyncProperty(arbitraryWorld(datamodel), filters, async (data, asked) => {
        await storeWorld(api, { datamodel, ...withHalfKeys(data) })
        const wheres = asked.flatMap(filter => {
          const where = compilePolicyWhere(datamodel, model, filter)
          return [where, noneOf(where), noneOf({ parent: { is: where } }), { thing: { every: where } }]
        })
        const { ours, prismas } = await selectBothWays(api, datamodel, model, wheres)
        expect(ours).toEqual(prismas)
      }),
      { numRuns: runs, seed: 20261124, endOnFailure: true },
    )
  })
})

/** Of some foreign keys of two columns one is null: they refer to no row. */
function withHalfKeys({ rows, links }: WorldData): WorldData {
  const thing = (rows.thing ?? []).map((row, index) => {
    if (index % 4 === 1) return { ...row, box_shelf: undefined }
    return index % 4 === 2 ? { ...row, spare_box_id: undefined } : row
  })
  return { rows: { ...rows, thing }, links }
}
