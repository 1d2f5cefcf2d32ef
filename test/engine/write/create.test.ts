import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createLibrary, errors, type Library } from './library.ts'

let library: Library
beforeAll(async () => {
  library = await createLibrary()
})
beforeEach(() => library.clear())
afterAll(() => library.close())

async function createAuthor(name = 'Ada'): Promise<string> {
  const data = { email: `${name}@example.com`, name }
  const { author } = await library.mutate('createAuthor(data: $data) { author { id } }', {
    'data: AuthorCreateInput!': data,
  })
  return author.id
}

describe('create', () => {
  test('one row with defaults takes one statement and returns what was asked', async () => {
    const { payload, statements } = await library.measure(
      `createAuthor(data: { email: "ada@example.com", name: "Ada" }) { author { email name version books { totalCount } } ${errors} }`,
    )
    expect(payload).toEqual({
      author: { email: 'ada@example.com', name: 'Ada', version: 1, books: { totalCount: 0 } },
      errors: [],
    })
    expect(statements.filter(sql => sql.startsWith('INSERT'))).toHaveLength(1)
    expect(statements).toHaveLength(2) // the count of the books is the second
  })

  test('every scalar is stored as it was given', async () => {
    const authorId = await createAuthor()
    const data = {
      authorId,
      title: 'Everything',
      isbn: '978',
      price: '12.50',
      pages: 32767,
      stock: 3,
      sold: '9007199254740993',
      rating: 4.5,
      tags: ['a', 'b'],
      genres: ['POETRY', 'SCIENCE'],
      genre: 'SCIENCE',
      meta: { a: [1, null, 'x'] },
      extra: null,
      cover: 'aGVsbG8=',
      published: '2026-01-31',
      opensAt: '09:30:00',
      number: 77,
    }
    const { book } = await library.mutate(
      `createBook(data: $data) { book { authorId title isbn price pages stock sold rating tags genres genre meta extra cover published opensAt number } }`,
      { 'data: BookCreateInput!': data },
    )
    expect(book).toEqual(data)
    const [row] = await library.sql('SELECT meta IS NULL AS no_meta, extra::text FROM books')
    expect(row).toEqual({ no_meta: false, extra: 'null' })
  })

  test('null in an optional field stores NULL, also in a JSON column', async () => {
    const authorId = await createAuthor()
    await library.mutate('createBook(data: $data) { errors { message } }', {
      'data: BookCreateInput!': { authorId, title: 'Nulls', meta: null, price: null, published: null },
    })
    expect(await library.sql('SELECT meta, price, published FROM books')).toEqual([
      { meta: null, price: null, published: null },
    ])
  })

  test('a point is stored', async () => {
    const authorId = await createAuthor()
    const { profile } = await library.mutate(
      'createProfile(data: { authorId: $id, bio: "x", home: { x: 13.4, y: 52.5 } }) { profile { home } }',
      { 'id: UUID!': authorId },
    )
    expect(profile.home).toEqual({ x: 13.4, y: 52.5 })
  })

  test('a compound key is a key like others', async () => {
    await library.mutate('createShelf(data: { room: "A", number: 1, label: "left" }) { errors { message } }')
    const { data } = await library.query(
      '{ shelf(where: { room_number: { room: "A", number: 1 } }) { label } }',
    )
    expect(data.shelf.label).toBe('left')
  })
})

describe('nested in a create', () => {
  test('three levels of creates in one transaction', async () => {
    const { author } = await library.mutate(
      `createAuthor(data: { email: "a@b.c", name: "Ada", books: { create: [
        { title: "One", reviews: { create: [{ stars: 5, replies: { create: [{ text: "yes" }, { text: "no" }] } }] } }
        { title: "Two" }
      ] } }) { author { books { nodes { title reviews { nodes { stars replies { nodes { text } } } } } } } ${errors} }`,
    )
    expect(author.books.nodes).toEqual([
      {
        title: 'One',
        reviews: { nodes: [{ stars: 5, replies: { nodes: [{ text: 'yes' }, { text: 'no' }] } }] },
      },
      { title: 'Two', reviews: { nodes: [] } },
    ])
  })

  test('rows that differ in what they leave to the database are created in one statement', async () => {
    const { payload, statements } = await library.measure(
      `createAuthor(data: { email: "a@b.c", name: "Ada", books: { create: [
        { title: "One" } { title: "Two", number: 50, stock: 4 } { title: "Three" }
      ] } }) { author { name } ${errors} }`,
    )
    expect(payload.errors).toEqual([])
    expect(statements.filter(sql => sql.startsWith('INSERT'))).toHaveLength(2)
    const numbers = await library.sql('SELECT title, number > 0 AS numbered, stock FROM books ORDER BY id')
    expect(numbers).toEqual([
      { title: 'One', numbered: true, stock: 0 },
      { title: 'Two', numbered: true, stock: 4 },
      { title: 'Three', numbered: true, stock: 0 },
    ])
  })

  test('a default of the database stands for what is left out, NULL for null', async () => {
    await library.mutate(
      `createBook(data: { title: "x", author: { create: { email: "a", name: "A" } }, reviews: { create: [{ stars: 1, replies: { create: [
        { text: "a", likes: { create: [{ who: "1" }, { who: "2", mood: "bad" }, { who: "3", mood: null }] } }
      ] } }] } }) { ${errors} }`,
    )
    expect(await library.sql('SELECT mood FROM "Like" ORDER BY who')).toEqual(
      ['fine', 'bad', null].map(mood => ({ mood })),
    )
  })

  test('the row that the foreign key refers to is created first', async () => {
    const { review } = await library.mutate(
      `createReview(data: { stars: 4, book: { create: { title: "One", author: { create: { email: "a@b.c", name: "Ada" } } } } })
        { review { book { title author { name } } } ${errors} }`,
    )
    expect(review.book).toEqual({ title: 'One', author: { name: 'Ada' } })
  })

  test('connect by any unique key', async () => {
    const authorId = await createAuthor()
    await library.mutate('createShelf(data: { room: "A", number: 1 }) { errors { message } }')
    const { book } = await library.mutate(
      `createBook(data: { title: "One", author: { connect: { email: "Ada@example.com" } },
        shelf: { connect: { room_number: { room: "A", number: 1 } } } })
        { book { authorId shelf { room number } } ${errors} }`,
    )
    expect(book).toEqual({ authorId, shelf: { room: 'A', number: 1 } })
  })

  test('connect takes children from another parent', async () => {
    const [ada, bob] = [await createAuthor('Ada'), await createAuthor('Bob')]
    const { books } = await library.mutate(
      'createBooks(data: [{ title: "One", authorId: $id }, { title: "Two", authorId: $id }]) { books { id } }',
      { 'id: UUID!': ada },
    )
    const connect = books.map(({ id }: { id: number }) => ({ id }))
    const { author } = await library.mutate(
      'createAuthor(data: $data) { author { books { nodes { title } } } errors { message } }',
      { 'data: AuthorCreateInput!': { email: 'e@x.y', name: 'Eve', books: { connect } } },
    )
    expect(author.books.nodes).toHaveLength(2)
    expect(bob).toBeTruthy()
  })

  test('connectOrCreate connects what is there, also what it created itself', async () => {
    const authorId = await createAuthor()
    await library.mutate('createSubject(data: { name: "Math" }) { errors { message } }')
    const entry = (name: string) => ({ where: { name }, create: { name } })
    const { book, errors } = await library.mutate(
      'createBook(data: $data) { book { subjects { nodes { name } } } errors { message } }',
      {
        'data: BookCreateInput!': {
          authorId,
          title: 'One',
          subjects: { connectOrCreate: [entry('Math'), entry('Music'), entry('Music')] },
        },
      },
    )
    expect(errors).toEqual([])
    expect(book.subjects.nodes).toEqual([{ name: 'Math' }, { name: 'Music' }])
    expect(await library.sql('SELECT count(*)::int FROM "Subject"')).toEqual([{ count: 2 }])
  })

  test('many-to-many: create and connect together', async () => {
    const authorId = await createAuthor()
    await library.mutate('createSubject(data: { name: "Math" }) { errors { message } }')
    const { book } = await library.mutate(
      `createBook(data: { title: "One", authorId: $id, subjects: { connect: [{ name: "Math" }], create: [{ name: "Music" }] } })
        { book { subjects(orderBy: [{ name: ASC }]) { nodes { name books { totalCount } } } } ${errors} }`,
      { 'id: UUID!': authorId },
    )
    expect(book.subjects.nodes).toEqual([
      { name: 'Math', books: { totalCount: 1 } },
      { name: 'Music', books: { totalCount: 1 } },
    ])
  })

  test('one to one from the side without the key', async () => {
    const { author } = await library.mutate(
      `createAuthor(data: { email: "a@b.c", name: "Ada", profile: { create: { bio: "x", home: { x: 1, y: 2 } } }, badge: { create: { code: "AAAA" } } })
        { author { profile { bio home } badge { code } } ${errors} }`,
    )
    expect(author).toEqual({ profile: { bio: 'x', home: { x: 1, y: 2 } }, badge: { code: 'AAAA' } })
  })

  test('a badge that is connected elsewhere moves over, from either side', async () => {
    const [ada, bob] = [await createAuthor('Ada'), await createAuthor('Bob')]
    await library.mutate('createBadge(data: { code: "AAAA", authorId: $id }) { errors { message } }', {
      'id: UUID!': ada,
    })
    const created = await library.mutate(
      `createBadge(data: { code: "BBBB", author: { connect: { id: $id } } }) { badge { author { id } } ${errors} }`,
      { 'id: UUID!': ada },
    )
    expect(created).toEqual({ badge: { author: { id: ada } }, errors: [] })
    const updated = await library.mutate(
      `updateAuthor(where: { id: $id }, data: { badge: { connect: { code: "BBBB" } } }) { author { badge { code } } ${errors} }`,
      { 'id: UUID!': bob },
    )
    expect(updated).toEqual({ author: { badge: { code: 'BBBB' } }, errors: [] })
    expect(await library.sql('SELECT code, "authorId" AS author FROM "Badge" ORDER BY code')).toEqual([
      { code: 'AAAA', author: null },
      { code: 'BBBB', author: bob },
    ])
  })

  test('a self relation from both of its ends', async () => {
    const authorId = await createAuthor()
    const { book } = await library.mutate(
      `createBook(data: { title: "Two", authorId: $id, prequel: { create: { title: "One", authorId: $id } },
        sequels: { create: [{ title: "Three", authorId: $id }] } })
        { book { prequel { title } sequels { nodes { title } } } ${errors} }`,
      { 'id: UUID!': authorId },
    )
    expect(book).toEqual({ prequel: { title: 'One' }, sequels: { nodes: [{ title: 'Three' }] } })
  })

  test('two relations between the same models are kept apart', async () => {
    const ada = await createAuthor('Ada')
    const { author } = await library.mutate(
      `createAuthor(data: { email: "e@x.y", name: "Eve", edited: { create: [{ title: "One", authorId: $id }] } })
        { author { books { totalCount } edited { nodes { title author { name } } } } ${errors} }`,
      { 'id: UUID!': ada },
    )
    expect(author).toEqual({
      books: { totalCount: 0 },
      edited: { nodes: [{ title: 'One', author: { name: 'Ada' } }] },
    })
  })

  test('foreign keys that share a column have to agree', async () => {
    await library.sql(`INSERT INTO "Org" VALUES (1), (2)`)
    await library.sql(`INSERT INTO "Member" ("orgId", name) VALUES (1, 'a'), (1, 'b'), (2, 'c')`)
    const create = (helper: unknown) =>
      library.mutate(
        'createTask(data: $data) { task { orgId ownerName helperName } errors { path message } }',
        {
          'data: TaskCreateInput!': {
            owner: { connect: { orgId_name: { orgId: 1, name: 'a' } } },
            helper: { connect: { orgId_name: helper } },
          },
        },
      )
    const agreeing = await create({ orgId: 1, name: 'b' })
    expect(agreeing.task).toEqual({ orgId: 1, ownerName: 'a', helperName: 'b' })
    const disagreeing = await create({ orgId: 2, name: 'c' })
    expect(disagreeing.errors[0].path).toEqual(['data', 'helper', 'connect'])
    expect(disagreeing.errors[0].message).toBe(
      'Expected a row whose orgId is 1, as the rest of the input has it; one with 2 came.',
    )
  })
})
