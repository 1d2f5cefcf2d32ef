import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hasTestServer } from '../../support/database.ts'
import { byReads } from '../../support/engine.ts'
import { createLibrary, errors, type Library } from './library.ts'

const ada = '018f4e9c-7a00-7000-8000-000000000001'
const bob = '018f4e9c-7a00-7000-8000-000000000002'

// the embedded database runs one transaction at a time: no two can meet there
if (await hasTestServer()) {
  describe('transactions that meet', () => {
    let library: Library
    beforeAll(async () => {
      library = await createLibrary('server')
    })
    beforeEach(async () => {
      await library.clear()
      await library.sql(
        `INSERT INTO authors (id, email, name) VALUES ('${ada}', 'ada', 'Ada'), ('${bob}', 'bob', 'Bob')`,
      )
      await library.sql(
        `INSERT INTO books (id, title, author_id, updated_at) VALUES (1, 'One', '${ada}', now()), (2, 'Two', '${ada}', now())`,
      )
    })
    afterAll(() => library.close())

    test('a deadlock is retried', async () => {
      const other = new pg.Client({ connectionString: library.database.url })
      await other.connect()
      // so that PostgreSQL ends the mutation's transaction and not this one
      await other.query("SET deadlock_timeout = '20s'")
      await other.query('BEGIN')
      await other.query('UPDATE books SET rating = 1 WHERE id = 2')
      const mutation = library.mutate(
        `updateAuthor(where: { id: "${ada}" }, data: { books: { update: [
          { where: { id: 1 }, data: { rating: 5 } }
          { where: { id: 2 }, data: { rating: 5 } }
        ] } }) { ${errors} }`,
      )
      await expect.poll(countWaiting, { timeout: 10_000 }).toBe(1)
      await other.query('UPDATE books SET rating = 2 WHERE id = 1')
      await other.query('COMMIT')
      await other.end()
      expect(await mutation).toEqual({ errors: [] })
      expect(await library.sql('SELECT rating FROM books ORDER BY id')).toEqual([
        { rating: 5 },
        { rating: 5 },
      ])
    })

    async function countWaiting(): Promise<number> {
      const rows = await library.sql(
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      )
      return rows.length
    }

    test('upserts of one key at the same time make one row, and none fails', async () => {
      const field =
        'upsertSubject(where: { name: "Math" }, create: { name: "Math" }, update: { name: "Math" }) { subject { id } errors { message } }'
      const payloads = await Promise.all(Array.from({ length: 8 }, () => library.mutate(field)))
      expect(payloads.flatMap(payload => payload.errors)).toEqual([])
      expect(new Set(payloads.map(payload => payload.subject?.id)).size).toBe(1)
    })

    test('connectOrCreate of one key at the same time connects one row, and none fails', async () => {
      const subject = '{ where: { name: "Math" }, create: { name: "Math" } }'
      const update = (book: number) =>
        library.mutate(
          `updateBook(where: { id: ${book} }, data: { subjects: { connectOrCreate: [${subject}] } }) { ${errors} }`,
        )
      const payloads = await Promise.all([update(1), update(2), update(1), update(2)])
      expect(payloads.flatMap(payload => payload.errors)).toEqual([])
      expect(await library.sql('SELECT count(*)::int FROM "Subject"')).toEqual([{ count: 1 }])
      expect(await library.sql('SELECT count(*)::int FROM "_BookToSubject"')).toEqual([{ count: 2 }])
    })

    test('an increment under ifVersion is never lost', async () => {
      const attempt = async (): Promise<boolean> => {
        const { data } = await library.query('{ book(where: { id: 1 }) { version stock } }')
        const payload = await library.mutate(
          `updateBook(where: { id: 1 }, data: { stock: ${data.book.stock + 1} }, ifVersion: "${data.book.version}") { ${errors} }`,
        )
        return payload.errors.length === 0
      }
      let done = 0
      for (let round = 0; round < 10; round++) {
        const results = await Promise.all([attempt(), attempt(), attempt()])
        done += results.filter(Boolean).length
      }
      expect(await library.sql('SELECT stock FROM books WHERE id = 1')).toEqual([{ stock: done }])
      expect(done).toBeGreaterThanOrEqual(10)
    })
  })
}

describe('one request', () => {
  let library: Library
  beforeAll(async () => {
    library = await createLibrary()
  })
  beforeEach(() => library.clear())
  afterAll(() => library.close())

  test('fields run one after another, and later ones see what earlier ones wrote', async () => {
    const { data } = await library.query(`mutation {
      a: createAuthor(data: { email: "a", name: "A" }) { author { books { totalCount } } }
      b: createBook(data: { title: "One", author: { connect: { email: "a" } } }) { book { author { name books { totalCount } } } }
      c: updateAuthor(where: { email: "a" }, data: { name: "B" }) { author { name books { nodes { author { name } } } } }
    }`)
    expect(data).toEqual({
      a: { author: { books: { totalCount: 0 } } },
      b: { book: { author: { name: 'A', books: { totalCount: 1 } } } },
      c: { author: { name: 'B', books: { nodes: [{ author: { name: 'B' } }] } } },
    })
  })

  test('a field that fails does not undo another', async () => {
    const { data } = await library.query(`mutation {
      a: createSubject(data: { name: "Math" }) { errors { code } }
      b: createSubject(data: { name: "Math" }) { errors { code } }
      c: createSubject(data: { name: "Music" }) { errors { code } }
    }`)
    expect(data).toEqual({ a: { errors: [] }, b: { errors: [{ code: 'UNIQUE' }] }, c: { errors: [] } })
    expect(await library.countRows()).toBe(2)
  })

  test('only what was asked is read', async () => {
    const { statements } = await library.measure('createSubject(data: { name: "Math" }) { errors { code } }')
    expect(statements).toHaveLength(1)
    expect(statements[0]).toMatch(
      byReads({ compiled: /RETURNING "t0"\."id"::text$/, prisma: /RETURNING "public"\."Subject"\."id"$/ }),
    )
  })
})

describe('statements', () => {
  let library: Library
  beforeAll(async () => {
    library = await createLibrary()
  })
  afterAll(() => library.close())

  test.each<[string, string, number]>([
    ['a plain create', 'createSubject(data: { name: "A" }) { subject { name } }', 1],
    ['a plain update', 'updateSubject(where: { name: "A" }, data: { name: "B" }) { subject { name } }', 1],
    [
      'an upsert that updates',
      'upsertSubject(where: { name: "B" }, create: { name: "B" }, update: { name: "C" }) { subject { name } }',
      2,
    ],
    [
      'an upsert that creates',
      'upsertSubject(where: { name: "X" }, create: { name: "X" }, update: { name: "Y" }) { subject { name } }',
      2,
    ],
    ['a plain delete', 'deleteSubject(where: { name: "X" }) { subject { name } }', 1],
    [
      'a batch of three',
      'createSubjects(data: [{ name: "1" }, { name: "2" }, { name: "3" }]) { subjects { name } }',
      1,
    ],
    [
      'a create with a connect',
      'createProfile(data: { bio: "x", author: { connect: { email: "a" } } }) { profile { bio } }',
      2,
    ],
    [
      'a create with ten children and two grandchildren: look-up, row, children, grandchildren, result',
      `createBook(data: { title: "One", author: { connect: { email: "a" } }, reviews: { create: [
        { stars: 1, replies: { create: [{ text: "a" }, { text: "b" }] } } ${'{ stars: 2 } '.repeat(9)}
      ] } }) { book { title } }`,
      5,
    ],
    [
      'a batch of five with two connects each: two look-ups and the rows',
      `createReviews(data: [${'{ stars: 1, book: { connect: { id: 1 } }, reviewer: { connect: { email: "a" } } } '.repeat(5)}]) { errors { message } }`,
      3,
    ],
    [
      'ten connects: row, look-up, change',
      `updateBook(where: { id: 1 }, data: { reviews: { connect: [${Array.from({ length: 10 }, (_, index) => `{ id: ${index + 1} }`)}] } }) { errors { message } }`,
      4,
    ],
  ])('%s', async (_, field, count) => {
    await library.sql(
      `INSERT INTO authors (id, email, name) VALUES ('${ada}', 'a', 'A') ON CONFLICT DO NOTHING`,
    )
    const { payload, statements } = await library.measure(field)
    expect(payload.errors ?? []).toEqual([])
    expect(statements).toHaveLength(count)
  })
})
