import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Model } from '../../../src/engine/datamodel/model.ts'
import { createTestEngine, fixture, type TestEngine } from '../../support/engine.ts'
import { arbitraryOrder } from './model/arbitrary-order.ts'
import { arbitraryWorld } from './model/arbitrary-world.ts'
import { arrange, keyFields, type OrderEntry } from './model/arrange.ts'
import { storeWorld } from './model/store-world.ts'
import { type PlainRow, relatedRows, rowsOf } from './model/world.ts'

const ordersPerRun = 6
const pagesPerOrder = 7

/** A page to ask for: positions of the cursor rows in the whole list, and how many rows. */
interface PageWish {
  readonly isBackward: boolean
  readonly limit: number
  readonly offset: number
  readonly after: number | null
  readonly before: number | null
}

const position = fc.option(fc.nat({ max: 23 }), { freq: 2 })
const arbitraryPage: fc.Arbitrary<PageWish> = fc
  .record({
    isBackward: fc.boolean(),
    limit: fc.nat({ max: 8 }),
    offset: fc.oneof(fc.constant(0), fc.nat({ max: 5 })),
    after: position,
    before: position,
  })
  .map(page => (page.isBackward ? { ...page, offset: 0 } : page))

describe('orders and pages', () => {
  let api: TestEngine

  beforeAll(async () => {
    api = await createTestEngine({ project: fixture('wide') })
  }, 60_000)
  afterAll(() => api.close())

  const roots = [
    { name: 'thing', runs: 25 },
    { name: 'box', runs: 8 },
    { name: 'label', runs: 5 },
    { name: 'passport', runs: 10 },
  ]

  test.each(roots)('of $name are those of plain JavaScript', { timeout: 120_000 }, async ({ name, runs }) => {
    const model = api.engine.datamodel.model(name)
    await fc.assert(
      fc.asyncProperty(
        arbitraryWorld(api.engine.datamodel),
        fc.array(orderWithPages(model), { minLength: ordersPerRun, maxLength: ordersPerRun }),
        async (data, asked) => {
          const world = { datamodel: api.engine.datamodel, ...data }
          await storeWorld(api, world)
          const orders = asked.map(({ order }) => order)
          const cursors = await readCursors(model, orders)
          const lists = orders.map(order => arrange(world, model, order))
          expect(cursors.map(list => list.map(edge => edge.node))).toEqual(
            lists.map(list => list.map(row => nodeOf(model, row))),
          )
          const pages = asked.flatMap(({ order, pages }, index) =>
            pages.map(page => ({ order, page, list: lists[index] ?? [], cursors: cursors[index] ?? [] })),
          )
          const answer = await readPages(model, pages)
          expect(answer).toEqual(pages.map(({ list, page }) => cutPage(model, list, page)))
        },
      ),
      { numRuns: runs, seed: 20261122 },
    )
  })

  const nested = [
    { parent: 'box', relation: 'thing', runs: 25 },
    { parent: 'box', relation: 'spares', runs: 15 },
    { parent: 'thing', relation: 'thing', runs: 25 },
    { parent: 'thing', relation: 'label', runs: 25 },
    { parent: 'label', relation: 'thing', runs: 25 },
  ]

  test.each(nested)(
    'of $relation of $parent are right under every parent',
    { timeout: 120_000 },
    async given => {
      const { datamodel } = api.engine
      const parentModel = datamodel.model(given.parent)
      const relation = parentModel.relations.find(field => field.name === given.relation)
      if (!relation) throw new Error('There is no such relation.')
      const model = datamodel.model(relation.target)
      await fc.assert(
        fc.asyncProperty(
          arbitraryWorld(datamodel),
          fc.array(orderWithPages(model), { minLength: 3, maxLength: 3 }),
          async (data, asked) => {
            const world = { datamodel, ...data }
            await storeWorld(api, world)
            const cursors = await readCursors(
              model,
              asked.map(({ order }) => order),
            )
            const lists = asked.map(({ order }) => arrange(world, model, order))
            const wishes = asked.flatMap(({ order, pages }, index) =>
              pages
                .slice(0, 3)
                .map(page => ({ order, page, cursors: cursors[index] ?? [], list: lists[index] ?? [] })),
            )
            const { text, variables } = pageFields(model, relation.graphqlName, wishes)
            const declared = Object.keys(variables).map(name => `$${name}: ${variableType(model, name)}`)
            const answer = await api.query(
              `query (${declared.join(', ')}) { ${parentModel.plural}(first: 100) { nodes { ${text} } } }`,
              variables,
            )
            expect(answer.errors).toBeUndefined()
            const expected = rowsOf(world, parentModel).map(parent =>
              wishes.map(({ list, page }) => {
                const mine = relatedRows(world, parentModel, relation, parent)
                return cutRelatedPage(model, list, mine, page)
              }),
            )
            const found = answer.data[parentModel.plural].nodes.map((node: Record<string, unknown>) =>
              wishes.map((_, index) => node[`p${index}`]),
            )
            expect(found.map(asText).toSorted()).toEqual(expected.map(asText).toSorted())
          },
        ),
        { numRuns: given.runs, seed: 20261122 },
      )
    },
  )

  function orderWithPages(model: Model) {
    return fc.record({
      order: arbitraryOrder(api.engine.datamodel, model, 2),
      pages: fc.array(arbitraryPage, { minLength: pagesPerOrder, maxLength: pagesPerOrder }),
    })
  }

  /** The whole list in each order, with a cursor for each row. */
  async function readCursors(model: Model, orders: readonly (readonly OrderEntry[])[]): Promise<Edges[]> {
    const declared = orders.map((_, index) => `$o${index}: [${model.typeName}Order!]`)
    const lists = orders.map(
      (_, index) =>
        `q${index}: ${model.plural}(orderBy: $o${index}, first: 100) { edges { cursor node { ${keyText(model)} } } }`,
    )
    const answer = await api.query(
      `query (${declared.join(', ')}) { ${lists.join('\n')} }`,
      Object.fromEntries(orders.map((order, index) => [`o${index}`, order])),
    )
    expect(answer.errors).toBeUndefined()
    return orders.map((_, index) => answer.data[`q${index}`].edges)
  }

  async function readPages(model: Model, pages: readonly Asked[]): Promise<unknown[]> {
    const { text, variables } = pageFields(model, model.plural, pages)
    const declared = Object.keys(variables).map(name => `$${name}: ${variableType(model, name)}`)
    const answer = await api.query(`query (${declared.join(', ')}) { ${text} }`, variables)
    expect(answer.errors).toBeUndefined()
    return pages.map((_, index) => answer.data[`p${index}`])
  }
})

type Edges = readonly { readonly cursor: string; readonly node: unknown }[]

interface Asked {
  readonly order: readonly OrderEntry[]
  readonly page: PageWish
  readonly list: readonly PlainRow[]
  readonly cursors: Edges
}

/** The fields that ask for pages, and the variables that they use. */
function pageFields(model: Model, field: string, pages: readonly Asked[]) {
  const variables: Record<string, unknown> = {}
  const text = pages.map(({ order, page, cursors }, index) => {
    variables[`o${index}`] = order
    const given = [`orderBy: $o${index}`, `${page.isBackward ? 'last' : 'first'}: ${page.limit}`]
    if (page.offset > 0) given.push(`offset: ${page.offset}`)
    for (const name of ['after', 'before'] as const) {
      const at = page[name]
      const cursor = at === null ? undefined : cursors[at]?.cursor
      if (cursor !== undefined) given.push(`${name}: "${cursor}"`)
    }
    return `p${index}: ${field}(${given.join(', ')}) { nodes { ${keyText(model)} } pageInfo { hasNextPage hasPreviousPage } }`
  })
  return { text: text.join('\n'), variables }
}

function variableType(model: Model, _name: string): string {
  return `[${model.typeName}Order!]`
}

function keyText(model: Model): string {
  return keyFields(model)
    .map(field => field.graphqlName)
    .join(' ')
}

function nodeOf(model: Model, row: PlainRow): Record<string, unknown> {
  return Object.fromEntries(keyFields(model).map(field => [field.graphqlName, row[field.name]]))
}

function cutPage(model: Model, list: readonly PlainRow[], page: PageWish) {
  return cutRelatedPage(model, list, list, page)
}

/** The page of those rows of the whole ordered list that belong to one parent. */
function cutRelatedPage(model: Model, list: readonly PlainRow[], mine: readonly PlainRow[], page: PageWish) {
  const after = page.after !== null && page.after < list.length ? page.after : -1
  const before = page.before !== null && page.before < list.length ? page.before : list.length
  const range = list.filter((row, index) => index > after && index < before && mine.includes(row))
  const { isBackward, limit, offset } = page
  const rows = isBackward
    ? range.slice(Math.max(0, range.length - limit))
    : range.slice(offset, offset + limit)
  const hasMore = isBackward ? range.length > limit : range.length > offset + limit
  const hasPassed = isBackward ? before < list.length : after >= 0 || offset > 0
  return {
    nodes: rows.map(row => nodeOf(model, row)),
    pageInfo: {
      hasNextPage: isBackward ? hasPassed : hasMore,
      hasPreviousPage: isBackward ? hasMore : hasPassed,
    },
  }
}

function asText(value: unknown): string {
  return JSON.stringify(value)
}
