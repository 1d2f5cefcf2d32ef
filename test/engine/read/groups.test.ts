import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestEngine, fixture, type TestEngine } from '../../support/engine.ts'
import { arbitraryFilter, scalarFilter } from './model/arbitrary-filter.ts'
import { arbitraryWorld } from './model/arbitrary-world.ts'
import { keyFields } from './model/arrange.ts'
import { matches } from './model/evaluate.ts'
import { fieldsOf, type GroupWish, groupRows } from './model/group.ts'
import { storeWorld } from './model/store-world.ts'
import { type PlainRow, relatedRows, rowsOf } from './model/world.ts'

const groupsPerRun = 8

describe('groups and aggregates', () => {
  let api: TestEngine

  beforeAll(async () => {
    api = await createTestEngine({ project: fixture('wide') })
  }, 60_000)
  afterAll(() => api.close())

  const places = [
    { parent: null, relation: null, runs: 25 },
    { parent: 'box', relation: 'thing', runs: 30 },
    { parent: 'thing', relation: 'thing', runs: 30 },
    // across a join table: grouped by a statement of our own, ordered and chosen in JavaScript
    { parent: 'label', relation: 'thing', runs: 25 },
  ]

  test.each(places)(
    'of things under $parent by $relation are those of plain JavaScript',
    { timeout: 120_000 },
    async place => {
      const { datamodel } = api.engine
      const model = datamodel.model('thing')
      const groupFields = fieldsOf(model, [
        'name',
        'note',
        'colour',
        'mainColour',
        'isOld',
        'small',
        'day',
        'changedAt',
        'padded',
        'uuid',
        'price',
      ])
      const sums = fieldsOf(model, ['id', 'small', 'count', 'big'])
      const wish: fc.Arbitrary<GroupWish> = fc
        .uniqueArray(fc.constantFrom(...groupFields), { minLength: 1, maxLength: 2 })
        .chain(by =>
          fc.record({
            by: fc.constant(by),
            having: fc.option(
              fc
                .constantFrom(...by)
                .chain(field =>
                  scalarFilter(datamodel, field).map(filter => ({ field, filter: withoutPatterns(filter) })),
                ),
            ),
            more: fc.option(fc.nat({ max: 2 })),
            sumBelow: fc.option(fc.tuple(fc.constantFrom(...sums), fc.integer({ min: -5, max: 30 }))),
            byCount: fc.option(fc.constantFrom('ASC' as const, 'DESC' as const)),
            keySort: fc.constantFrom(
              'ASC',
              'DESC',
              ...(by[0]?.isRequired ? [] : ['ASC_NULLS_FIRST', 'DESC_NULLS_LAST']),
            ),
            limit: fc.nat({ max: 10 }),
          }),
        )
      const asked = fc.record({
        wish,
        where: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, arbitraryFilter(datamodel, model, 1)),
      })
      await fc.assert(
        fc.asyncProperty(
          arbitraryWorld(datamodel),
          fc.array(asked, { minLength: groupsPerRun, maxLength: groupsPerRun }),
          async (data, wishes) => {
            const world = { datamodel, ...data }
            await storeWorld(api, world)
            const fields = wishes.map(
              (_, index) => `g${index}: things(where: $w${index}) {
              totalCount aggregate { count sum { ${namesOf(sums)} } max { ${namesOf(sums)} } }
              groupBy(by: $b${index}, having: $h${index}, orderBy: $o${index}, first: $f${index}) {
                count key { ${namesOf(groupFields)} } sum { ${namesOf(sums)} } min { ${namesOf(sums)} } max { ${namesOf(sums)} } } }`,
            )
            const declared = wishes.map(
              (_, i) =>
                `$w${i}: ThingFilter, $b${i}: [ThingGroupField!]!, $h${i}: ThingHaving, $o${i}: [ThingGroupOrder!], $f${i}: Int`,
            )
            const parentModel = place.parent === null ? null : datamodel.model(place.parent)
            const inner = fields.join('\n')
            const key = parentModel ? namesOf(keyFields(parentModel)) : ''
            const answer = await api.query(
              `query (${declared.join(', ')}) { ${parentModel ? `${parentModel.plural}(first: 100) { nodes { ${key} ${inner} } }` : inner} }`,
              Object.assign({}, ...wishes.map(variablesOf)),
            )
            expect(answer.errors).toBeUndefined()
            const expectedOf = (rows: readonly PlainRow[]) =>
              wishes.map(({ wish: grouping, where }) => {
                const found = rows.filter(row => matches(world, model, where, row) === true)
                const nothing = { ...grouping, by: [], having: null, more: null, sumBelow: null, limit: 1 }
                const [all] = groupRows(world, found, nothing, sums)
                const none = Object.fromEntries(sums.map(field => [field.graphqlName, null]))
                return {
                  totalCount: found.length,
                  aggregate: { count: found.length, sum: all?.sum ?? none, max: all?.max ?? none },
                  groupBy: groupRows(world, found, grouping, sums).map(group => ({
                    ...group,
                    key: {
                      ...Object.fromEntries(groupFields.map(field => [field.graphqlName, null])),
                      ...group.key,
                    },
                  })),
                }
              })
            if (!parentModel) {
              expect(wishes.map((_, index) => answer.data[`g${index}`])).toEqual(
                normalised(expectedOf(rowsOf(world, model))),
              )
              return
            }
            const relation = parentModel.relations.find(field => field.name === place.relation)
            for (const parent of rowsOf(world, parentModel)) {
              const node = answer.data[parentModel.plural].nodes.find((found: Record<string, unknown>) =>
                keyFields(parentModel).every(field => found[field.graphqlName] === parent[field.name]),
              )
              const mine = relation ? relatedRows(world, parentModel, relation, parent) : []
              expect(wishes.map((_, index) => node[`g${index}`])).toEqual(normalised(expectedOf(mine)))
            }
          },
        ),
        { numRuns: place.runs, seed: 20261122 },
      )
    },
  )
})

function variablesOf(
  { wish, where }: { wish: GroupWish; where: object },
  index: number,
): Record<string, unknown> {
  const [first] = wish.by
  const orders: object[] = [{ key: { [first?.graphqlName ?? '']: wish.keySort } }]
  return {
    [`w${index}`]: where,
    [`b${index}`]: wish.by.map(field => field.graphqlName),
    [`h${index}`]: {
      ...(wish.having ? { key: { [wish.having.field.graphqlName]: wish.having.filter } } : {}),
      ...(wish.more === null ? {} : { count: { gt: wish.more } }),
      ...(wish.sumBelow === null
        ? {}
        : { sum: { [wish.sumBelow[0].graphqlName]: { lt: String(wish.sumBelow[1]) } } }),
    },
    [`o${index}`]: wish.byCount === null ? orders : [{ count: wish.byCount }, ...orders],
    [`f${index}`]: wish.limit,
  }
}

const comparisons = ['equals', 'not', 'in', 'notIn', 'lt', 'lte', 'gt', 'gte']

function withoutPatterns(filter: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept = Object.entries(filter).filter(([name]) => comparisons.includes(name))
  return 'mode' in filter ? {} : Object.fromEntries(kept)
}

function namesOf(fields: readonly { readonly graphqlName: string }[]): string {
  return fields.map(field => field.graphqlName).join(' ')
}

/** A `char(n)` comes filled up with spaces, a decimal with as many digits as its column has. */
function normalised<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value), (name, part) => {
    if (typeof part !== 'string') return part
    if (name === 'padded') return part.padEnd(6, ' ')
    const [whole = '', fraction = ''] = part.split('.')
    return name === 'price' ? `${whole}.${fraction.padEnd(12, '0')}` : part
  })
}
