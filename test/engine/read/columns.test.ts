import { type GraphQLInputObjectType, isListType } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Model, ScalarField } from '../../../src/engine/datamodel/model.ts'
import { createTestEngine, fixture, type TestEngine } from '../../support/engine.ts'

/** A value for each scalar, and for columns whose type takes only texts of a certain form. */
const samples: Readonly<Record<string, unknown>> = {
  Int: 7,
  BigInt: '1',
  Decimal: '1.5',
  Float: 1.5,
  String: 'a',
  ID: 'a',
  UUID: '018f4e9c-7a00-7000-8000-000000000001',
  Boolean: true,
  DateTime: '2024-01-01T00:00:00.123456Z',
  Date: '2024-01-01',
  Time: '10:00:00',
  JSON: { a: 1 },
  Bytes: 'AA==',
  Colour: 'red',
  address: '10.0.0.1',
  bits: '1010',
  varbits: '101',
}

describe('columns of every kind', () => {
  let api: TestEngine

  beforeAll(async () => {
    api = await createTestEngine({ project: fixture('wide') })
    await api.sql(
      `INSERT INTO oddity (id, address, money, bits, varbits, document, object, clock, json, words, moments, prices, bigs,
                           flags, uuids, jsons, blobs, days, times)
       VALUES (1, '10.0.0.1', 12.5, B'1010', B'101', '<a/>', 7, '10:00:00.123456+00', '{ "a": 1 }', '{a,b}',
               '{2024-01-01T00:00:00.123456Z}', '{1.5}', '{1,2}', '{true}', '{018f4e9c-7a00-7000-8000-000000000001}',
               array['{"a": 1}', 'null']::jsonb[], '{"\\\\x00"}', '{2024-01-01}', '{10:00:00}')`,
    )
    await api.sql('INSERT INTO oddity (id) VALUES (2)')
    await api.sql(`INSERT INTO thing (name, code, place) VALUES ('a', 'a', point(1.5, -2)), ('b', 'b', NULL)`)
  }, 60_000)
  afterAll(() => api.close())

  const models = ['thing', 'box', 'label', 'passport', 'oddity']

  test('come as they are', async () => {
    const { data, errors } = await api.query(
      `{ oddities(orderBy: [{ id: ASC }]) { nodes { id address money bits varbits document object clock json words moments
           prices bigs flags uuids jsons blobs days times } }
         things(orderBy: [{ name: ASC }]) { nodes { place } } }`,
    )
    expect(errors).toBeUndefined()
    expect(data.oddities.nodes[0]).toMatchObject({
      id: '1',
      address: '10.0.0.1',
      bits: '1010',
      varbits: '101',
      document: '<a/>',
      object: 7,
      clock: '10:00:00.123',
      json: { a: 1 },
      words: ['a', 'b'],
      moments: ['2024-01-01T00:00:00.123Z'],
      bigs: ['1', '2'],
      flags: [true],
      uuids: ['018f4e9c-7a00-7000-8000-000000000001'],
      jsons: [{ a: 1 }, null],
      blobs: ['AA=='],
      days: ['2024-01-01'],
      times: ['10:00:00'],
    })
    const { id, ...rest } = data.oddities.nodes[1]
    expect(
      Object.values(rest).every(value => value === null || (Array.isArray(value) && value.length === 0)),
    ).toBe(true)
    expect(data.things.nodes).toEqual([{ place: { x: 1.5, y: -2 } }, { place: null }])
  })

  test.each(models)(
    'of %s have filters whose every operator runs, negated as well',
    { timeout: 60_000 },
    async name => {
      const model = api.engine.datamodel.model(name)
      const filters = model.scalars.flatMap(field => filtersOf(model, field))
      const wheres = filters.flatMap(filter => [filter, { NOT: filter }])
      expect(wheres.length).toBeGreaterThan(20)
      for (let start = 0; start < wheres.length; start += 50) {
        const some = wheres.slice(start, start + 50)
        const fields = some.map((_, index) => `q${index}: ${model.plural}(where: $w${index}) { totalCount }`)
        const declared = some.map((_, index) => `$w${index}: ${model.typeName}Filter`)
        const { errors = [] } = await api.query(
          `query (${declared.join(', ')}) { ${fields.join('\n')} }`,
          Object.fromEntries(some.map((where, index) => [`w${index}`, where])),
        )
        expect(errors.map(error => [some[Number(String(error.path?.[0]).slice(1))], error.message])).toEqual(
          [],
        )
      }
    },
  )

  test.each(models)(
    'of %s can be ordered, paged, grouped and aggregated by where they are offered',
    async name => {
      const model = api.engine.datamodel.model(name)
      const columns = Object.keys(inputFields(`${model.typeName}Order`)).filter(key =>
        model.scalars.some(field => field.graphqlName === key),
      )
      for (const column of columns) {
        const first = await api.query(
          `{ q: ${model.plural}(orderBy: [{ ${column}: DESC }], first: 1) { pageInfo { endCursor }
             groupBy(by: [${column}], orderBy: [{ key: { ${column}: ASC } }]) { count key { ${column} } } } }`,
        )
        expect([column, first.errors]).toEqual([column, undefined])
        const next = await api.query(
          `query ($after: String) { q: ${model.plural}(orderBy: [{ ${column}: DESC }], after: $after) { nodes { __typename } } }`,
          { after: first.data.q.pageInfo.endCursor },
        )
        expect([column, next.errors]).toEqual([column, undefined])
        if (first.data.q.pageInfo.endCursor) expect(next.data.q.nodes).toHaveLength(1)
      }
      const aggregates = ['Sum', 'Avg', 'Min', 'Max'].flatMap(by => {
        const type = api.engine.schema.getType(`${model.typeName}${by}`) as
          | { getFields(): object }
          | undefined
        return type ? [`${by.toLowerCase()} { ${Object.keys(type.getFields()).join(' ')} }`] : []
      })
      const { errors } = await api.query(`{ ${model.plural} { aggregate { ${aggregates.join('\n')} } } }`)
      expect(errors).toBeUndefined()
    },
  )

  test('a text without patterns, and one that cannot be compared, have no more filters than PostgreSQL has', () => {
    const fields = inputFields('OddityFilter')
    expect(Object.keys(fields)).not.toContain('document')
    expect(Object.keys(inputFields('OddityOrder'))).not.toContain('document')
    expect(String(fields.address?.type)).toBe('PlainStringFilter')
    expect(Object.keys(inputFields('PlainStringFilter'))).toEqual([
      'equals',
      'not',
      'in',
      'notIn',
      'lt',
      'lte',
      'gt',
      'gte',
    ])
  })

  function inputFields(typeName: string) {
    return (api.engine.schema.getType(typeName) as GraphQLInputObjectType).getFields()
  }

  function filtersOf(model: Model, field: ScalarField): Record<string, unknown>[] {
    const filter = inputFields(`${model.typeName}Filter`)[field.graphqlName]
    if (!filter) return []
    const operators = (filter.type as GraphQLInputObjectType).getFields()
    const sample = samples[field.name] ?? samples[field.graphqlType]
    const modes = operators.mode ? [{}, { mode: 'INSENSITIVE' }] : [{}]
    return Object.entries(operators)
      .filter(([name]) => name !== 'mode')
      .flatMap(([name, { type }]) => {
        const single = name === 'isEmpty' ? true : name === 'hasKey' ? 'a' : sample
        const value = name === 'path' ? ['a'] : isListType(type) ? [single] : single
        return modes.map(mode => ({ [field.graphqlName]: { [name]: value, ...mode } }))
      })
  }
})
