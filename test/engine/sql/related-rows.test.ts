import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noneOf, type Where } from '../../../src/engine/policy/logic.ts'
import { compilePolicyWhere } from '../../../src/engine/policy/policy-where.ts'
import { arbitraryVillage } from '../policy/model/arbitrary-village.ts'
import { arbitraryWhere } from '../policy/model/arbitrary-where.ts'
import { arbitraryFilter, everything, toPolicyFilter } from '../policy/model/rules.ts'
import { createVillage, type Village } from '../policy/model/village.ts'
import { createLibrary, type Library } from '../write/library.ts'
import { selectBothWays, turnOffCompiling } from './selected.ts'

const filtersPerRun = 15
const seed = 20261124

describe('the filter of a policy as SQL, in a village', () => {
  let village: Village

  beforeAll(async () => {
    village = await createVillage()
    await turnOffCompiling(village)
  }, 60_000)
  afterAll(() => village.close())

  test.each(['Person', 'House', 'Club', 'Card'])('selects every %s that Prisma finds', async name => {
    const { datamodel } = village
    const model = datamodel.model(name)
    const filters = fc.array(arbitraryFilter(datamodel, model, everything, 3), {
      minLength: filtersPerRun,
      maxLength: filtersPerRun,
    })
    const written = fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(arbitraryVillage(datamodel), filters, written, async (data, asked, ids) => {
        await village.store(data)
        const exclusion = { model, rows: { id: { in: ids } } }
        const wheres = asked.flatMap((filter): Where[] => {
          const rule = toPolicyFilter(filter)
          const where = compilePolicyWhere(datamodel, model, rule)
          return [where, noneOf(where), compilePolicyWhere(datamodel, model, rule, exclusion)]
        })
        const { ours, prismas } = await selectBothWays(village, datamodel, model, wheres)
        expect(ours).toEqual(prismas)
      }),
      { numRuns: 8, seed, endOnFailure: true },
    )
  })
})

const [first, second, third] = [
  '00000000-0000-0000-0000-000000000000',
  '018f4e9c-7a00-7000-8000-000000000001',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
]

/** Few values, those that filters are made of; keys of two columns, one of which is NULL or shared with another key. */
const books = `
  INSERT INTO authors (id, email, name) VALUES ('${first}', 'a', 'a'), ('${second}', 'A', 'b'), ('${third}', '%', 'ab');
  INSERT INTO "Profile" (bio, author_id) VALUES ('a', '${first}'), ('', '${third}');
  INSERT INTO "Badge" (code, "authorId") VALUES ('a', '${first}'), ('b', NULL);
  INSERT INTO "Shelf" (room, number, label) VALUES ('a', 1, NULL), ('a', 2, 'a'), ('b', 1, 'b');
  INSERT INTO books (id, title, isbn, price, pages, sold, rating, tags, genres, genre, meta, cover, published, opens_at,
                     updated_at, author_id, editor_id, shelf_room, shelf_number, prequel_id) VALUES
    (0, 'a', NULL, 0.1, 0, 0, 0.1, '{a}', '{CRIME}', 'CRIME', '{"a": 1}', NULL, '2024-01-01', '10:00', '2024-01-01T00:00:00Z',
     '${first}', '${second}', 'a', 1, NULL),
    (1, 'b', 'a', NULL, 7, 7, NULL, NULL, '{}', 'POETRY', NULL, '\\x00', NULL, NULL, '2024-01-01T00:00:00.123456Z',
     '${first}', NULL, 'a', NULL, 0),
    (2, 'ab', 'b', 1, NULL, 1, -1.5, '{}', '{POETRY,CRIME}', 'CRIME', '[1, 2]', '\\x', '2024-02-29', '00:00',
     '2024-01-01T00:00:00.124Z', '${second}', '${second}', 'b', 1, 1),
    (7, 'A', 'ab', -1.5, 1, -1, 0, '{a,b}', NULL, 'SCIENCE', 'null', '\\xff', NULL, NULL, '1969-12-31T23:59:59.999999Z',
     '${third}', '${first}', NULL, 2, 1);
  INSERT INTO "Subject" (id, name) VALUES (0, 'a'), (1, 'b'), (2, '%');
  INSERT INTO "_BookToSubject" ("A", "B") VALUES (0, 0), (0, 1), (2, 1), (7, 0);
  INSERT INTO "Review" (id, stars, text, book_id, reviewer_id, "updatedAt") VALUES
    (0, 1, 'a', 0, NULL, '2024-01-01'), (1, 2, '', 0, '${second}', '2024-01-01'), (2, 2, 'b', 7, '${first}', '2024-01-01');
  INSERT INTO "Org" (id) VALUES (0), (1), (2);
  INSERT INTO "Member" ("orgId", name) VALUES (0, 'a'), (0, 'b'), (1, 'a');
  INSERT INTO "Task" ("orgId", "ownerName", "helperName") VALUES (0, 'a', 'b'), (0, 'b', NULL), (1, 'a', 'a'), (0, 'a', 'a')`

describe('the filter of a policy as SQL, in a library', () => {
  let library: Library

  beforeAll(async () => {
    library = await createLibrary()
    await turnOffCompiling(library)
    await library.sql(books)
  }, 60_000)
  afterAll(() => library.close())

  test.each(['Author', 'Book', 'Shelf', 'Subject', 'Review', 'Org', 'Member', 'Task'])(
    'selects every %s that Prisma finds',
    async name => {
      const { datamodel } = library.engine
      const model = datamodel.model(name)
      const filters = fc.array(arbitraryWhere(datamodel, model, 2), {
        minLength: filtersPerRun,
        maxLength: filtersPerRun,
      })
      await fc.assert(
        fc.asyncProperty(filters, async asked => {
          const wheres = asked.flatMap((filter): Where[] => {
            const where = compilePolicyWhere(datamodel, model, filter)
            return [where, noneOf(where)]
          })
          const { ours, prismas } = await selectBothWays(library, datamodel, model, wheres)
          expect(ours).toEqual(prismas)
        }),
        { numRuns: 5, seed, endOnFailure: true },
      )
    },
  )
})
