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
  await library.sql(`INSERT INTO "Subject" (name) SELECT 'Old ' || n FROM generate_series(1, 5) n`)
})
afterAll(() => library.close())

const names = (rows: { name: string }[]) => rows.map(row => row.name)
const createSubjects = (data: unknown) =>
  library.measure(`createSubjects(data: $data) { count subjects { id name } ${errors} }`, {
    'data: [SubjectCreateInput!]!': data,
  })

describe('createXs', () => {
  test('one statement, in the order of the input', async () => {
    const data = Array.from({ length: 50 }, (_, index) => ({ name: `New ${(index * 7) % 50}` }))
    const { payload, statements } = await createSubjects(data)
    expect(payload.count).toBe(50)
    expect(names(payload.subjects)).toEqual(names(data))
    expect(statements).toHaveLength(1)
  })

  test('with nested rows and connects', async () => {
    const { payload } = await library.measure(
      `createBooks(data: [
        { title: "One", author: { connect: { email: "ada" } }, reviews: { create: [{ stars: 1 }, { stars: 2 }] } }
        { title: "Two", authorId: "${ada}", subjects: { connect: [{ name: "Old 1" }] } }
      ]) { books { title author { name } reviews { nodes { stars } } subjects { nodes { name } } } ${errors} }`,
    )
    expect(payload.errors).toEqual([])
    expect(payload.books).toEqual([
      {
        title: 'One',
        author: { name: 'Ada' },
        reviews: { nodes: [{ stars: 1 }, { stars: 2 }] },
        subjects: { nodes: [] },
      },
      {
        title: 'Two',
        author: { name: 'Ada' },
        reviews: { nodes: [] },
        subjects: { nodes: [{ name: 'Old 1' }] },
      },
    ])
  })

  test.each([
    ['collides with a row', [{ name: 'A' }, { name: 'B' }, { name: 'Old 3' }], '2'],
    ['collides with another item', [{ name: 'A' }, { name: 'B' }, { name: 'A' }], '2'],
  ])('an item that %s is named, and nothing is written', async (_, data, position) => {
    const { payload } = await createSubjects(data)
    expect(payload).toMatchObject({
      count: 0,
      subjects: [],
      errors: [{ code: 'UNIQUE', path: ['data', position, 'name'], fields: ['name'] }],
    })
    expect(await library.sql('SELECT count(*)::int FROM "Subject"')).toEqual([{ count: 5 }])
  })

  test('every invalid item is named before any SQL', async () => {
    const { payload, statements } = await library.measure(`createBooks(data: $data) { count ${errors} }`, {
      'data: [BookCreateInput!]!': [
        { title: 'fine', authorId: ada },
        { title: 'far too long for a title', authorId: ada },
        { title: 'fine', pages: -40000 },
      ],
    })
    expect(payload.errors.map((error: { path: string[] }) => error.path.join('.'))).toEqual([
      'data.1.title',
      'data.2.pages',
      'data.2.author',
    ])
    expect(statements).toEqual([])
  })

  test('an empty list is no work', async () => {
    const { payload, statements } = await createSubjects([])
    expect(payload).toEqual({ count: 0, subjects: [], errors: [] })
    expect(statements).toEqual([])
  })

  test('more than the limit is a LimitError', async () => {
    const { payload, statements } = await createSubjects(
      Array.from({ length: 1001 }, (_, n) => ({ name: `N${n}` })),
    )
    expect(payload.errors).toMatchObject([{ code: 'LIMIT', path: ['data'], limit: 1000, actual: 1001 }])
    expect(statements).toEqual([])
  })

  test('the limit holds for nested lists too', async () => {
    const create = Array.from({ length: 1001 }, (_, n) => ({ name: `N${n}` }))
    const { payload } = await library.measure(`updateBook(where: { id: 1 }, data: $data) { ${errors} }`, {
      'data: BookUpdateInput!': { subjects: { create } },
    })
    expect(payload.errors).toMatchObject([
      { code: 'LIMIT', path: ['data', 'subjects', 'create'], actual: 1001 },
    ])
  })
})

describe('updateXs', () => {
  const books = `INSERT INTO books (title, author_id, updated_at, stock) SELECT 'T' || n, '${ada}', now(), n FROM generate_series(1, 4) n`

  test('changes all that match, in three statements', async () => {
    await library.sql(books)
    const { payload, statements } = await library.measure(
      `updateBooks(where: { stock: { gt: 2 } }, data: { genre: SCIENCE }, atMost: 2) { count books { title genre } ${errors} }`,
    )
    expect(payload).toEqual({
      count: 2,
      books: [
        { title: 'T3', genre: 'SCIENCE' },
        { title: 'T4', genre: 'SCIENCE' },
      ],
      errors: [],
    })
    expect(statements).toHaveLength(3)
  })

  test('relations are written for each row', async () => {
    await library.sql(books)
    const { payload } = await library.measure(
      `updateBooks(where: {}, data: { subjects: { connect: [{ name: "Old 1" }] }, reviews: { create: [{ stars: 5 }] } }, atMost: 10)
        { books { subjects { totalCount } reviews { totalCount } } ${errors} }`,
    )
    expect(payload.errors).toEqual([])
    expect(payload.books).toEqual(Array(4).fill({ subjects: { totalCount: 1 }, reviews: { totalCount: 1 } }))
  })

  test.each([
    ['updateSubjects(where: {}, data: { name: "x" }) { count', 1],
    ['deleteSubjects(where: {}, atMost: 4) { count', 4],
  ])('more matches than atMost: nothing happens: %s', async (field, limit) => {
    const before = await library.sql('SELECT * FROM "Subject" ORDER BY id')
    const payload = await library.mutate(`${field} ${errors} }`)
    expect(payload).toMatchObject({
      count: 0,
      errors: [{ code: 'LIMIT', path: ['atMost'], limit, actual: 5 }],
    })
    expect(await library.sql('SELECT * FROM "Subject" ORDER BY id')).toEqual(before)
  })

  test('atMost has bounds', async () => {
    const run = (atMost: number) =>
      library.mutate(`deleteSubjects(where: {}, atMost: ${atMost}) { ${errors} }`)
    expect((await run(-1)).errors).toMatchObject([{ code: 'VALIDATION', path: ['atMost'] }])
    expect((await run(1001)).errors).toMatchObject([{ code: 'LIMIT', path: ['atMost'], limit: 1000 }])
    expect(await library.sql('SELECT count(*)::int FROM "Subject"')).toEqual([{ count: 5 }])
  })

  test('a filter that matches nothing changes nothing', async () => {
    const payload = await library.mutate(
      `updateSubjects(where: { name: { in: [] } }, data: { name: "x" }) { count subjects { id } ${errors} }`,
    )
    expect(payload).toEqual({ count: 0, subjects: [], errors: [] })
  })
})

describe('deleteXs', () => {
  test('returns the rows as they were, in two statements', async () => {
    const { payload, statements } = await library.measure(
      `deleteSubjects(where: { name: { in: ["Old 4", "Old 2"] } }, atMost: 2) { count subjects { name } ${errors} }`,
    )
    expect(payload).toEqual({ count: 2, subjects: [{ name: 'Old 2' }, { name: 'Old 4' }], errors: [] })
    expect(statements).toHaveLength(2)
  })

  test('all or nothing', async () => {
    await library.sql(`INSERT INTO authors (id, email, name) VALUES (gen_random_uuid(), 'bob', 'Bob')`)
    await library.sql(`INSERT INTO books (title, author_id, updated_at) VALUES ('x', '${ada}', now())`)
    const payload = await library.mutate(
      `deleteAuthors(where: {}, atMost: 9) { count authors { name } ${errors} }`,
    )
    expect(payload).toMatchObject({
      count: 0,
      authors: [],
      errors: [{ code: 'FOREIGN_KEY', path: ['where'] }],
    })
    expect(await library.sql('SELECT count(*)::int FROM authors')).toEqual([{ count: 2 }])
  })
})

test('a filter whose value no column can have is refused, and nothing is done', async () => {
  const { errors: found } = await library.query(
    'mutation { deleteBooks(where: { published: { equals: "0000-01-01" } }, atMost: 9) { count } }',
  )
  expect(found?.[0]?.originalError).toMatchObject({ code: 'BAD_USER_INPUT' })
})
