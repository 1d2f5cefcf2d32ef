import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createLibrary, errors, type Library } from './library.ts'

let library: Library
const ada = '018f4e9c-7a00-7000-8000-000000000001'
const bob = '018f4e9c-7a00-7000-8000-000000000002'

beforeAll(async () => {
  library = await createLibrary()
})
beforeEach(async () => {
  await library.clear()
  await library.sql(
    `INSERT INTO authors (id, email, name) VALUES ('${ada}', 'ada', 'Ada'), ('${bob}', 'bob', 'Bob')`,
  )
  await library.sql(`INSERT INTO books (id, title, author_id, editor_id, updated_at) VALUES
    (11, 'One', '${ada}', '${bob}', now()), (12, 'Two', '${ada}', NULL, now()), (21, 'Bobs', '${bob}', NULL, now())`)
  await library.sql(`INSERT INTO "Subject" (id, name) VALUES (1, 'Math'), (2, 'Music'), (3, 'Maps')`)
  await library.sql(`INSERT INTO "_BookToSubject" VALUES (11, 1), (11, 2), (21, 3)`)
  await library.sql(
    `INSERT INTO "Review" (id, stars, book_id, "updatedAt") VALUES (1, 1, 11, now()), (2, 2, 11, now()), (3, 3, 12, now())`,
  )
  await library.sql(`INSERT INTO "Reply" (id, text, "reviewId") VALUES (1, 'a', 1), (2, 'b', 1), (3, 'c', 3)`)
  for (const table of ['"Subject"', '"Review"', '"Reply"']) {
    await library.sql(`SELECT setval(pg_get_serial_sequence('${table}', 'id'), 1000)`)
  }
})
afterAll(() => library.close())

const bookState = `SELECT id, title, author_id = '${ada}' AS ada, editor_id = '${bob}' AS bobs_edit FROM books ORDER BY id`
const reviewState = 'SELECT id, stars, book_id AS book FROM "Review" ORDER BY id'
const linkState = 'SELECT "A" AS book, "B" AS subject FROM "_BookToSubject" ORDER BY 1, 2'

function updateBook(data: unknown, id = 11) {
  return library.mutate(`updateBook(where: { id: ${id} }, data: $data) { book { id } ${errors} }`, {
    'data: BookUpdateInput!': data,
  })
}

function updateAuthor(data: unknown, id = ada) {
  return library.mutate(`updateAuthor(where: { id: "${id}" }, data: $data) { author { id } ${errors} }`, {
    'data: AuthorUpdateInput!': data,
  })
}

/** What a wrong input has to be answered with: nothing is written. */
async function expectRefusal(
  work: () => ReturnType<typeof updateBook>,
  code: string,
  path: readonly string[],
): Promise<string> {
  const before = await state()
  const payload = await work()
  expect(payload.errors).toMatchObject([{ code, path }])
  expect(await state()).toEqual(before)
  return payload.errors[0].message
}

async function state() {
  return [
    await library.sql(bookState),
    await library.sql(reviewState),
    await library.sql(linkState),
    await library.sql('SELECT * FROM "Reply" ORDER BY id'),
    await library.sql('SELECT * FROM "Profile"'),
    await library.sql('SELECT id, name, version FROM authors ORDER BY id'),
  ]
}

describe('a list whose foreign key is at the other end', () => {
  test('create adds', async () => {
    expect((await updateBook({ reviews: { create: [{ stars: 5 }, { stars: 4 }] } })).errors).toEqual([])
    const stars = await library.sql('SELECT stars FROM "Review" WHERE book_id = 11 ORDER BY id')
    expect(stars.map(row => row.stars)).toEqual([1, 2, 5, 4])
  })

  test('connect moves rows here', async () => {
    expect((await updateBook({ reviews: { connect: [{ id: 3 }, { id: 1 }] } })).errors).toEqual([])
    expect((await library.sql(reviewState)).map(row => row.book)).toEqual([11, 11, 11])
  })

  test('connectOrCreate does one or the other', async () => {
    const entry = (id: number) => ({ where: { id }, create: { stars: 5 } })
    await updateBook({ reviews: { connectOrCreate: [entry(3), entry(99)] } })
    expect(await library.sql('SELECT stars FROM "Review" WHERE book_id = 11 ORDER BY stars')).toEqual(
      [1, 2, 3, 5].map(stars => ({ stars })),
    )
  })

  test('disconnect empties an optional key', async () => {
    expect((await updateAuthor({ edited: { disconnect: [{ id: 11 }] } }, bob)).errors).toEqual([])
    expect((await library.sql(bookState))[0]).toMatchObject({ id: 11, bobs_edit: null })
  })

  test('disconnect of a row that cannot be without is a ValidationError, before any SQL', async () => {
    const message = await expectRefusal(
      () => updateBook({ reviews: { disconnect: [{ id: 1 }] } }),
      'VALIDATION',
      ['data', 'reviews', 'disconnect'],
    )
    expect(message).toContain('Review cannot be without book')
  })

  test('set replaces, where the key is optional', async () => {
    expect((await updateAuthor({ edited: { set: [{ id: 12 }, { id: 21 }] } }, bob)).errors).toEqual([])
    expect((await library.sql(bookState)).map(row => row.bobs_edit)).toEqual([null, true, true])
  })

  test('set of rows that cannot leave is a ValidationError; adding is no problem', async () => {
    await expectRefusal(() => updateBook({ reviews: { set: [{ id: 1 }] } }), 'VALIDATION', [
      'data',
      'reviews',
      'set',
    ])
    expect((await updateBook({ reviews: { set: [1, 2, 3].map(id => ({ id })) } })).errors).toEqual([])
    expect((await library.sql(reviewState)).map(row => row.book)).toEqual([11, 11, 11])
  })

  test('update, upsert and delete by key', async () => {
    const { errors } = await updateBook({
      reviews: {
        delete: [{ id: 2 }],
        update: [{ where: { id: 1 }, data: { stars: 5 } }],
        upsert: [{ where: { id: 77 }, create: { stars: 3 }, update: { stars: 1 } }],
      },
    })
    expect(errors).toEqual([])
    expect(await library.sql('SELECT stars FROM "Review" WHERE book_id = 11 ORDER BY stars')).toEqual(
      [3, 5].map(stars => ({ stars })),
    )
  })

  test('upsert changes what is there', async () => {
    await updateBook({
      reviews: { upsert: [{ where: { id: 1 }, create: { stars: 3 }, update: { stars: 4 } }] },
    })
    expect((await library.sql(reviewState))[0]).toMatchObject({ id: 1, stars: 4 })
  })

  test('updateMany and deleteMany keep to the rows of this parent', async () => {
    await updateBook({ reviews: { updateMany: [{ where: { stars: { gte: 1 } }, data: { stars: 5 } }] } })
    expect((await library.sql(reviewState)).map(row => row.stars)).toEqual([5, 5, 3])
    await updateBook({ reviews: { deleteMany: [{}] } })
    expect((await library.sql(reviewState)).map(row => row.id)).toEqual([3])
  })

  test('deleteMany with create replaces all', async () => {
    await updateBook({ reviews: { deleteMany: [{}], create: [{ stars: 5 }] } })
    expect(await library.sql('SELECT stars FROM "Review" WHERE book_id = 11')).toEqual([{ stars: 5 }])
  })

  test.each([
    ['update', { update: [{ where: { id: 3 }, data: { stars: 5 } }] }],
    ['delete', { delete: [{ id: 3 }] }],
  ])('%s of another parent’s row is not found', async (verb, reviews) => {
    const message = await expectRefusal(() => updateBook({ reviews }), 'NOT_FOUND', [
      'data',
      'reviews',
      verb,
      '0',
    ])
    expect(message).toBe('Expected a Review that is linked with this row; none has id 3.')
  })

  test('upsert of another parent’s row does not change it', async () => {
    await updateBook({
      reviews: { upsert: [{ where: { id: 3 }, create: { stars: 5 }, update: { stars: 1 } }] },
    })
    expect((await library.sql(reviewState))[2]).toMatchObject({ id: 3, stars: 3, book: 12 })
  })
})

describe('a relation whose foreign key is here', () => {
  test.each([
    ['connect', { connect: { email: 'bob' } }, 'Bob'],
    ['create', { create: { email: 'eve', name: 'Eve' } }, 'Eve'],
    [
      'connectOrCreate',
      { connectOrCreate: { where: { email: 'bob' }, create: { email: 'bob', name: 'x' } } },
      'Bob',
    ],
    ['update', { update: { name: 'Ada L.' } }, 'Ada L.'],
    ['upsert', { upsert: { create: { email: 'x', name: 'x' }, update: { name: 'Ada L.' } } }, 'Ada L.'],
  ])('%s', async (_, author, name) => {
    expect((await updateBook({ author })).errors).toEqual([])
    const [row] = await library.sql(
      'SELECT authors.name FROM books JOIN authors ON authors.id = author_id WHERE books.id = 11',
    )
    expect(row).toEqual({ name })
  })

  test('disconnect and delete', async () => {
    await updateBook({ editor: { disconnect: true } })
    expect((await library.sql(bookState))[0]).toMatchObject({ bobs_edit: null })
    await library.sql('UPDATE books SET prequel_id = 21 WHERE id = 11')
    expect((await updateBook({ prequel: { delete: true } })).errors).toEqual([])
    expect((await library.sql(bookState)).map(row => row.id)).toEqual([11, 12])
  })

  test('what is not there can be disconnected, but neither updated nor deleted', async () => {
    expect((await updateBook({ prequel: { disconnect: true } })).errors).toEqual([])
    await expectRefusal(() => updateBook({ prequel: { update: { stock: 1 } } }), 'NOT_FOUND', [
      'data',
      'prequel',
      'update',
    ])
    await expectRefusal(() => updateBook({ prequel: { delete: true } }), 'NOT_FOUND', [
      'data',
      'prequel',
      'delete',
    ])
  })

  test('upsert creates where there is none', async () => {
    await updateBook({
      prequel: { upsert: { create: { title: 'Zero', authorId: ada }, update: { title: 'x' } } },
    })
    expect(
      await library.sql('SELECT p.title FROM books b JOIN books p ON p.id = b.prequel_id WHERE b.id = 11'),
    ).toEqual([{ title: 'Zero' }])
  })

  test('false means no', async () => {
    expect((await updateBook({ editor: { disconnect: false } })).errors).toEqual([])
    expect((await library.sql(bookState))[0]).toMatchObject({ bobs_edit: true })
  })

  test('two verbs at once and null are ValidationErrors', async () => {
    await expectRefusal(
      () => updateBook({ editor: { disconnect: true, connect: { email: 'ada' } } }),
      'VALIDATION',
      ['data', 'editor'],
    )
    await expectRefusal(() => updateBook({ editor: null }), 'VALIDATION', ['data', 'editor'])
  })
})

describe('one to one, the foreign key at the other end', () => {
  beforeEach(() => library.sql(`INSERT INTO "Profile" (id, bio, author_id) VALUES (1, 'x', '${ada}')`))

  test('update, upsert, delete', async () => {
    await updateAuthor({ profile: { update: { bio: 'y', home: { x: 1, y: 2 } } } })
    expect(await library.sql('SELECT bio, home FROM "Profile"')).toEqual([{ bio: 'y', home: { x: 1, y: 2 } }])
    await updateAuthor({ profile: { upsert: { create: { bio: 'a' }, update: { bio: 'z', home: null } } } })
    expect(await library.sql('SELECT bio, home FROM "Profile"')).toEqual([{ bio: 'z', home: null }])
    await updateAuthor({ profile: { delete: true } })
    await updateAuthor({ profile: { upsert: { create: { bio: 'a' }, update: { bio: 'z' } } } })
    expect(await library.sql('SELECT bio FROM "Profile"')).toEqual([{ bio: 'a' }])
  })

  test('a second one is refused where the first cannot be without', async () => {
    await expectRefusal(() => updateAuthor({ profile: { create: { bio: 'second' } } }), 'VALIDATION', [
      'data',
      'profile',
      'create',
    ])
  })

  test('connect of the one that is linked changes nothing', async () => {
    expect((await updateAuthor({ profile: { connect: { id: 1 } } })).errors).toEqual([])
  })

  test('disconnect is refused where the other cannot be without, and done where it can', async () => {
    await expectRefusal(() => updateAuthor({ profile: { disconnect: true } }), 'VALIDATION', [
      'data',
      'profile',
      'disconnect',
    ])
    await library.sql(`INSERT INTO "Badge" VALUES ('AAAA', '${ada}')`)
    expect((await updateAuthor({ badge: { disconnect: true } })).errors).toEqual([])
    expect(await library.sql('SELECT "authorId" FROM "Badge"')).toEqual([{ authorId: null }])
  })

  test('a new badge takes the place of the old one, which stays', async () => {
    await library.sql(`INSERT INTO "Badge" VALUES ('AAAA', '${ada}')`)
    expect((await updateAuthor({ badge: { create: { code: 'BBBB' } } })).errors).toEqual([])
    expect(await library.sql('SELECT code FROM "Badge" WHERE "authorId" IS NULL')).toEqual([{ code: 'AAAA' }])
  })
})

describe('many to many', () => {
  const subjectsOf = async (id: number) =>
    (await library.sql(linkState)).filter(row => row.book === id).map(row => row.subject)

  test.each([
    ['connect', { connect: [{ id: 3 }, { name: 'Math' }] }, [1, 2, 3]],
    ['disconnect', { disconnect: [{ id: 1 }] }, [2]],
    ['set', { set: [{ id: 2 }, { id: 3 }] }, [2, 3]],
    ['set to none', { set: [] }, []],
    ['set with connect', { set: [{ id: 2 }], connect: [{ id: 3 }] }, [2, 3]],
    ['delete', { delete: [{ id: 1 }] }, [2]],
    ['deleteMany', { deleteMany: [{ name: { startsWith: 'M' } }] }, []],
  ])('%s', async (_, subjects, expected) => {
    expect((await updateBook({ subjects })).errors).toEqual([])
    expect(await subjectsOf(11)).toEqual(expected)
    expect(await subjectsOf(21)).toEqual([3])
  })

  test('create and upsert link what they create', async () => {
    const upsert = [{ where: { name: 'Mice' }, create: { name: 'Mice' }, update: { name: 'x' } }]
    expect((await updateBook({ subjects: { create: [{ name: 'Men' }], upsert } })).errors).toEqual([])
    expect(await subjectsOf(11)).toHaveLength(4)
  })

  test('update and updateMany keep to linked rows', async () => {
    await updateBook({ subjects: { update: [{ where: { id: 1 }, data: { name: 'Maths' } }] } })
    await expectRefusal(
      () => updateBook({ subjects: { update: [{ where: { id: 3 }, data: { name: 'x' } }] } }),
      'NOT_FOUND',
      ['data', 'subjects', 'update', '0'],
    )
    await updateBook({ subjects: { updateMany: [{ where: { id: { gte: 2 } }, data: { name: 'Musics' } }] } })
    expect(await library.sql('SELECT name FROM "Subject" ORDER BY id')).toEqual(
      ['Maths', 'Musics', 'Maps'].map(name => ({ name })),
    )
  })

  test('disconnect of what is not linked is not found', async () => {
    await expectRefusal(() => updateBook({ subjects: { disconnect: [{ id: 1 }, { id: 3 }] } }), 'NOT_FOUND', [
      'data',
      'subjects',
      'disconnect',
      '1',
    ])
  })
})

describe('depth and rollback', () => {
  test('verbs at three levels', async () => {
    const data = {
      books: {
        update: [
          {
            where: { id: 11 },
            data: {
              reviews: {
                update: [
                  { where: { id: 1 }, data: { replies: { delete: [{ id: 2 }], create: [{ text: 'new' }] } } },
                ],
              },
              subjects: { disconnect: [{ id: 1 }] },
            },
          },
        ],
      },
    }
    expect((await updateAuthor(data)).errors).toEqual([])
    expect(await library.sql('SELECT text FROM "Reply" WHERE "reviewId" = 1 ORDER BY id')).toEqual([
      { text: 'a' },
      { text: 'new' },
    ])
  })

  test('an error at the third level undoes everything and says where it is', async () => {
    const replies = { create: [{ text: 'fine' }, { text: 'a' }] }
    const data = {
      name: 'Changed',
      profile: { create: { bio: 'x' } },
      books: {
        create: [{ title: 'New' }],
        update: [
          {
            where: { id: 11 },
            data: { subjects: { set: [] }, reviews: { update: [{ where: { id: 1 }, data: { replies } }] } },
          },
        ],
      },
    }
    const path = [
      'data',
      'books',
      'update',
      '0',
      'data',
      'reviews',
      'update',
      '0',
      'data',
      'replies',
      'create',
      '1',
    ]
    await expectRefusal(() => updateAuthor(data), 'UNIQUE', [...path, 'text'])
  })

  test('a foreign row at the third level is not found', async () => {
    const replies = { update: [{ where: { id: 3 }, data: { text: 'mine' } }] }
    const reviews = { update: [{ where: { id: 1 }, data: { replies } }] }
    const path = ['data', 'reviews', 'update', '0', 'data', 'replies', 'update', '0']
    await expectRefusal(() => updateBook({ reviews }), 'NOT_FOUND', path)
  })
})
