import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '../../../src/engine/index.ts'
import { errors, type Library } from '../write/library.ts'
import { ann, asAnn, asBob, bob, createGuardedLibrary, policy, refill } from './shop.ts'

const isMine = (viewer: Viewer) => viewer.id !== null && { authorId: viewer.id }
const isMyReview = (viewer: Viewer) => viewer.id !== null && { reviewerId: viewer.id }

/** Everybody sees everything but the drafts of others; each changes what is his own. */
const policies = [
  policy('Book', {
    read: viewer =>
      viewer.id !== null && { OR: [{ authorId: viewer.id }, { NOT: { title: { startsWith: 'Draft' } } }] },
    create: isMine,
    update: isMine,
    delete: isMine,
    presets: { create: viewer => ({ authorId: viewer.id }) },
    fields: {
      stock: { write: false },
      price: { update: viewer => viewer.id !== null && { editorId: viewer.id } },
    },
  }),
  policy('Author', { read: true, update: viewer => viewer.id !== null && { id: viewer.id } }),
  policy('Review', {
    read: viewer =>
      viewer.id !== null && {
        book: { OR: [{ authorId: viewer.id }, { NOT: { title: { startsWith: 'Draft' } } }] },
      },
    create: isMyReview,
    update: isMyReview,
    delete: isMyReview,
  }),
  policy('Subject', { read: true, update: () => ({ name: 'Mine' }) }),
]

describe('writing under policies', () => {
  let library: Library
  beforeEach(async () => {
    library ??= await createGuardedLibrary(policies)
    await refill(library)
    await library.sql(`INSERT INTO "Subject" (id, name) VALUES (1, 'Hills')`)
    await library.sql(
      `INSERT INTO books (id, title, author_id, updated_at) VALUES (9, 'Draft of Bob', $1, now())`,
      [bob],
    )
  })
  afterAll(() => library.close())

  const digest = async () => {
    const tables = ['books', 'authors', '"Review"', '"Subject"', '"_BookToSubject"']
    return Promise.all(tables.map(table => library.sql(`SELECT * FROM ${table} ORDER BY 1`)))
  }
  /** Refused with these errors, and nothing is written. */
  const refused = async (field: string, viewer: Viewer, ...types: string[]) => {
    const before = await digest()
    const payload = await library.mutate(field, {}, viewer)
    expect(payload.errors.map((error: { __typename: string }) => error.__typename)).toEqual(types)
    expect(await digest()).toEqual(before)
    return payload.errors[0]
  }

  test('a preset is written and cannot be given', async () => {
    const payload = await library.mutate(
      `createBook(data: { title: "New" }) { book { author { name } } ${errors} }`,
      {},
      asAnn,
    )
    expect(payload).toEqual({ book: { author: { name: 'Ann' } }, errors: [] })
    const { errors: unknown } = await library.query(
      `mutation { createBook(data: { title: "New", authorId: "${bob}" }) { book { id } } }`,
      {},
      asAnn,
    )
    expect(unknown?.[0]?.message).toContain('Field "authorId" is not defined')
  })

  test('a row that is hidden and one that is missing are answered alike', async () => {
    for (const [verb, rest] of [
      ['update', ', data: { title: "X" }'],
      ['delete', ''],
    ]) {
      const answers = []
      for (const id of [9, 7]) {
        const field = `${verb}Book(where: { id: ${id} }${rest}) { book { id } ${errors} }`
        answers.push(JSON.stringify(await refused(field, asAnn, 'NotFoundError')).replace(String(id), 'N'))
      }
      expect(answers[0]).toBe(answers[1])
    }
    for (const verb of ['update', 'delete']) {
      const data = verb === 'update' ? ', data: { title: "X" }' : ''
      const field = `${verb}Books(where: { title: { startsWith: "Draft" } }${data}) { count ${errors} }`
      expect(await library.mutate(field, {}, asAnn)).toEqual({ count: 0, errors: [] })
    }
  })

  test('a row that is seen but not owned is refused', async () => {
    await refused(
      `updateBook(where: { id: 3 }, data: { title: "X" }) { book { id } ${errors} }`,
      asAnn,
      'ForbiddenError',
    )
    await refused(`deleteBook(where: { id: 3 }) { book { id } ${errors} }`, asAnn, 'ForbiddenError')
    await refused(
      `updateBooks(where: {}, data: { title: "X" }, atMost: 10) { count ${errors} }`,
      asAnn,
      'ForbiddenError',
    )
    await refused(`deleteBooks(where: {}, atMost: 10) { count ${errors} }`, asAnn, 'ForbiddenError')
    const error = await refused(
      `updateReview(where: { id: 1 }, data: { stars: 1 }) { review { id } ${errors} }`,
      asAnn,
      'ForbiddenError',
    )
    expect(error).toMatchObject({
      code: 'FORBIDDEN',
      message: 'You may see this Review, but not change it like this.',
      path: ['data'],
    })
  })

  test('a row must still be allowed after the change', async () => {
    await refused(
      `updateBook(where: { id: 1 }, data: { authorId: "${bob}" }) { book { id } ${errors} }`,
      asAnn,
      'ForbiddenError',
    )
    await refused(
      `updateBook(where: { id: 1 }, data: { author: { connect: { id: "${bob}" } } }) { book { id } ${errors} }`,
      asAnn,
      'ForbiddenError',
    )
    await refused(
      `createReview(data: { stars: 1, bookId: 1, reviewerId: "${bob}" }) { review { id } ${errors} }`,
      asAnn,
      'ForbiddenError',
    )
  })

  test('a field that may not be written is not there, or only in some rows', async () => {
    const { errors: unknown } = await library.query(
      'mutation { updateBook(where: { id: 1 }, data: { stock: 1 }) { book { id } } }',
      {},
      asAnn,
    )
    expect(unknown?.[0]?.message).toContain('Field "stock" is not defined')
    await refused(
      `updateBook(where: { id: 2 }, data: { price: 1 }) { book { id } ${errors} }`,
      asAnn,
      'ForbiddenError',
    )
    await library.sql('UPDATE books SET editor_id = author_id WHERE id = 2')
    expect(
      await library.mutate(
        `updateBook(where: { id: 2 }, data: { price: 1 }) { book { price } ${errors} }`,
        {},
        asAnn,
      ),
    ).toEqual({ book: { price: '1.00' }, errors: [] })
  })

  test('foreign keys refer to rows that exist for the viewer', async () => {
    const answers = []
    for (const id of [9, 7]) {
      const error = await refused(
        `createReview(data: { stars: 1, bookId: ${id}, reviewerId: "${ann}" }) { review { id } ${errors} }`,
        asAnn,
        'ForeignKeyError',
      )
      answers.push(JSON.stringify(error))
      await refused(
        `createReviews(data: [{ stars: 1, bookId: 1, reviewerId: "${ann}" }, { stars: 1, bookId: ${id}, reviewerId: "${ann}" }]) { count ${errors} }`,
        asAnn,
        'ForeignKeyError',
      )
      await refused(
        `updateBook(where: { id: 1 }, data: { prequelId: ${id} }) { book { id } ${errors} }`,
        asAnn,
        'ForeignKeyError',
      )
      await refused(
        `createReview(data: { stars: 1, book: { connect: { id: ${id} } }, reviewerId: "${ann}" }) { review { id } ${errors} }`,
        asAnn,
        'NotFoundError',
      )
    }
    expect(answers[0]).toBe(answers[1])
  })

  test.each([
    ['connect', 'reviews: { connect: [{ id: 4 }] }', 'ForbiddenError'],
    ['connect to a hidden row', 'prequel: { connect: { id: 9 } }', 'NotFoundError'],
    ['set', 'reviews: { set: [] }', 'ValidationError'],
    ['update', 'reviews: { update: [{ where: { id: 1 }, data: { stars: 3 } }] }', 'ForbiddenError'],
    [
      'upsert',
      'reviews: { upsert: [{ where: { id: 1 }, create: { stars: 1 }, update: { stars: 3 } }] }',
      'ForbiddenError',
    ],
    ['delete', 'reviews: { delete: [{ id: 1 }] }', 'ForbiddenError'],
    ['updateMany', 'reviews: { updateMany: [{ where: {}, data: { stars: 3 } }] }', 'ForbiddenError'],
    ['deleteMany', 'reviews: { deleteMany: [{}] }', 'ForbiddenError'],
    ['create', 'reviews: { create: [{ stars: 1 }] }', 'ForbiddenError'],
    [
      'a change of a foreign row further away',
      'author: { update: { edited: { update: [{ where: { id: 3 }, data: { title: "X" } }] } } }',
      'ForbiddenError',
    ],
    ['a deletion further away', 'author: { update: { edited: { delete: [{ id: 3 }] } } }', 'ForbiddenError'],
    ['a link of a many-to-many relation', 'subjects: { connect: [{ id: 1 }] }', 'ForbiddenError'],
    ['a connect of a foreign row on its side', 'sequels: { connect: [{ id: 3 }] }', 'ForbiddenError'],
  ])('nested: %s is refused, and all is taken back', async (_, data, type) => {
    await refused(
      `updateBook(where: { id: 1 }, data: { title: "Changed", ${data} }) { book { id } ${errors} }`,
      asAnn,
      type,
    )
  })

  test('what is allowed is done at every depth', async () => {
    const field = `updateBook(where: { id: 3 }, data: {
      title: "Bob again",
      reviews: { create: [{ stars: 3, reviewerId: "${bob}" }] },
      author: { update: { name: "Robert", reviews: { update: [{ where: { id: 1 }, data: { stars: 2 } }] } } }
    }) { book { title author { name } reviews { totalCount } } ${errors} }`
    expect(await library.mutate(field, {}, asBob)).toEqual({
      book: { title: 'Bob again', author: { name: 'Robert' }, reviews: { totalCount: 2 } },
      errors: [],
    })
  })

  test('a row that one may write but not see is null', async () => {
    const box = await createGuardedLibrary([
      policy('Subject', { create: true }),
      policy('Book', { read: true }),
      policy('Review', { read: () => ({ stars: { gte: 3 } }), create: true }),
    ])
    try {
      expect(await box.mutate(`createSubject(data: { name: "Secret" }) { ${errors} }`, {}, asAnn)).toEqual({
        errors: [],
      })
      expect(
        await box.mutate(
          `createReview(data: { stars: 1, bookId: 1 }) { review { id } ${errors} }`,
          {},
          asAnn,
        ),
      ).toEqual({ review: null, errors: [] })
      expect(
        await box.mutate(
          `createReviews(data: [{ stars: 1, bookId: 1 }, { stars: 5, bookId: 1 }]) { count reviews { stars } ${errors} }`,
          {},
          asAnn,
        ),
      ).toEqual({ count: 2, reviews: [{ stars: 5 }], errors: [] })
    } finally {
      await box.close()
    }
  })
})

describe('a row cannot vouch for itself', () => {
  /** Who edits a book of an author may add books to it, and manage its editors. */
  const isEditor = (viewer: Viewer) =>
    viewer.id !== null && { author: { books: { some: { editorId: viewer.id } } } }
  let library: Library
  beforeEach(async () => {
    library ??= await createGuardedLibrary([
      policy('Book', { read: true, create: isEditor, update: isEditor }),
      policy('Author', { read: true }),
    ])
    await refill(library)
  })
  afterAll(() => library.close())

  test('a new row does not make its own right', async () => {
    const create = (authorId: string) =>
      library.mutate(
        `createBook(data: { title: "New", authorId: "${authorId}", editorId: "${ann}" }) { book { id } ${errors} }`,
        {},
        asAnn,
      )
    // Ann edits a book of Bob, and none of her own
    expect(await create(bob)).toMatchObject({ errors: [] })
    expect(await create(ann)).toMatchObject({ book: null, errors: [{ __typename: 'ForbiddenError' }] })
  })

  test('new rows do not vouch for each other', async () => {
    const row = (title: string) => `{ title: "${title}", authorId: "${ann}", editorId: "${ann}" }`
    const field = `createBooks(data: [${row('One')}, ${row('Two')}]) { count ${errors} }`
    expect(await library.mutate(field, {}, asAnn)).toMatchObject({
      count: 0,
      errors: [{ __typename: 'ForbiddenError' }],
    })
  })

  test('a row that gives a right can be changed, but not moved to where it would give another', async () => {
    const change = (data: string) =>
      library.mutate(`updateBook(where: { id: 3 }, data: { ${data} }) { book { id } ${errors} }`, {}, asAnn)
    expect(await change('title: "By Ann"')).toEqual({ book: { id: 3 }, errors: [] })
    expect(await change(`authorId: "${ann}"`)).toMatchObject({ errors: [{ __typename: 'ForbiddenError' }] })
    // giving the right away is a change as any other
    expect(await change(`editorId: "${bob}"`)).toEqual({ book: { id: 3 }, errors: [] })
    expect(await change('title: "Again"')).toMatchObject({ errors: [{ __typename: 'ForbiddenError' }] })
  })
})
