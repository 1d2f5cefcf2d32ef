import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isNull } from '../../../src/engine/index.ts'
import { delegateOf, type Where } from '../../../src/engine/operations/client.ts'
import { createRowTest } from '../../../src/engine/operations/read/row-test.ts'
import { compilePolicyWhere } from '../../../src/engine/policy/policy-where.ts'
import type { Library } from '../write/library.ts'
import { ann, bob, createGuardedLibrary } from './shop.ts'

const user = fc.constantFrom(ann, bob, ann.toUpperCase())
const number = fc.integer({ min: 0, max: 5 }).map(value => value * 10)
const moment = fc.constantFrom(new Date('2020-01-01T00:00:00Z'), new Date('2030-01-01T00:00:00Z'))

const review: fc.Arbitrary<Where> = fc.oneof(
  fc.record({ stars: fc.oneof(number, fc.record({ lt: fc.integer({ min: 0, max: 6 }) })) }),
  fc.record({ reviewerId: fc.oneof(user, fc.constant(isNull)) }),
  fc.record({ updatedAt: fc.record({ gt: moment }) }),
)

const author: fc.Arbitrary<Where> = fc.oneof(
  fc.record({ id: user }),
  fc.record({ name: fc.constantFrom('Ann', 'Bob') }),
  fc.record({ version: fc.record({ lte: number }) }),
  fc.record({
    edited: fc.oneof(fc.record({ some: fc.record({ pages: number }) }), fc.record({ none: fc.constant({}) })),
  }),
)

const { book } = fc.letrec<{ book: Where }>(tie => ({
  book: fc.oneof(
    { maxDepth: 3 },
    fc.record({ authorId: user }),
    fc.record({
      editorId: fc.oneof(
        user,
        fc.constant(isNull),
        fc.record({ not: user }),
        fc.record({ not: fc.constant(isNull) }),
      ),
    }),
    fc.record({ editor: fc.constant(isNull) }),
    fc.record({
      pages: fc.oneof(
        number,
        fc.record({ gte: number, lt: number }),
        fc.record({ in: fc.array(number) }),
        fc.record({ notIn: fc.array(number) }),
      ),
    }),
    fc.record({ genre: fc.constantFrom('CRIME', 'POETRY') }),
    fc.record({ title: fc.constantFrom('Ann one', 'ann one') }),
    fc.record({
      reviews: fc.oneof(
        fc.record({ some: review }),
        fc.record({ none: review }),
        fc.record({ every: review }),
      ),
    }),
    fc.record({ author: fc.oneof(fc.record({ is: author }), fc.record({ isNot: author }), author) }),
    fc.record({ editor: fc.oneof(fc.record({ is: author }), fc.record({ isNot: author })) }),
    fc.record({ AND: fc.array(tie('book'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ OR: fc.array(tie('book'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ NOT: tie('book') }),
  ) as fc.Arbitrary<Where>,
}))

describe('a condition that is decided by looking at a row', () => {
  let library: Library
  beforeAll(async () => {
    library = await createGuardedLibrary([])
    await library.sql('UPDATE books SET pages = NULL WHERE id = 4')
  })
  afterAll(() => library.close())

  test('holds for the rows that the database selects', async () => {
    const { refract: scope } = library.engine.createContext()
    const model = library.engine.datamodel.model('Book')
    const books = delegateOf(scope.database, model)
    let decided = 0
    await fc.assert(
      fc.asyncProperty(book, async source => {
        const where = compilePolicyWhere(library.engine.datamodel, model, source)
        const rowTest = createRowTest(library.engine.datamodel, model, where)
        if (!rowTest) return
        decided += 1
        const selected = await books.findMany({ where, select: { id: true }, orderBy: { id: 'asc' } })
        for (const relationLoadStrategy of ['join', 'query']) {
          const select = { id: true, ...rowTest.select }
          const rows = await books.findMany({ select, orderBy: { id: 'asc' }, relationLoadStrategy })
          expect(rows.filter(rowTest.holds).map(row => row.id)).toEqual(selected.map(row => row.id))
        }
      }),
      { numRuns: 600 },
    )
    expect(decided).toBeGreaterThan(300)
  })
})
