import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createLibrary, errors, type Library } from './library.ts'

let library: Library
const ada = '018f4e9c-7a00-7000-8000-000000000001'

beforeAll(async () => {
  library = await createLibrary()
})
beforeEach(async () => {
  await library.clear()
  await library.sql(`INSERT INTO authors (id, email, name) VALUES ('${ada}', 'ada', 'Ada')`)
  await library.sql(`INSERT INTO books (id, title, author_id, stock, price, rating, tags, updated_at)
    VALUES (11, 'One', '${ada}', 5, 10.50, 1.5, '{a}', '2026-01-01T00:00:00.123456Z')`)
})
afterAll(() => library.close())

describe('update', () => {
  test('one statement; what is left out stays', async () => {
    const { payload, statements } = await library.measure(
      `updateBook(where: { id: 11 }, data: { title: "Uno", isbn: "1" }) { book { title isbn stock } ${errors} }`,
    )
    expect(payload).toEqual({ book: { title: 'Uno', isbn: '1', stock: 5 }, errors: [] })
    expect(statements).toHaveLength(1)
  })

  test('null empties', async () => {
    const { book } = await library.mutate(
      `updateBook(where: { id: 11 }, data: { price: null, meta: null, isbn: null }) { book { price meta } ${errors} }`,
    )
    expect(book).toEqual({ price: null, meta: null })
  })

  test('empty data changes nothing, not even the version', async () => {
    const { book } = await library.mutate(
      `updateBook(where: { id: 11 }, data: {}) { book { title version } ${errors} }`,
    )
    expect(book).toEqual({ title: 'One', version: '2026-01-01T00:00:00.123Z' })
  })

  test('increment adds to every kind of number, also negative amounts', async () => {
    const { book } = await library.mutate(
      `updateBook(where: { id: 11 }, data: { title: "Uno" }, increment: { stock: -2, sold: "9007199254740993", price: "0.25", rating: 0.5 })
        { book { title stock sold price rating } ${errors} }`,
    )
    expect(book).toEqual({ title: 'Uno', stock: 3, sold: '9007199254740993', price: '10.75', rating: 2 })
  })

  test('increments at the same time all count', async () => {
    const field = 'updateBook(where: { id: 11 }, data: {}, increment: { stock: 1 }) { errors { message } }'
    await Promise.all(Array.from({ length: 10 }, () => library.mutate(field)))
    expect(await library.sql('SELECT stock FROM books')).toEqual([{ stock: 15 }])
  })

  test('a list is replaced or added to', async () => {
    const change = (tags: string) =>
      library.mutate(`updateBook(where: { id: 11 }, data: { tags: ${tags} }) { book { tags } ${errors} }`)
    expect((await change('{ push: ["b", "c"] }')).book.tags).toEqual(['a', 'b', 'c'])
    expect((await change('{ set: [] }')).book.tags).toEqual([])
    expect((await change('{ set: ["x"], push: ["y"] }')).errors).toMatchObject([
      { code: 'VALIDATION', path: ['data', 'tags'] },
    ])
    const enums = await library.mutate(
      `updateBook(where: { id: 11 }, data: { genres: { push: [POETRY] } }) { book { genres } ${errors} }`,
    )
    expect(enums.book.genres).toEqual(['POETRY'])
  })

  test('a numeric version goes up by itself, unless it is given', async () => {
    const change = (data: string) =>
      library.mutate(`updateAuthor(where: { id: "${ada}" }, data: ${data}) { author { version } ${errors} }`)
    expect((await change('{ name: "A" }')).author.version).toBe(2)
    expect((await change('{ name: "B", version: 10 }')).author.version).toBe(10)
    expect((await change('{ edited: { connect: [{ id: 11 }] } }')).author.version).toBe(10)
  })

  test('a new link of many to many is a new version', async () => {
    const { book } = await library.mutate(
      `updateBook(where: { id: 11 }, data: { subjects: { create: [{ name: "Math" }] } }) { book { version } ${errors} }`,
    )
    expect(book.version).not.toBe('2026-01-01T00:00:00.123Z')
  })

  test('the primary key can change, and the nested rows follow', async () => {
    const { book, errors: found } = await library.mutate(
      `updateBook(where: { id: 11 }, data: { id: 99, reviews: { create: [{ stars: 5 }] } }) { book { id reviews { totalCount } } ${errors} }`,
    )
    expect(found).toEqual([])
    expect(book).toEqual({ id: 99, reviews: { totalCount: 1 } })
  })
})

describe('ifVersion', () => {
  const current = '2026-01-01T00:00:00.123Z'

  test('lets the change pass where the version is right, although the column knows microseconds', async () => {
    const { book } = await library.mutate(
      `updateBook(where: { id: 11 }, data: { title: "Uno" }, ifVersion: "${current}") { book { title } ${errors} }`,
    )
    expect(book).toEqual({ title: 'Uno' })
  })

  test('answers a ConflictError with the row as it is', async () => {
    const payload = await library.mutate(
      `updateBook(where: { id: 11 }, data: { title: "Uno" }, ifVersion: "2025-01-01T00:00:00.000Z")
        { book { title } errors { code path ... on ConflictError { current { nodeId ... on Book { title stock } } } } }`,
    )
    expect(payload).toMatchObject({
      book: null,
      errors: [{ code: 'CONFLICT', path: ['ifVersion'], current: { title: 'One', stock: 5 } }],
    })
    expect(await library.sql('SELECT title FROM books')).toEqual([{ title: 'One' }])
  })

  test('works on delete and with a number', async () => {
    const remove = (version: string) =>
      library.mutate(
        `deleteAuthor(where: { email: "bob" }, ifVersion: "${version}") { author { name } ${errors} }`,
      )
    await library.mutate('createAuthor(data: { email: "bob", name: "Bob" }) { errors { message } }')
    expect((await remove('2')).errors).toMatchObject([{ code: 'CONFLICT' }])
    expect((await remove('1')).author).toEqual({ name: 'Bob' })
    expect((await remove('1')).errors).toMatchObject([{ code: 'NOT_FOUND', path: ['where'] }])
  })

  test('of two writers with the same version one wins', async () => {
    const write = (title: string) =>
      library.mutate(
        `updateBook(where: { id: 11 }, data: { title: "${title}" }, ifVersion: "${current}") { book { title } ${errors} }`,
      )
    const codes = (await Promise.all([write('A'), write('B')])).map(
      payload => payload.errors[0]?.code ?? 'done',
    )
    expect(codes.sort()).toEqual(['CONFLICT', 'done'])
  })

  test('is not offered where there is no version', () => {
    const { updateSubject, updateBook } = library.engine.schema.getMutationType()?.getFields() ?? {}
    expect(updateSubject?.args.map(arg => arg.name).sort()).toEqual(['data', 'where'])
    expect(updateBook?.args.map(arg => arg.name).sort()).toEqual(['data', 'ifVersion', 'increment', 'where'])
  })
})

describe('upsert', () => {
  const upsert = `upsertAuthor(where: { email: "eve" }, create: { email: "eve", name: "Eve", books: { create: [{ title: "x" }] } },
    update: { name: "Eve II", books: { create: [{ title: "y" }] } }) { author { name books { nodes { title } } } ${errors} }`

  test('creates, then changes', async () => {
    expect((await library.mutate(upsert)).author).toEqual({ name: 'Eve', books: { nodes: [{ title: 'x' }] } })
    expect((await library.mutate(upsert)).author).toEqual({
      name: 'Eve II',
      books: { nodes: [{ title: 'x' }, { title: 'y' }] },
    })
  })

  test('errors say whether they are in create or in update', async () => {
    const path = async (email: string) => {
      const payload = await library.mutate(
        `upsertAuthor(where: { email: "${email}" }, create: { email: "ada", name: "Eve" }, update: { email: "ada" }) { ${errors} }`,
      )
      return payload.errors[0].path
    }
    await library.sql(`INSERT INTO authors (id, email, name) VALUES (gen_random_uuid(), 'bob', 'Bob')`)
    expect(await path('nobody')).toEqual(['create', 'email'])
    expect(await path('bob')).toEqual(['update', 'email'])
  })
})

describe('delete', () => {
  test('returns the row as it was, with its to-one relations, in one statement before they are followed', async () => {
    const { payload, statements } = await library.measure(
      `deleteBook(where: { id: 11 }) { book { id title author { name } reviews { totalCount } } ${errors} }`,
    )
    expect(payload.book).toEqual({
      id: 11,
      title: 'One',
      author: { name: 'Ada' },
      reviews: { totalCount: 0 },
    })
    expect(statements[0]).toMatch(/^DELETE/)
    expect(await library.sql('SELECT count(*)::int FROM books')).toEqual([{ count: 0 }])
  })

  test('returns the points of the row too', async () => {
    await library.sql(`INSERT INTO "Profile" (bio, home, author_id) VALUES ('x', '(1,2)', '${ada}')`)
    const { profile } = await library.mutate(
      `deleteProfile(where: { authorId: "${ada}" }) { profile { bio home author { name } } ${errors} }`,
    )
    expect(profile).toEqual({ bio: 'x', home: { x: 1, y: 2 }, author: { name: 'Ada' } })
  })

  test('of a row that others refer to is a ForeignKeyError that names them', async () => {
    const payload = await library.mutate(`deleteAuthor(where: { id: "${ada}" }) { author { id } ${errors} }`)
    expect(payload).toMatchObject({
      author: null,
      errors: [{ __typename: 'ForeignKeyError', code: 'FOREIGN_KEY', path: ['where'] }],
    })
    expect(payload.errors[0].message).toBe(
      'This Author cannot be deleted: expected that nothing refers to it any more, but at least one Book does by its author.',
    )
  })

  test('a row that is not there is a NotFoundError', async () => {
    const payload = await library.mutate(`deleteBook(where: { id: 12 }) { book { id } ${errors} }`)
    expect(payload.errors).toEqual([
      {
        __typename: 'NotFoundError',
        code: 'NOT_FOUND',
        message: 'Expected an existing Book; none has id 12.',
        path: ['where'],
      },
    ])
  })
})
