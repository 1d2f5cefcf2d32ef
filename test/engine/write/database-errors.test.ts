import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createLibrary, errors, type Library } from './library.ts'

let library: Library
const ada = '018f4e9c-7a00-7000-8000-000000000001'
const nobody = '018f4e9c-7a00-7000-8000-00000000dead'

beforeAll(async () => {
  library = await createLibrary()
})
beforeEach(async () => {
  await library.clear()
  await library.sql(`INSERT INTO authors (id, email, name) VALUES ('${ada}', 'ada', 'Ada')`)
  await library.sql(`INSERT INTO books (id, title, author_id, stock, pages, updated_at)
    VALUES (11, 'One', '${ada}', 5, 32000, now()), (12, 'Two', '${ada}', 5, 1, now())`)
  await library.sql(`INSERT INTO "Review" (id, stars, book_id, "updatedAt") VALUES (1, 1, 11, now())`)
  await library.sql(`SELECT setval(pg_get_serial_sequence('"Review"', 'id'), 1000)`)
})
afterAll(() => library.close())

/** The one error of a mutation, after which nothing has changed. */
async function errorOf(field: string, variables?: Parameters<Library['mutate']>[1]) {
  const before = await library.countRows()
  const payload = await library.mutate(`${field} { ${errors} }`, variables)
  expect(await library.countRows()).toBe(before)
  expect(payload.errors).toHaveLength(1)
  return payload.errors[0]
}

describe('a unique constraint', () => {
  test('of one column', async () => {
    expect(await errorOf('createAuthor(data: { email: "ada", name: "Eve" })')).toEqual({
      __typename: 'UniqueError',
      code: 'UNIQUE',
      message: 'Expected values that no other Author has; one with the same email exists.',
      path: ['data', 'email'],
      fields: ['email'],
    })
  })

  test('of several columns that the input all has: the path is the row’s', async () => {
    const error = await errorOf(`createBook(data: { title: "One", authorId: "${ada}" })`)
    expect(error).toMatchObject({ path: ['data'], fields: ['authorId', 'title'] })
    expect(error.message).toContain('the same authorId and title')
  })

  test('of several columns, one of which the input has: the path is that one’s', async () => {
    const field = `updateAuthor(where: { id: "${ada}" }, data: { books: { create: [{ title: "New" }, { title: "Two" }] } })`
    expect(await errorOf(field)).toMatchObject({
      path: ['data', 'books', 'create', '1', 'title'],
      fields: ['authorId', 'title'],
    })
  })

  test('on a changed row', async () => {
    expect(await errorOf('updateBook(where: { id: 11 }, data: { title: "Two" })')).toMatchObject({
      code: 'UNIQUE',
      path: ['data', 'title'],
    })
  })

  test('of an index over an expression', async () => {
    expect(await errorOf('createAuthor(data: { email: "x", name: "ADA" })')).toMatchObject({
      path: ['data', 'name'],
      fields: ['name'],
    })
  })

  test('of a foreign key that a relation sets', async () => {
    await library.sql(`INSERT INTO "Profile" (bio, author_id) VALUES ('x', '${ada}')`)
    expect(
      await errorOf('createProfile(data: { bio: "y", author: { connect: { email: "ada" } } })'),
    ).toMatchObject({
      path: ['data', 'author', 'connect'],
      fields: ['authorId'],
    })
  })
})

describe('a foreign key', () => {
  test('given as a column', async () => {
    expect(await errorOf(`createBook(data: { title: "x", authorId: "${nobody}" })`)).toEqual({
      __typename: 'ForeignKeyError',
      code: 'FOREIGN_KEY',
      message: 'Expected authorId to refer to an existing Author; there is none with what came.',
      path: ['data', 'authorId'],
    })
  })

  test('of two columns', async () => {
    const field = 'updateBook(where: { id: 11 }, data: { shelfRoom: "A", shelfNumber: 1 })'
    expect(await errorOf(field)).toMatchObject({ code: 'FOREIGN_KEY', path: ['data'] })
  })

  test('two levels down in a list', async () => {
    const data = { reviews: { create: [{ stars: 1 }, { stars: 2, reviewerId: nobody }] } }
    expect(
      await errorOf('updateBook(where: { id: 11 }, data: $data)', { 'data: BookUpdateInput!': data }),
    ).toMatchObject({ code: 'FOREIGN_KEY', path: ['data', 'reviews', 'create', '1', 'reviewerId'] })
  })

  test('that is checked at the end of the transaction', async () => {
    await library.sql(`INSERT INTO "Org" VALUES (1)`)
    await library.sql(`INSERT INTO "Member" VALUES (1, 'a')`)
    const field = 'createTask(data: { orgId: 1, ownerName: "a", helperName: "nobody" })'
    expect(await errorOf(field)).toMatchObject({ code: 'FOREIGN_KEY', path: [] })
  })

  test('that restricts a change of the key it refers to', async () => {
    await library.sql('ALTER TABLE books DROP CONSTRAINT books_author_id_fkey')
    await library.sql(
      'ALTER TABLE books ADD CONSTRAINT books_author_id_fkey FOREIGN KEY (author_id) REFERENCES authors ON DELETE RESTRICT ON UPDATE RESTRICT',
    )
    const error = await errorOf(`updateAuthor(where: { id: "${ada}" }, data: { id: "${nobody}" })`)
    expect(error).toMatchObject({ code: 'FOREIGN_KEY', path: ['data'] })
    expect(error.message).toContain('cannot be changed so')
  })

  test('that restricts a nested delete', async () => {
    const field = 'updateBook(where: { id: 11 }, data: { editor: { delete: true } })'
    await library.sql(`UPDATE books SET editor_id = '${ada}' WHERE id = 11`)
    expect(await errorOf(field)).toMatchObject({ code: 'FOREIGN_KEY', path: ['data', 'editor', 'delete'] })
  })
})

describe('a rule of the database', () => {
  test('a check of one column', async () => {
    expect(await errorOf('updateBook(where: { id: 11 }, data: { stock: -1 })')).toEqual({
      __typename: 'CheckError',
      code: 'CHECK',
      message: 'Expected stock to keep the rule book_stock_nonnegative; what came breaks it.',
      path: ['data', 'stock'],
      constraint: 'book_stock_nonnegative',
    })
  })

  test('a check of an increment', async () => {
    const field = 'updateBook(where: { id: 11 }, data: {}, increment: { stock: -6 })'
    expect(await errorOf(field)).toMatchObject({ code: 'CHECK', path: ['increment', 'stock'] })
  })

  test('a check of several columns', async () => {
    const error = await errorOf('updateBook(where: { id: 11 }, data: { stock: 0, sold: 5000 })')
    expect(error).toMatchObject({ path: ['data'], constraint: 'book_sold_with_stock' })
    expect(error.message).toContain('sold, stock')
  })

  test('a check deep in a list that is written in one statement', async () => {
    const data = { reviews: { create: [{ stars: 1 }, { stars: 5 }, { stars: 6 }] } }
    expect(
      await errorOf('updateBook(where: { id: 11 }, data: $data)', { 'data: BookUpdateInput!': data }),
    ).toMatchObject({ code: 'CHECK', path: ['data', 'reviews', 'create', '2', 'stars'] })
  })

  test('a check of a point', async () => {
    const field = `createProfile(data: { authorId: "${ada}", bio: "x", home: { x: 200, y: 0 } })`
    expect(await errorOf(field)).toMatchObject({
      path: ['data', 'home'],
      constraint: 'profile_home_on_earth',
    })
  })

  test('an exclusion constraint', async () => {
    await library.mutate('createSeat(data: { row: 1 }) { errors { message } }')
    expect(await errorOf('createSeat(data: { row: 1 })')).toMatchObject({
      code: 'CHECK',
      path: ['data', 'row'],
      constraint: 'seat_row_free',
    })
  })

  test('a trigger’s own words', async () => {
    expect(await errorOf('createReply(data: { text: "forbidden", reviewId: 1 })')).toEqual({
      __typename: 'CheckError',
      code: 'CHECK',
      message: 'Replies must be polite.',
      path: ['data'],
      constraint: null,
    })
  })

  test('a column that a trigger empties', async () => {
    expect(await errorOf('createReply(data: { text: "empty", reviewId: 1 })')).toEqual({
      __typename: 'ValidationError',
      code: 'VALIDATION',
      message: 'Expected a value for text; null came.',
      path: ['data', 'text'],
    })
  })

  test('a sum that the column cannot hold', async () => {
    const field = 'updateBook(where: { id: 11 }, data: {}, increment: { pages: 800 })'
    expect(await errorOf(field)).toMatchObject({ code: 'VALIDATION', path: ['increment', 'pages'] })
  })

  test('a length that only the database knows', async () => {
    await library.sql('ALTER TABLE "Subject" ALTER COLUMN name TYPE varchar(5)')
    expect(await errorOf('createSubject(data: { name: "too long" })')).toMatchObject({
      code: 'VALIDATION',
      path: ['data', 'name'],
    })
  })

  test('what nobody foresaw stays a fault', async () => {
    await library.sql('ALTER TABLE "Seat" RENAME TO "Chair"')
    const { data, errors: found } = await library.query(
      'mutation { createSeat(data: { row: 1 }) { seat { id } } }',
    )
    await library.sql('ALTER TABLE "Chair" RENAME TO "Seat"')
    expect(data).toBeNull()
    expect(found).toHaveLength(1)
  })
})

test('messages never hold SQL or a table’s name', async () => {
  const fields = [
    `createBook(data: { title: "One", authorId: "${ada}" })`,
    'createReply(data: { text: "x", reviewId: 99 })',
    `deleteAuthor(where: { id: "${ada}" })`,
  ]
  for (const field of fields) {
    expect((await errorOf(field)).message).not.toMatch(
      /books|authors|_id|insert|update |relation "|constraint/i,
    )
  }
})
