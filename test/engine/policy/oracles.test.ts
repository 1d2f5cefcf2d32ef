import { type GraphQLError, graphql } from 'graphql'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createViewer, type Viewer } from '../../../src/engine/index.ts'
import { RefractError } from '../../../src/errors.ts'
import { errors, type Library } from '../write/library.ts'
import { ann, asAnn, bob, createGuardedLibrary, policy, refill } from './shop.ts'

const isMine = (viewer: Viewer) => viewer.id !== null && { authorId: viewer.id }

/**
 * Ann sees her books and the one of Bob that she edits (3), of which she may not know the number of pages; nobody knows an
 * ISBN. Of the people there is only herself, and of the reviews those of her own books.
 */
const policies = [
  policy('Book', {
    read: viewer => viewer.id !== null && { OR: [{ authorId: viewer.id }, { editorId: viewer.id }] },
    create: true,
    update: isMine,
    delete: isMine,
    fields: {
      isbn: false,
      rating: { read: false, write: false, whenHidden: 'null' },
      pages: { read: isMine },
      stock: { filter: false, order: false },
    },
  }),
  policy('Author', {
    read: viewer => viewer.id !== null && { id: viewer.id },
    update: true,
    fields: { email: { read: false } },
  }),
  policy('Review', {
    read: viewer => viewer.id !== null && { book: { authorId: viewer.id } },
    create: true,
    update: true,
    delete: true,
  }),
  policy('Subject', { read: true, update: true }),
  policy('Reply', { create: true }),
]

/** The code that the server will send along. */
function codeOf({ originalError }: GraphQLError): unknown {
  return originalError instanceof RefractError ? originalError.code : originalError
}

const hiddenBook = 4004
const hiddenReview = 4104
const missing = 7007
const hiddenAuthor = bob
const missingAuthor = '00000000-0000-4000-8000-000000000099'

describe('oracles', () => {
  let library: Library
  beforeAll(async () => {
    library = await createGuardedLibrary(policies)
  })
  afterAll(() => library.close())
  beforeEach(async () => {
    await refill(library)
    await library.sql(
      `INSERT INTO books (id, title, isbn, author_id, pages, tags, genres, updated_at)
       VALUES ($1, 'Hidden', 'h1', $2, 50, '{x}', '{}', now())`,
      [hiddenBook, bob],
    )
    await library.sql('INSERT INTO "Review" (id, stars, book_id, "updatedAt") VALUES ($1, 3, $2, now())', [
      hiddenReview,
      hiddenBook,
    ])
    await library.sql(`INSERT INTO "Subject" (id, name) VALUES (1, 'Hills')`)
    await library.sql(`INSERT INTO "_BookToSubject" ("A", "B") VALUES ($1, 1), (1, 1)`, [hiddenBook])
  })

  /** Asks the API as an administrator has it, with Ann's rights. */
  const askPastSchema = (source: string) => {
    const { engine } = library
    const contextValue = engine.createContext({ viewer: asAnn })
    return graphql({ schema: engine.schema, source, contextValue })
  }

  describe('attack Hidden-field oracle', () => {
    const absent = [
      ['own where', '{ books(where: { isbn: { equals: "a1" } }) { totalCount } }'],
      ['a field that is null', '{ books(where: { rating: { gt: 1 } }) { totalCount } }'],
      ['a field that filters leave out', '{ books(where: { stock: { gt: 1 } }) { totalCount } }'],
      [
        'NOT, AND, OR',
        '{ books(where: { NOT: { OR: [{ AND: [{ isbn: { gt: "a" } }] }] } }) { totalCount } }',
      ],
      ['is', '{ reviews(where: { book: { is: { isbn: { gt: "a" } } } }) { totalCount } }'],
      [
        'isNot',
        '{ reviews(where: { book: { isNot: { author: { is: { email: { gt: "a" } } } } } }) { totalCount } }',
      ],
      ['some', '{ authors(where: { books: { some: { isbn: { gt: "a" } } } }) { totalCount } }'],
      ['every', '{ authors(where: { edited: { every: { isbn: { gt: "a" } } } }) { totalCount } }'],
      [
        'none',
        '{ subjects(where: { books: { none: { reviews: { some: { reviewer: { is: { email: { gt: "a" } } } } } } } }) { totalCount } }',
      ],
      ['a list of a row', '{ authors { nodes { books(where: { isbn: { gt: "a" } }) { totalCount } } } }'],
      ['a unique key', '{ book(where: { isbn: "a1" }) { id } }'],
      ['another unique key', '{ author(where: { email: "ann@x.org" }) { id } }'],
      ['having', '{ books { groupBy(by: [id], having: { key: { isbn: { gt: "a" } } }) { count } } }'],
      [
        'the aggregate of having',
        '{ books { groupBy(by: [id], having: { max: { isbn: { gt: "a" } } }) { count } } }',
      ],
      [
        'connect',
        'mutation { createReview(data: { stars: 1, book: { connect: { isbn: "a1" } } }) { errors { message } } }',
      ],
      [
        'the filter of an update',
        'mutation { updateBooks(where: { isbn: { gt: "a" } }, data: { title: "X" }) { count } }',
      ],
      [
        'the filter of a delete',
        'mutation { deleteReviews(where: { book: { is: { isbn: { gt: "a" } } } }) { count } }',
      ],
      [
        'the key of an upsert',
        'mutation { upsertReview(where: { id: 1 }, create: { stars: 1, book: { connect: { isbn: "a1" } } }, update: {}) { errors { message } } }',
      ],
      ['the field itself', '{ books { nodes { isbn } } }'],
    ] as const

    test.each(absent)(
      'through %s: there is no such input, and nothing is asked of the database',
      async (_, source) => {
        const answer = await library.query(source, {}, asAnn)
        expect(answer.errors?.[0]?.message).toMatch(/is not defined|does not exist|Cannot query field/)
        expect(answer.statements).toEqual([])
      },
    )

    test.each(absent.filter(([name]) => name !== 'the field itself'))(
      'through %s, past the schema: refused all the same',
      async (_, source) => {
        const { errors: found } = await askPastSchema(source)
        expect(found?.map(error => [error.message, codeOf(error)])).toEqual([
          [
            expect.stringMatching(
              /cannot be (filtered|grouped or aggregated|ordered) by|Expected exactly one key/,
            ),
            'BAD_USER_INPUT',
          ],
        ])
      },
    )

    test.each([
      ['equals', '{ pages: { equals: 30 } }', []],
      ['gte', '{ pages: { gte: 10 } }', [1, 2]],
      ['not', '{ pages: { not: 10 } }', [2]],
      ['null', '{ pages: { equals: null } }', []],
      ['not null', '{ pages: { not: null } }', [1, 2]],
      ['NOT', '{ NOT: { pages: { lt: 15 } } }', [2, 3]],
      ['NOT null', '{ NOT: { pages: { equals: null } } }', [1, 2, 3]],
      ['notIn', '{ pages: { notIn: [10] } }', [2]],
    ])(
      'where a field is hidden in some rows, a condition on it holds in none of those: %s',
      async (_, where, ids) => {
        const source = `{ books(where: ${where}, orderBy: [{ id: ASC }]) { nodes { id } } }`
        const { data } = await library.query(source, {}, asAnn)
        expect(data.books.nodes.map((node: { id: number }) => node.id)).toEqual(ids)
      },
    )
  })

  describe('attack Ordering oracle', () => {
    const orders = [
      ['a hidden field', '{ isbn: ASC }'],
      ['a field that is null', '{ rating: ASC }'],
      ['a field that is hidden in some rows', '{ pages: DESC }'],
      ['a field that orders leave out', '{ stock: ASC }'],
      ['a field of a related row that may be hidden', '{ author: { name: ASC } }'],
      ['the key of a related row that may be hidden', '{ editor: { id: ASC } }'],
      ['how many related rows there are', '{ reviews: { count: DESC } }'],
    ] as const

    test.each(orders)('%s cannot be ordered by', async (_, order) => {
      const source = `{ books(orderBy: [${order}]) { edges { cursor } } }`
      const answer = await library.query(source, {}, asAnn)
      expect(answer.errors?.[0]?.message).toContain('is not defined')
      expect(answer.statements).toEqual([])
      const { errors: found } = await askPastSchema(source)
      expect(found?.[0]?.message).toContain('cannot be ordered by')
    })

    test('a list of a row is ordered by no more', async () => {
      const source = '{ authors { nodes { books(orderBy: [{ pages: ASC }]) { totalCount } } } }'
      const { errors: found } = await askPastSchema(source)
      expect(found?.[0]?.message).toBe('Rows of Book cannot be ordered by pages.')
    })

    test('a cursor holds the values that the rows are ordered by, and their key', async () => {
      const source = '{ books(orderBy: [{ title: ASC }]) { edges { cursor } } }'
      const { data } = await library.query(source, {}, asAnn)
      const held = data.books.edges.map(({ cursor }: { cursor: string }) =>
        JSON.parse(Buffer.from(cursor, 'base64url').toString()).slice(1),
      )
      expect(held).toEqual([
        ['Ann one', 1],
        ['Ann two', 2],
        ['Bob one', 3],
      ])
    })

    test('the cursor of an order that the viewer may not have is none', async () => {
      const { data } = await library.query('{ books(orderBy: [{ pages: ASC }]) { edges { cursor } } }')
      const [{ cursor }] = data.books.edges
      const source = `{ books(after: ${JSON.stringify(cursor)}) { nodes { id } } }`
      const { errors: found } = await library.query(source, {}, asAnn)
      expect(found?.[0]?.message).toContain('is a cursor of another order')
    })
  })

  describe('attack Aggregates', () => {
    test.each([
      ['max', 'aggregate { max { isbn } }'],
      ['min of a field that is hidden in some rows', 'aggregate { min { pages } }'],
      ['sum', 'aggregate { sum { rating } }'],
      ['avg', 'aggregate { avg { stock } }'],
      ['groupBy', 'groupBy(by: [isbn]) { count }'],
      ['groupBy with another field', 'groupBy(by: [authorId, pages]) { count }'],
      ['an aggregate of groups', 'groupBy(by: [authorId]) { max { pages } }'],
      ['having', 'groupBy(by: [authorId], having: { sum: { pages: { gt: 1 } } }) { count }'],
      ['the order of groups', 'groupBy(by: [authorId], orderBy: [{ max: { pages: DESC } }]) { count }'],
      [
        'the order of groups by their key',
        'groupBy(by: [authorId], orderBy: [{ key: { isbn: ASC } }]) { count }',
      ],
    ])('of a hidden field: %s is refused', async (_, selection) => {
      for (const source of [
        `{ books { ${selection} } }`,
        `{ authors { nodes { books { ${selection} } } } }`,
      ]) {
        const answer = await library.query(source, {}, asAnn)
        expect(answer.errors?.[0]?.message).toMatch(/Cannot query field|does not exist|is not defined/)
        expect(answer.statements).toEqual([])
        const { errors: found } = await askPastSchema(source)
        expect(found?.[0]?.message).toMatch(/cannot be grouped or aggregated by|is not grouped by/)
      }
    })

    test('counts, aggregates and groups are over visible rows, at every depth', async () => {
      const summary = 'totalCount aggregate { count sum { id } } groupBy(by: [title]) { count key { title } }'
      const source = `{
        books { ${summary} }
        authors { nodes { id books { ${summary} } edited { ${summary} } } }
        subjects { nodes { books { ${summary} } } }
      }`
      const { data, errors: found } = await library.query(source, {}, asAnn)
      expect(found).toBeUndefined()
      const group = (title: string) => ({ count: 1, key: { title } })
      const of = (titles: readonly string[], sum: string) => ({
        totalCount: titles.length,
        aggregate: { count: titles.length, sum: { id: sum } },
        groupBy: titles.map(group),
      })
      expect(data.books).toEqual(of(['Ann one', 'Ann two', 'Bob one'], '6'))
      expect(data.authors.nodes).toEqual([
        { id: ann, books: of(['Ann one', 'Ann two'], '3'), edited: of(['Bob one'], '3') },
      ])
      expect(data.subjects.nodes).toEqual([{ books: of(['Ann one'], '1') }])
    })

    test('a limit counts visible rows', async () => {
      const field = `deleteReviews(where: {}, atMost: 1) { count ${errors} }`
      const { errors: told } = await library.mutate(field, {}, asAnn)
      expect(told).toMatchObject([
        { __typename: 'LimitError', actual: 2, message: expect.stringContaining('matches 2') },
      ])
    })
  })

  describe('attack Wildcards', () => {
    test.each(['%', '_', '\\', 'A%', '%one', 'Ann_one', '\\%', '\\\\'])(
      '%j is a text as any other',
      async text => {
        const value = JSON.stringify(text)
        for (const operator of ['contains', 'startsWith', 'endsWith', 'equals']) {
          for (const mode of ['DEFAULT', 'INSENSITIVE']) {
            const filter = `{ title: { ${operator}: ${value}, mode: ${mode} } }`
            const source = `{
            books(where: ${filter}) { totalCount }
            authors { nodes { edited(where: ${filter}) { totalCount } } }
            reviews(where: { book: { is: ${filter} } }) { totalCount }
          }`
            const { data } = await library.query(source, {}, asAnn)
            expect(data).toEqual({
              books: { totalCount: 0 },
              authors: { nodes: [{ edited: { totalCount: 0 } }] },
              reviews: { totalCount: 0 },
            })
          }
        }
      },
    )
  })

  describe('attack Node ids', () => {
    const nodeId = (...parts: readonly unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url')

    test('a foreign, a missing and a malformed id are the same null', async () => {
      const ids = [
        nodeId('Book', hiddenBook),
        nodeId('Book', missing),
        nodeId('Author', bob),
        nodeId('Reply', 1),
        nodeId('Badge', 'abcd'),
        nodeId('Book'),
        nodeId('Book', 1, 2),
        nodeId('Book', '1'),
        nodeId('Book', null),
        nodeId('Book', 1e300),
        nodeId('books', 1),
        nodeId('__proto__', 1),
        Buffer.from('{"0":"Book"}').toString('base64url'),
        'not an id',
        '',
        '\u0000',
      ]
      const source = `query ($ids: [ID!]!) {
        nodes(nodeIds: $ids) { nodeId }
        ${ids.map((id, index) => `n${index}: node(nodeId: ${JSON.stringify(id)}) { __typename }`).join('\n')}
      }`
      const { data, errors: found } = await library.query(source, { ids }, asAnn)
      expect(found).toBeUndefined()
      expect(Object.values(data).flat()).toEqual(ids.flatMap(() => [null, null]))
    })

    test('101 ids are refused, and 100 are not', async () => {
      const source = 'query ($ids: [ID!]!) { nodes(nodeIds: $ids) { nodeId } }'
      const ids = Array.from({ length: 101 }, () => nodeId('Book', hiddenBook))
      const refused = await library.query(source, { ids }, asAnn)
      expect(refused.errors?.map(error => [error.message, codeOf(error)])).toEqual([
        ['101 node ids came; at most 100 are allowed.', 'BAD_USER_INPUT'],
      ])
      expect(refused.statements).toEqual([])
      const { data } = await library.query(source, { ids: ids.slice(1) }, asAnn)
      expect(data.nodes).toEqual(Array.from({ length: 100 }, () => null))
    })
  })

  describe('attack Existence oracle', () => {
    const payload = `{ book { title } ${errors} }`
    const batch = `{ count books { title } ${errors} }`
    const book = (verb: string) =>
      `updateBook(where: { id: 1 }, data: { title: "Changed", ${verb} }) ${payload}`
    const author = (verb: string) =>
      `updateAuthor(where: { id: "${ann}" }, data: { name: "Changed", ${verb} }) { author { name } ${errors} }`

    /** For each operation: what is asked of a row, by its key. */
    const operations: readonly (readonly [name: string, ask: (id: number) => string])[] = [
      ['one row', id => `{ book(where: { id: ${id} }) { id } }`],
      ['node', id => `{ node(nodeId: "${Buffer.from(`["Book",${id}]`).toString('base64url')}") { nodeId } }`],
      ['a filter', id => `{ books(where: { id: { equals: ${id} } }) { totalCount nodes { id } } }`],
      ['a negated filter', id => `{ books(where: { id: { not: ${id} } }) { totalCount } }`],
      ['a foreign key', id => `{ books(where: { prequelId: { equals: ${id} } }) { totalCount } }`],
      ['is', id => `{ reviews(where: { book: { is: { id: { equals: ${id} } } } }) { totalCount } }`],
      ['isNot', id => `{ reviews(where: { book: { isNot: { id: { equals: ${id} } } } }) { totalCount } }`],
      ['some', id => `{ subjects(where: { books: { some: { id: { equals: ${id} } } } }) { totalCount } }`],
      ['every', id => `{ subjects(where: { books: { every: { id: { not: ${id} } } } }) { totalCount } }`],
      ['none', id => `{ subjects(where: { books: { none: { id: { equals: ${id} } } } }) { totalCount } }`],
      [
        'a list of a row',
        id => `{ subjects { nodes { books(where: { id: { gte: ${id} } }) { totalCount nodes { id } } } } }`,
      ],
      [
        'groups',
        id =>
          `{ books(where: { id: { gte: ${id} } }) { groupBy(by: [id]) { count } aggregate { max { id } } } }`,
      ],
      [
        'a page behind it',
        id => `{ books(after: "${cursor(id)}") { nodes { id } pageInfo { hasNextPage } } }`,
      ],
      [
        'a page before it',
        id => `{ books(last: 2, before: "${cursor(id)}") { nodes { id } pageInfo { hasPreviousPage } } }`,
      ],
      ['update', id => `mutation { updateBook(where: { id: ${id} }, data: { title: "X" }) ${payload} }`],
      ['update with nothing', id => `mutation { updateBook(where: { id: ${id} }, data: {}) ${payload} }`],
      [
        'update with a version',
        id =>
          `mutation { updateBook(where: { id: ${id} }, data: { title: "X" }, ifVersion: "1") ${payload} }`,
      ],
      [
        'increment',
        id => `mutation { updateBook(where: { id: ${id} }, data: {}, increment: { stock: 1 }) ${payload} }`,
      ],
      [
        'update of many',
        id => `mutation { updateBooks(where: { id: { equals: ${id} } }, data: { title: "X" }) ${batch} }`,
      ],
      ['delete', id => `mutation { deleteBook(where: { id: ${id} }) ${payload} }`],
      [
        'delete with a version',
        id => `mutation { deleteBook(where: { id: ${id} }, ifVersion: "1") ${payload} }`,
      ],
      ['delete of many', id => `mutation { deleteBooks(where: { id: { equals: ${id} } }) ${batch} }`],
      [
        'upsert',
        id =>
          `mutation { upsertBook(where: { id: ${id} }, create: { title: "New", authorId: "${ann}" }, update: { title: "X" }) ${payload} }`,
      ],
      [
        'create with a foreign key',
        id => `mutation { createReview(data: { stars: 1, bookId: ${id} }) { review { stars } ${errors} } }`,
      ],
      [
        'create of many with a foreign key',
        id =>
          `mutation { createReviews(data: [{ stars: 1, bookId: 1 }, { stars: 1, bookId: ${id} }]) { count ${errors} } }`,
      ],
      ['update of a foreign key', id => `mutation { ${book(`prequelId: ${id}`)} }`],
      [
        'update of many foreign keys',
        id =>
          `mutation { updateBooks(where: { authorId: { equals: "${ann}" } }, data: { prequelId: ${id} }, atMost: 5) ${batch} }`,
      ],
      [
        'create with connect',
        id =>
          `mutation { createReview(data: { stars: 1, book: { connect: { id: ${id} } } }) { review { stars } ${errors} } }`,
      ],
      [
        'create of many with connect',
        id =>
          `mutation { createReviews(data: [{ stars: 1, bookId: 1 }, { stars: 1, book: { connect: { id: ${id} } } }]) { count ${errors} } }`,
      ],
      ['connect', id => `mutation { ${book(`prequel: { connect: { id: ${id} } }`)} }`],
      [
        'connect of the other end',
        id => `mutation { ${author(`edited: { connect: [{ id: 1 }, { id: ${id} }] }`)} }`,
      ],
      [
        'connect of a many-to-many relation',
        id =>
          `mutation { updateSubject(where: { id: 1 }, data: { books: { connect: [{ id: ${id} }] } }) { subject { name } ${errors} } }`,
      ],
      [
        'connectOrCreate',
        id =>
          `mutation { ${author(`edited: { connectOrCreate: [{ where: { id: ${id} }, create: { title: "New", authorId: "${ann}" } }] }`)} }`,
      ],
      ['set', id => `mutation { ${author(`edited: { set: [{ id: ${id} }] }`)} }`],
      ['disconnect', id => `mutation { ${author(`edited: { disconnect: [{ id: ${id} }] }`)} }`],
      [
        'disconnect of a many-to-many relation',
        id =>
          `mutation { updateSubject(where: { id: 1 }, data: { books: { disconnect: [{ id: ${id} }] } }) { subject { name } ${errors} } }`,
      ],
      [
        'nested update',
        id =>
          `mutation { ${author(`edited: { update: [{ where: { id: ${id} }, data: { title: "X" } }] }`)} }`,
      ],
      [
        'nested upsert',
        id =>
          `mutation { ${author(`edited: { upsert: [{ where: { id: ${id} }, create: { title: "New", authorId: "${ann}" }, update: { title: "X" } }] }`)} }`,
      ],
      ['nested delete', id => `mutation { ${author(`edited: { delete: [{ id: ${id} }] }`)} }`],
      [
        'nested delete of a many-to-many relation',
        id =>
          `mutation { updateSubject(where: { id: 1 }, data: { books: { delete: [{ id: ${id} }] } }) { subject { name } ${errors} } }`,
      ],
      [
        'nested update of many',
        id =>
          `mutation { updateSubject(where: { id: 1 }, data: { books: { updateMany: [{ where: { id: { equals: ${id} } }, data: { title: "X" } }] } }) { subject { name } ${errors} } }`,
      ],
      [
        'nested delete of many',
        id =>
          `mutation { updateSubject(where: { id: 1 }, data: { books: { deleteMany: [{ id: { equals: ${id} } }] } }) { subject { name } ${errors} } }`,
      ],
    ]

    /** As a client that has a cursor of another row could make it. */
    const cursor = (id: number) => {
      const [fingerprint] = JSON.parse(Buffer.from(ownCursor, 'base64url').toString())
      return Buffer.from(JSON.stringify([fingerprint, id])).toString('base64url')
    }
    let ownCursor = ''

    test.each(operations)(
      'a missing and a forbidden row are answered alike to the byte: %s',
      async (_, ask) => {
        const { data } = await library.query('{ books { edges { cursor } } }', {}, asAnn)
        ownCursor = data.books.edges[0].cursor
        const answers: string[] = []
        for (const id of [hiddenBook, missing]) {
          const { data: answer, errors: found } = await library.query(ask(id), {}, asAnn)
          expect(found?.map(error => error.message).join() ?? '').not.toContain('is not defined')
          answers.push(JSON.stringify({ answer, found }).replaceAll(String(id), 'N'))
          await refill(library)
          if (id === missing) continue
          await library.sql(
            `INSERT INTO "Subject" (id, name) VALUES (1, 'Hills');
           INSERT INTO "_BookToSubject" ("A", "B") VALUES (1, 1)`,
          )
        }
        expect(answers[1]).toBe(answers[0])
      },
    )

    test.each([
      ['one row', (id: string) => `{ author(where: { id: "${id}" }) { id } }`],
      ['connect', (id: string) => `mutation { ${book(`editor: { connect: { id: "${id}" } }`)} }`],
      ['a foreign key', (id: string) => `mutation { ${book(`editorId: "${id}"`)} }`],
      [
        'create',
        (id: string) => `mutation { createBook(data: { title: "New", authorId: "${id}" }) ${payload} }`,
      ],
      [
        'update of a related row',
        (id: string) =>
          `mutation { updateBooks(where: { author: { is: { id: { equals: "${id}" } } } }, data: { title: "X" }) ${batch} }`,
      ],
    ])('so are people: %s', async (_, ask) => {
      const answers: string[] = []
      for (const id of [hiddenAuthor, missingAuthor]) {
        const { data, errors: found } = await library.query(ask(id), {}, asAnn)
        answers.push(JSON.stringify({ data, found }).replaceAll(id, 'N'))
      }
      expect(answers[1]).toBe(answers[0])
    })

    test('a row that is found by a key which is hidden in it is as a missing one', async () => {
      const other = await createGuardedLibrary([
        policy('Book', { read: true, update: true, delete: true, fields: { isbn: { read: isMine } } }),
        policy('Author', { read: true, update: true }),
      ])
      try {
        const asks = [
          (isbn: string) => `{ book(where: { isbn: "${isbn}" }) { id } }`,
          (isbn: string) => `{ books(where: { isbn: { equals: "${isbn}" } }) { totalCount } }`,
          (isbn: string) =>
            `mutation { updateBook(where: { isbn: "${isbn}" }, data: { title: "X" }) ${payload} }`,
          (isbn: string) => `mutation { deleteBook(where: { isbn: "${isbn}" }) ${payload} }`,
          (isbn: string) =>
            `mutation { updateBook(where: { id: 1 }, data: { prequel: { connect: { isbn: "${isbn}" } } }) ${payload} }`,
          (isbn: string) =>
            `mutation { ${author(`edited: { update: [{ where: { isbn: "${isbn}" }, data: { title: "X" } }] }`)} }`,
          (isbn: string) => `mutation { ${author(`edited: { connect: [{ isbn: "${isbn}" }, { id: 1 }] }`)} }`,
        ]
        for (const ask of asks) {
          const answers: string[] = []
          for (const isbn of ['b1', 'zz']) {
            const { data, errors: found } = await other.query(ask(isbn), {}, asAnn)
            answers.push(JSON.stringify({ data, found }).replaceAll(isbn, 'N'))
          }
          expect(answers[1]).toBe(answers[0])
        }
      } finally {
        await other.close()
      }
    })

    test('what a constraint of the database says stays: a key is taken, by whomever', async () => {
      const create = `createBook(data: { id: ${hiddenBook}, title: "New", authorId: "${ann}" }) ${payload}`
      expect((await library.mutate(create, {}, asAnn)).errors).toMatchObject([
        { __typename: 'UniqueError', fields: ['id'], path: ['data', 'id'] },
      ])
    })
  })
})

describe('attack Policy fails open', () => {
  const tenant = (viewer: Viewer) => viewer.claims.tenant as never
  let library: Library
  beforeAll(async () => {
    library = await createGuardedLibrary([
      policy('Book', {
        read: viewer => ({ author: { is: { name: { startsWith: tenant(viewer) } } } }),
        update: viewer => ({ isbn: { in: [tenant(viewer)] } }),
        fields: { pages: { read: viewer => ({ NOT: { title: { equals: tenant(viewer) } } }) } },
      }),
      policy('Author', { read: viewer => ({ name: { in: tenant(viewer) } }) }),
      policy('Review', { read: viewer => ({ OR: [{ text: { contains: tenant(viewer) } }] }) }),
    ])
  })
  afterAll(() => library.close())

  test.each<[string, Parameters<typeof createViewer>[0]['claims']]>([
    ['null', { tenant: null }],
    ['an empty list', { tenant: [] }],
    ['an empty text', { tenant: '' }],
  ])(
    'a claim that is %s gives no row, and never throws another error than for what it is about',
    async (_, claims) => {
      const viewer = createViewer({ id: ann, claims: claims ?? {} })
      const { engine } = library
      for (const name of ['books', 'authors', 'reviews']) {
        const contextValue = engine.createContext({ viewer })
        const source = `{ ${name} { totalCount nodes { nodeId } } }`
        const { data, errors: found } = await graphql({ schema: engine.schema, source, contextValue })
        if (found) expect(found[0]?.message).toMatch(/Book\.read|Author\.read|Review\.read/)
        else expect(data).toEqual({ [name]: { totalCount: 0, nodes: [] } })
      }
    },
  )

  test('a claim that is missing throws', async () => {
    const viewer = createViewer({ id: ann })
    for (const name of ['books', 'authors', 'reviews']) {
      const { data, errors: found } = await library.query(`{ ${name} { totalCount } }`, {}, viewer)
      expect(data).toBeNull()
      expect(found?.[0]?.message).toMatch(/The rule \w+\.read is wrong: .* is undefined/)
    }
  })

  test.each([
    ['a claim', { claims: { tenant: { not: 'x' } } }],
    ['a claim in a list', { claims: { tenant: ['x', { not: 'x' }] } }],
    ['the id', { id: { not: 'x' } }],
    ['a role', { roles: [{ contains: '' }] }],
  ])('%s that a filter would take for a condition cannot be made', (_, given) => {
    expect(() => createViewer(given as never)).toThrow(/is an object/)
  })

  test('what is not true makes no administrator', () => {
    for (const isAdministrator of ['false', 1, {}, [], 'true']) {
      expect(createViewer({ isAdministrator } as never).isAdministrator).toBe(false)
    }
  })
})
