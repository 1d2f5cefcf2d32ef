import fc from 'fast-check'
import { coerceInputValue, type GraphQLInputType } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Model } from '../../../src/engine/datamodel/model.ts'
import { translateFilter } from '../../../src/engine/operations/where/translate-filter.ts'
import { createTestEngine, fixture, type TestEngine } from '../../support/engine.ts'
import { arbitraryFilter, type Filter } from '../read/model/arbitrary-filter.ts'
import { arbitraryWorld } from '../read/model/arbitrary-world.ts'
import { storeWorld } from '../read/model/store-world.ts'
import { selectBothWays, turnOffCompiling } from './selected.ts'

const filtersPerRun = 25

describe('a filter of a client as SQL', () => {
  let api: TestEngine

  beforeAll(async () => {
    api = await createTestEngine({ project: fixture('wide') })
    await turnOffCompiling(api)
  }, 60_000)
  afterAll(() => api.close())

  const translate = (model: Model, filter: Filter) => {
    const type = api.engine.schema.getType(`${model.typeName}Filter`) as GraphQLInputType
    const { refract: scope } = api.engine.createContext()
    return translateFilter(scope, model, coerceInputValue(filter, type) as Filter)
  }

  test.each([
    { name: 'thing', depth: 0, runs: 20 },
    { name: 'thing', depth: 1, runs: 20 },
    { name: 'thing', depth: 3, runs: 20 },
    { name: 'box', depth: 3, runs: 10 },
    { name: 'label', depth: 2, runs: 10 },
    { name: 'passport', depth: 2, runs: 10 },
  ])('selects the rows that Prisma finds: $name to depth $depth', async ({ name, depth, runs }) => {
    const { datamodel } = api.engine
    const model = datamodel.model(name)
    const filters = fc.array(arbitraryFilter(datamodel, model, depth), {
      minLength: filtersPerRun,
      maxLength: filtersPerRun,
    })
    await fc.assert(
      fc.asyncProperty(arbitraryWorld(datamodel), filters, async (data, asked) => {
        await storeWorld(api, { datamodel, ...data })
        const wheres = await Promise.all(asked.map(filter => translate(model, filter)))
        const { ours, prismas } = await selectBothWays(api, datamodel, model, wheres)
        expect(ours).toEqual(prismas)
      }),
      { numRuns: runs, seed: 20261124, endOnFailure: true },
    )
  })
})
