import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLibrary, errors, type Library } from './library.ts'

let library: Library
const ada = '018f4e9c-7a00-7000-8000-000000000001'

beforeAll(async () => {
  library = await createLibrary()
})
afterAll(() => library.close())

/** The paths and messages of what is wrong with a book, which no SQL was needed for. */
async function faultsOf(data: Record<string, unknown>): Promise<string[]> {
  const { payload, statements } = await library.measure(`createBook(data: $data) { ${errors} }`, {
    'data: BookCreateInput!': { title: 'x', authorId: ada, ...data },
  })
  expect(statements).toEqual([])
  return payload.errors.map((error: { code: string; path: string[]; message: string }) => {
    expect(error.code).toBe('VALIDATION')
    return `${error.path.join('.')}: ${error.message}`
  })
}

describe('values', () => {
  test.each<[Record<string, unknown>, string]>([
    [{ title: 'a\u0000b' }, 'data.title: title: expected text without the NUL character.'],
    [{ isbn: 'a\ud800b' }, 'data.isbn: isbn: expected well-formed Unicode; half of a surrogate pair came.'],
    [{ title: '😀'.repeat(21) }, 'data.title: title: expected at most 20 characters; 21 came.'],
    [{ pages: 32768 }, 'data.pages: pages: expected a number from -32768 to 32767; 32768 came.'],
    [{ price: '10000' }, 'data.price: price: expected at most 4 digits before the decimal point; 5 came.'],
    [
      { price: '1e9999' },
      'data.price: price: expected at most 4 digits before the decimal point; 10000 came.',
    ],
    [{ tags: ['fine', 'a\u0000'] }, 'data.tags.1: tags: expected text without the NUL character.'],
    [{ stock: null }, 'data.stock: stock: expected a value of the type Int; null came.'],
    [{ genre: null }, 'data.genre: genre: expected a value of the type Genre; null came.'],
    [{ tags: null }, 'data.tags: tags: expected a list, which may be empty; null came.'],
    [
      { author: { connect: { id: ada } } },
      'data.authorId: Expected either authorId or author, which both say the same; both came.',
    ],
    [
      { authorId: undefined },
      'data.author: Expected author or authorId; neither came, and Book cannot be without.',
    ],
    [
      { authorId: undefined, author: {} },
      'data.author: Expected author or authorId; neither came, and Book cannot be without.',
    ],
    [{ authorId: null }, 'data.authorId: authorId: expected a value of the type UUID; null came.'],
    [
      { editor: { connect: { id: ada }, create: { email: 'x', name: 'x' } } },
      'data.editor: editor: expected one of connect, create; 2 came.',
    ],
    [
      { subjects: { connect: [{ id: 1 }, { name: 'a\u0000' }] } },
      'data.subjects.connect.1.name: name: expected text without the NUL character.',
    ],
    [
      { reviews: { create: [{ stars: 1 }, { stars: 2, replies: { create: [{ text: 'a\u0000' }] } }] } },
      'data.reviews.create.1.replies.create.0.text: text: expected text without the NUL character.',
    ],
  ])('%j', async (data, fault) => {
    expect(await faultsOf(data)).toEqual([fault])
  })

  test('twenty characters outside of the basic plane are twenty', async () => {
    await library.sql(`INSERT INTO authors (id, email, name) VALUES ('${ada}', 'ada', 'Ada')`)
    const { errors: found } = await library.mutate(`createBook(data: $data) { ${errors} }`, {
      'data: BookCreateInput!': { title: '😀'.repeat(20), authorId: ada, price: '009999.994' },
    })
    expect(found).toEqual([])
  })

  test('all faults at every depth come at once', async () => {
    const faults = await faultsOf({
      title: 'much too long for a title',
      pages: 99999,
      sequels: { create: [{ title: 'x' }] },
      reviews: { create: [{ stars: 1, text: 'a\u0000' }] },
    })
    expect(faults.map(fault => fault.split(':')[0])).toEqual([
      'data.title',
      'data.pages',
      'data.sequels.create.0.author',
      'data.reviews.create.0.text',
    ])
  })

  test('a field in data and in increment', async () => {
    const payload = await library.mutate(
      `updateBook(where: { id: 1 }, data: { stock: 1 }, increment: { stock: 1 }) { ${errors} }`,
    )
    expect(payload.errors).toMatchObject([{ code: 'VALIDATION', path: ['increment', 'stock'] }])
  })

  test('a key that no text can be', async () => {
    const { payload, statements } = await library.measure(
      `deleteSubject(where: { name: $name }) { ${errors} }`,
      {
        'name: String!': 'a\u0000',
      },
    )
    expect(payload.errors).toMatchObject([{ code: 'VALIDATION', path: ['where', 'name'] }])
    expect(statements).toEqual([])
  })
})

describe('input types', () => {
  const fieldsOf = (name: string) => {
    const type = library.engine.schema.getType(name)
    if (!type || !('getFields' in type)) throw new Error(`${name} has no fields.`)
    return Object.fromEntries(Object.values(type.getFields()).map(field => [field.name, String(field.type)]))
  }

  test('a nested row does not ask for its parent', () => {
    expect(fieldsOf('ReviewCreateWithoutBookInput')).toEqual({
      id: 'Int',
      stars: 'Int!',
      text: 'String',
      updatedAt: 'DateTime',
      reviewerId: 'UUID',
      reviewer: 'AuthorCreateNestedWithoutReviewsInput',
      replies: 'ReplyCreateNestedWithoutReviewInput',
    })
  })

  test('what has a default or can come from a relation is optional', () => {
    const { title, stock, authorId, author, tags } = fieldsOf('BookCreateInput')
    expect({ title, stock, authorId, author, tags }).toEqual({
      title: 'String!',
      stock: 'Int',
      authorId: 'UUID',
      author: 'AuthorCreateNestedWithoutBooksInput',
      tags: '[String!]',
    })
  })

  test('the verbs are Prisma’s', () => {
    expect(Object.keys(fieldsOf('ReviewUpdateNestedWithoutBookInput')).sort()).toEqual(
      [
        ...['connect', 'connectOrCreate', 'create', 'delete', 'deleteMany'],
        ...['disconnect', 'set', 'update', 'updateMany', 'upsert'],
      ].sort(),
    )
    expect(fieldsOf('AuthorUpdateNestedWithoutBooksInput')).toEqual({
      connect: 'AuthorUniqueInput',
      connectOrCreate: 'AuthorConnectOrCreateWithoutBooksInput',
      create: 'AuthorCreateWithoutBooksInput',
      update: 'AuthorUpdateWithoutBooksInput',
      upsert: 'AuthorUpsertWithoutBooksInput',
    })
    expect(fieldsOf('AuthorUpdateNestedWithoutEditedInput')).toMatchObject({
      disconnect: 'Boolean',
      delete: 'Boolean',
    })
  })

  test('increments are of numbers that are no key', () => {
    expect(fieldsOf('BookIncrementInput')).toEqual({
      price: 'Decimal',
      pages: 'Int',
      stock: 'Int',
      sold: 'BigInt',
      rating: 'Float',
      number: 'Int',
    })
    expect(library.engine.schema.getType('SubjectIncrementInput')).toBeUndefined()
  })

  test('lists are changed by set or push', () => {
    expect(fieldsOf('StringListUpdateInput')).toEqual({ set: '[String!]', push: '[String!]' })
    expect(fieldsOf('GenreListUpdateInput')).toEqual({ set: '[Genre!]', push: '[Genre!]' })
  })
})
