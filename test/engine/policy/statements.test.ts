import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { administrator } from '../../../src/engine/index.ts'
import { byReads, defaultReads } from '../../support/engine.ts'
import { arbitraryVillage } from './model/arbitrary-village.ts'
import { arbitraryTape } from './model/choices.ts'
import { askAll, createAsker, nodeIdsOf } from './model/question.ts'
import type { FieldRules, ModelRules, RowRule, Rules } from './model/rules.ts'
import { createVillage, type Village } from './model/village.ts'

/** Rules that have to be looked at row by row, and that every row meets. */
const ofAny: readonly RowRule[] = [
  { id: { gte: 0 } },
  { OR: [{ id: { gt: 3 } }, { id: { lte: 3 } }] },
  { NOT: { id: { equals: 0 } } },
]
const ofModel: Readonly<Record<string, readonly RowRule[]>> = {
  Person: [
    { staff: { none: { id: { equals: 0 } } } },
    { OR: [{ id: { gt: 0 } }, { boss: { is: { name: { equals: 'dog' } } } }] },
  ],
  House: [{ owner: { is: { id: { gt: 0 } } } }, { owner: { is: { NOT: { name: { equals: 'nobody' } } } } }],
  Club: [{ NOT: { members: { some: { name: { equals: 'nobody' } } } } }],
}

describe('the statements of a query', () => {
  let village: Village
  beforeAll(async () => {
    village = await createVillage()
  }, 60_000)
  afterAll(() => village.close())

  test('are no more with policies than without, where all can be seen', { timeout: 180_000 }, async () => {
    const tapes = fc.array(arbitraryTape(60), { minLength: 3, maxLength: 3 })
    const counts: number[] = []
    await fc.assert(
      fc.asyncProperty(
        arbitraryVillage(village.datamodel),
        arbitraryOpenRules(village),
        tapes,
        async (data, rules, given) => {
          await village.store(data)
          const viewer = village.rule(rules)
          const { schema } = createAsker(village, viewer, false)
          const knowledge = { nodeIds: nodeIdsOf(village), pages: new Map() }
          for (const tape of given) {
            const { fields } = askAll(schema, 'query', [tape], knowledge)
            const [field = ''] = fields
            // who the viewer is, is another answer
            if (field.startsWith('viewer ')) continue
            const source = `{ ${field} }`
            const guarded = await village.query(source, {}, viewer)
            const open = await village.query(source, {}, administrator)
            counts.push(guarded.statements.length)
            expect({ source, ...guarded, statements: [] }).toEqual({ source, ...open, statements: [] })
            expect({ source, more: guarded.statements.slice(open.statements.length) }).toEqual({
              source,
              more: [],
            })
          }
        },
      ),
      { numRuns: 120, seed: 20261124, endOnFailure: true },
    )
    expect(counts.filter(count => count > 0).length).toBeGreaterThan(150)
    // a search takes one statement more than the compiled read; the rest are the resolvers'
    const more = counts.filter(count => count > 1).length
    if (defaultReads() === 'compiled') expect(more).toBeLessThan(20)
    else expect(Math.max(...counts)).toBeGreaterThan(4)
  })

  test('are one more, for any number of rows, for each condition of a field or of viewerCan that a row does not tell', async () => {
    const rows = [1, 2, 3].map(id => ({ id, name: `p${id}`, tags: [] }))
    const houses = rows.map(({ id }) => ({ id, street: 'a', number: id, version: 1, ownerId: id, rent: id }))
    await village.store({ rows: { Person: rows, House: houses, Club: [], Card: [] }, links: {} })
    const statements = async (told: RowRule, untold: RowRule) => {
      const viewer = village.rule(
        openRules(village, told, { House: { rent: untold, update: untold, delete: untold } }),
      )
      const source = '{ houses { nodes { street rent viewerCan { update delete } owner { name } } } }'
      const { data, errors, statements } = await village.query(source, {}, viewer)
      expect(errors).toBeUndefined()
      const [first] = data.houses.nodes
      const can = { update: true, delete: true }
      expect(first).toEqual({ street: 'a', rent: 1, viewerCan: can, owner: { name: 'p1' } })
      return statements.length
    }
    const byKey = { id: { gt: 0 } }
    // JavaScript does not know how PostgreSQL compares text
    const byText = { street: { startsWith: 'a' } }
    expect(await statements(true, true)).toBe(byReads({ compiled: 1, prisma: 2 }))
    expect(await statements(byKey, byKey)).toBe(byReads({ compiled: 1, prisma: 2 }))
    expect(await statements(byKey, byText)).toBe(byReads({ compiled: 1, prisma: 5 }))
  })
})

/** The same rule for the rows and fields of all models, with others for some. */
function openRules(
  { datamodel }: Village,
  rule: RowRule,
  others: Readonly<Record<string, Readonly<Record<string, RowRule>>>>,
): Rules {
  const fieldRules = (read: RowRule): FieldRules => ({ read, write: true, filter: true, order: true })
  return Object.fromEntries(
    datamodel.models.map(({ name, fields, primaryKey }) => {
      const other = others[name] ?? {}
      const open = fields.filter(field => !primaryKey?.fields.includes(field.name))
      const rules: ModelRules = {
        read: rule,
        create: rule,
        update: other.update ?? rule,
        delete: other.delete ?? rule,
        fields: Object.fromEntries(open.map(field => [field.name, fieldRules(other[field.name] ?? rule)])),
      }
      return [name, rules]
    }),
  )
}

function arbitraryOpenRules({ datamodel }: Village): fc.Arbitrary<Rules> {
  const model = (modelName: string, names: readonly string[]) => {
    const rule = fc.constantFrom<RowRule>(true, ...ofAny, ...(ofModel[modelName] ?? []))
    const open = fc.constant(true)
    const field = fc.record<FieldRules>({ read: rule, write: open, filter: open, order: open })
    return fc.record<ModelRules>({
      read: rule,
      create: rule,
      update: rule,
      delete: rule,
      fields: fc.record(Object.fromEntries(names.map(name => [name, field]))),
    })
  }
  return fc.record(
    Object.fromEntries(
      datamodel.models.map(({ name, fields, primaryKey }) => [
        name,
        model(
          name,
          fields.map(one => one.name).filter(one => !primaryKey?.fields.includes(one)),
        ),
      ]),
    ),
  )
}
