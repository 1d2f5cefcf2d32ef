import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestEngine, fixture, type TestEngine } from '../../support/engine.ts'
import { arbitraryFilter } from './model/arbitrary-filter.ts'
import { arbitraryWorld } from './model/arbitrary-world.ts'
import { matches } from './model/evaluate.ts'
import { storeWorld } from './model/store-world.ts'
import { rowsOf } from './model/world.ts'

const filtersPerRun = 25

describe('filters', () => {
  let api: TestEngine

  beforeAll(async () => {
    api = await createTestEngine({ project: fixture('wide') })
  }, 60_000)
  afterAll(() => api.close())

  const cases = [
    { name: 'thing', depth: 0, runs: 40 },
    { name: 'thing', depth: 1, runs: 40 },
    { name: 'thing', depth: 3, runs: 40 },
    { name: 'box', depth: 3, runs: 15 },
    { name: 'label', depth: 2, runs: 15 },
  ]

  test.each(cases)(
    'of $name to depth $depth find what plain JavaScript finds',
    { timeout: 120_000 },
    async given => {
      const { datamodel } = api.engine
      const model = datamodel.model(given.name)
      const filters = fc.array(arbitraryFilter(datamodel, model, given.depth), {
        minLength: filtersPerRun,
        maxLength: filtersPerRun,
      })
      const keys = (model.primaryKey?.fields ?? []).map(
        name => model.scalars.find(field => field.name === name)?.graphqlName ?? name,
      )
      await fc.assert(
        fc.asyncProperty(arbitraryWorld(datamodel), filters, async (data, asked) => {
          const world = { datamodel, ...data }
          await storeWorld(api, world)
          const parts = asked.map(
            (_, i) =>
              `q${i}: ${model.plural}(where: $f${i}, first: 100) { totalCount nodes { ${keys.join(' ')} } }`,
          )
          const variables = asked.map((_, i) => `$f${i}: ${model.typeName}Filter`)
          const answer = await api.query(
            `query (${variables.join(', ')}) { ${parts.join('\n')} }`,
            Object.fromEntries(asked.map((filter, i) => [`f${i}`, filter])),
          )
          expect(answer.errors).toBeUndefined()
          const found = asked.map((filter, i) => ({ filter, ...answer.data[`q${i}`] }))
          const expected = asked.map(filter => {
            const rows = rowsOf(world, model).filter(row => matches(world, model, filter, row) === true)
            const nodes = rows.map(row =>
              Object.fromEntries((model.primaryKey?.fields ?? []).map((name, at) => [keys[at], row[name]])),
            )
            return { filter, totalCount: rows.length, nodes }
          })
          expect(found.map(sorted)).toEqual(expected.map(sorted))
        }),
        { numRuns: given.runs, seed: 20261122, endOnFailure: false },
      )
    },
  )
})

function sorted<Answer extends { readonly nodes: readonly unknown[] }>(answer: Answer) {
  return { ...answer, nodes: answer.nodes.map(node => JSON.stringify(node)).toSorted() }
}
