import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { Policy, Viewer } from '../../../src/engine/index.ts'
import { errors, type Library } from '../write/library.ts'
import { ann, asAnn, bob, createGuardedLibrary, policy, refill } from './shop.ts'

const isMine = (viewer: Viewer) => viewer.id !== null && { authorId: viewer.id }
const isMyReview = (viewer: Viewer) => viewer.id !== null && { reviewerId: viewer.id }
const isMyReply = () => ({ text: { startsWith: 'Ann' } })
const isOpen = (column: string) => () => ({ NOT: { [column]: { startsWith: 'Secret' } } })
const isOf = (column: string, value: string) => () => ({ [column]: value })

/** Everybody sees everything but what is secret, and changes what is her or his own. */
const policies: readonly Policy[] = [
  policy('Author', { read: true, update: viewer => viewer.id !== null && { id: viewer.id } }),
  policy('Book', { read: isOpen('title'), create: isMine, update: isMine, delete: isMine }),
  policy('Review', { read: isOpen('text'), create: isMyReview, update: isMyReview, delete: isMyReview }),
  policy('Reply', { read: isOpen('text'), create: isMyReply, update: isMyReply, delete: isMyReply }),
  policy('Subject', { read: true, update: isOf('name', 'Open'), delete: isOf('name', 'Open') }),
  policy('Badge', { read: true, create: true, update: isOf('code', 'anns'), delete: isOf('code', 'anns') }),
  policy('Profile', { read: true, create: true, update: isOf('bio', 'Ann'), delete: isOf('bio', 'Ann') }),
]

const tables = [
  'authors',
  'books',
  '"Review"',
  '"Reply"',
  '"Subject"',
  '"Badge"',
  '"Profile"',
  '"_BookToSubject"',
]

/** Ann's books are 1 and 2, which is the sequel; she edits 3 and the secret 8. What is not hers is Bob's. */
async function fill(library: Library): Promise<void> {
  await refill(library)
  await library.sql(`
    UPDATE books SET prequel_id = 1 WHERE id = 2;
    UPDATE books SET editor_id = '${bob}' WHERE id IN (1, 2);
    INSERT INTO books (id, title, author_id, editor_id, updated_at) VALUES
      (8, 'Secret one', '${bob}', '${ann}', now()), (9, 'Secret two', '${bob}', NULL, now());
    INSERT INTO "Review" (id, stars, text, book_id, reviewer_id, "updatedAt") VALUES
      (8, 1, 'Secret one', 1, '${bob}', now()), (9, 1, 'Secret two', 4, '${bob}', now()),
      (11, 5, '', 1, '${ann}', now());
    INSERT INTO "Reply" (id, text, "reviewId") VALUES
      (1, 'Bob one', 11), (4, 'Bob two', 1), (8, 'Secret one', 11), (9, 'Secret two', 1);
    INSERT INTO "Subject" (id, name) VALUES (1, 'Closed'), (2, 'Shut'), (3, 'Open');
    INSERT INTO "_BookToSubject" ("A", "B") VALUES (1, 1), (2, 1);
    INSERT INTO "Badge" (code, "authorId") VALUES ('anns', NULL), ('bobs', '${bob}');
    INSERT INTO "Profile" (id, bio, author_id) VALUES (2, 'Bob', '${bob}');
    SELECT setval(pg_get_serial_sequence('"Reply"', 'id'), 100)`)
}

/** A list some levels below Ann, whose holders are all her own and in which there are rows of Bob. */
interface Level {
  readonly depth: number
  /** Ann changed, with something done to the list. */
  wrap(relation: string): string
  /** All that are linked and that Ann sees: the first is not hers. */
  readonly linked: readonly number[]
  readonly unlinked: number
  readonly hiddenLinked: number
  readonly hiddenUnlinked: number
  /** A change and a new row, neither of which Ann may make. */
  readonly change: string
  readonly create: string
  /** A link can be given up without the row. */
  readonly isOptional: boolean
}

const levels: readonly Level[] = [
  {
    depth: 1,
    wrap: relation => `edited: { ${relation} }`,
    linked: [3],
    unlinked: 4,
    hiddenLinked: 8,
    hiddenUnlinked: 9,
    change: '{ title: "Taken" }',
    create: `{ title: "Taken", authorId: "${bob}" }`,
    isOptional: true,
  },
  {
    depth: 2,
    wrap: relation => `books: { update: [{ where: { id: 1 }, data: { reviews: { ${relation} } } }] }`,
    linked: [1, 11],
    unlinked: 4,
    hiddenLinked: 8,
    hiddenUnlinked: 9,
    change: '{ text: "Taken" }',
    create: `{ stars: 1, reviewerId: "${bob}" }`,
    isOptional: false,
  },
  {
    depth: 3,
    wrap: relation =>
      `books: { update: [{ where: { id: 1 }, data: { reviews: { update: [{ where: { id: 11 }, data: { replies: { ${relation} } } }] } } }] }`,
    linked: [1],
    unlinked: 4,
    hiddenLinked: 8,
    hiddenUnlinked: 9,
    change: '{ text: "Taken" }',
    create: '{ text: "Taken" }',
    isOptional: false,
  },
]

const keys = (ids: readonly number[]) => ids.map(id => `{ id: ${id} }`).join(', ')
const first = ({ linked }: Level) => linked[0] ?? 0

/** What is done with the list, and how it is refused; another way where a link cannot be given up. */
const verbs: readonly (readonly [
  name: string,
  relation: (level: Level) => string,
  refusal: string,
  requiredRefusal: string | null,
])[] = [
  ['connect', level => `connect: [{ id: ${level.unlinked} }]`, 'ForbiddenError', null],
  [
    'connectOrCreate',
    level => `connectOrCreate: [{ where: { id: ${level.unlinked} }, create: ${level.create} }]`,
    'ForbiddenError',
    null,
  ],
  ['create', level => `create: [${level.create}]`, 'ForbiddenError', null],
  ['set to nothing', () => 'set: []', 'ForbiddenError', 'ValidationError'],
  ['set to more', level => `set: [${keys([...level.linked, level.unlinked])}]`, 'ForbiddenError', null],
  ['disconnect', level => `disconnect: [{ id: ${first(level)} }]`, 'ForbiddenError', 'ValidationError'],
  [
    'update',
    level => `update: [{ where: { id: ${first(level)} }, data: ${level.change} }]`,
    'ForbiddenError',
    null,
  ],
  [
    'update with nothing',
    level => `update: [{ where: { id: ${first(level)} }, data: {} }]`,
    'ForbiddenError',
    null,
  ],
  [
    'upsert',
    level => `upsert: [{ where: { id: ${first(level)} }, create: ${level.create}, update: ${level.change} }]`,
    'ForbiddenError',
    null,
  ],
  ['delete', level => `delete: [{ id: ${first(level)} }]`, 'ForbiddenError', null],
  ['updateMany', level => `updateMany: [{ where: {}, data: ${level.change} }]`, 'ForbiddenError', null],
  [
    'updateMany of one',
    level => `updateMany: [{ where: { id: { equals: ${first(level)} } }, data: ${level.change} }]`,
    'ForbiddenError',
    null,
  ],
  ['deleteMany', () => 'deleteMany: [{}]', 'ForbiddenError', null],
  ['deleteMany of one', level => `deleteMany: [{ id: { equals: ${first(level)} } }]`, 'ForbiddenError', null],
  ['connect of a hidden row', level => `connect: [{ id: ${level.hiddenUnlinked} }]`, 'NotFoundError', null],
  [
    'connectOrCreate of a hidden row',
    level => `connectOrCreate: [{ where: { id: ${level.hiddenUnlinked} }, create: ${level.create} }]`,
    'ForbiddenError',
    null,
  ],
  [
    'set to a hidden row',
    level => `set: [${keys([...level.linked, level.hiddenUnlinked])}]`,
    'NotFoundError',
    null,
  ],
  [
    'set to a hidden row that is linked',
    level => `set: [${keys([...level.linked, level.hiddenLinked])}]`,
    'NotFoundError',
    null,
  ],
  [
    'disconnect of a hidden row',
    level => `disconnect: [{ id: ${level.hiddenLinked} }]`,
    'NotFoundError',
    'ValidationError',
  ],
  [
    'update of a hidden row',
    level => `update: [{ where: { id: ${level.hiddenLinked} }, data: ${level.change} }]`,
    'NotFoundError',
    null,
  ],
  [
    'upsert of a hidden row',
    level =>
      `upsert: [{ where: { id: ${level.hiddenLinked} }, create: ${level.create}, update: ${level.change} }]`,
    'ForbiddenError',
    null,
  ],
  ['delete of a hidden row', level => `delete: [{ id: ${level.hiddenLinked} }]`, 'NotFoundError', null],
]

describe('attack Nested-write escalation', () => {
  let library: Library
  beforeEach(async () => {
    library ??= await createGuardedLibrary(policies)
    await fill(library)
  })
  afterAll(() => library.close())

  const digest = () => Promise.all(tables.map(table => library.sql(`SELECT * FROM ${table} ORDER BY 1, 2`)))

  /** Ann changes herself and more along with it: refused, and nothing of it is written. */
  const expectRefused = async (data: string, type: string) => {
    const before = await digest()
    const field = `updateAuthor(where: { id: "${ann}" }, data: { name: "Changed", ${data} }) { author { id } ${errors} }`
    const payload = await library.mutate(field, {}, asAnn)
    expect(payload).toMatchObject({ author: null, errors: [{ __typename: type }] })
    expect(await digest()).toEqual(before)
  }

  describe.each(levels)('at depth $depth', level => {
    test.each(verbs)(
      '%s is refused, and all is taken back',
      async (_, relation, refusal, requiredRefusal) => {
        const type = level.isOptional ? refusal : (requiredRefusal ?? refusal)
        await expectRefused(level.wrap(relation(level)), type)
      },
    )

    test.each([
      ['updateMany', (filter: string) => `updateMany: [{ where: ${filter}, data: ${level.change} }]`],
      ['deleteMany', (filter: string) => `deleteMany: [${filter}]`],
    ])('%s passes hidden rows over', async (_, relation) => {
      const before = await digest()
      const data = level.wrap(relation(`{ id: { gte: 8, lte: 9 } }`))
      const field = `updateAuthor(where: { id: "${ann}" }, data: { ${data} }) { author { id } ${errors} }`
      expect(await library.mutate(field, {}, asAnn)).toEqual({ author: { id: ann }, errors: [] })
      const withoutMarks = (rows: readonly Record<string, unknown>[]) =>
        rows.map(({ version: _version, updated_at: _updated, updatedAt: _updatedAt, ...row }) => row)
      expect((await digest()).map(withoutMarks)).toEqual(before.map(withoutMarks))
    })
  })

  const ways: readonly (readonly [depth: number, wrap: (relation: string) => string])[] = [
    [2, relation => `books: { update: [{ where: { id: 1 }, data: { ${relation} } }] }`],
    [
      3,
      relation =>
        `books: { update: [{ where: { id: 1 }, data: { sequels: { update: [{ where: { id: 2 }, data: { ${relation} } }] } } }] }`,
    ],
  ]
  const related: readonly (readonly [name: string, relation: string])[] = [
    ['a foreign row that a foreign key refers to', 'editor: { update: { name: "Taken" } }'],
    ['many-to-many: connect', 'subjects: { connect: [{ id: 2 }] }'],
    ['many-to-many: disconnect', 'subjects: { disconnect: [{ id: 1 }] }'],
    ['many-to-many: set to nothing', 'subjects: { set: [] }'],
    ['many-to-many: set to another', 'subjects: { set: [{ id: 1 }, { id: 2 }] }'],
    ['many-to-many: update', 'subjects: { update: [{ where: { id: 1 }, data: { name: "Taken" } }] }'],
    ['many-to-many: delete', 'subjects: { delete: [{ id: 1 }] }'],
    ['many-to-many: updateMany', 'subjects: { updateMany: [{ where: {}, data: { name: "Taken" } }] }'],
    ['many-to-many: deleteMany', 'subjects: { deleteMany: [{}] }'],
  ]
  test.each(
    ways.flatMap(([depth, wrap]) =>
      related.map(([name, relation]) => [depth, name, wrap(relation)] as const),
    ),
  )('at depth %i: %s is refused, and all is taken back', async (_, __, data) => {
    await expectRefused(data, 'ForbiddenError')
  })

  test.each([
    ['a badge that another one has', 'badge: { connect: { code: "bobs" } }'],
    ['a profile that another one has', 'profile: { connect: { id: 2 } }'],
    ['one or a new one', 'badge: { connectOrCreate: { where: { code: "bobs" }, create: { code: "new" } } }'],
  ])('one to one: taking %s is refused', async (_, data) => {
    await expectRefused(data, 'ForbiddenError')
  })

  test('one to one: a row is not taken from one that is not hers, by the end that has the key', async () => {
    const before = await digest()
    const field = `updateBadge(where: { code: "anns" }, data: { author: { connect: { id: "${bob}" } } }) { badge { code } ${errors} }`
    expect(await library.mutate(field, {}, asAnn)).toMatchObject({
      errors: [{ __typename: 'ForbiddenError' }],
    })
    expect(await digest()).toEqual(before)
  })
})

describe('attack Nested-write escalation: fields and presets', () => {
  const isOwnBio = { code: 'anns' }
  let library: Library
  beforeEach(async () => {
    library ??= await createGuardedLibrary([
      policy('Author', { read: true, update: true, create: true }),
      policy('Book', {
        read: true,
        create: true,
        update: true,
        presets: { create: viewer => ({ authorId: viewer.id }), update: viewer => ({ editorId: viewer.id }) },
        fields: { shelfRoom: { write: false }, prequelId: { update: () => ({ title: 'Ann one' }) } },
      }),
      policy('Shelf', { read: true, update: true, create: true }),
      policy('Review', { read: true, create: true, update: true, fields: { bookId: { create: false } } }),
      policy('Subject', { read: true, create: true, update: true, fields: { books: { write: false } } }),
      policy('Badge', { read: () => isOwnBio, create: true, update: true }),
      policy('Profile', { read: false, create: true }),
    ])
    await refill(library)
    await library.sql(`
      INSERT INTO "Shelf" (room, number) VALUES ('A', 1);
      INSERT INTO "Badge" (code, "authorId") VALUES ('anns', NULL), ('hide', '${ann}');
      INSERT INTO "Subject" (id, name) VALUES (1, 'Hills')`)
  })
  afterAll(() => library.close())

  const update = (data: string) => `updateBook(where: { id: 2 }, data: { ${data} }) { book { id } ${errors} }`

  test.each([
    [
      'a foreign key by its relation',
      `mutation { ${update('shelf: { connect: { room_number: { room: "A", number: 1 } } }')} }`,
    ],
    ['a foreign key by a new row', `mutation { ${update('shelf: { create: { room: "B", number: 2 } }')} }`],
    [
      'a foreign key of a new row inside of its parent',
      `mutation { ${update('reviews: { create: [{ stars: 1 }] }')} }`,
    ],
    [
      'one or a new row inside of its parent',
      `mutation { ${update('reviews: { connectOrCreate: [{ where: { id: 1 }, create: { stars: 1 } }] }')} }`,
    ],
    [
      'the other end of a many-to-many relation',
      `mutation { ${update('subjects: { connect: [{ id: 1 }] }')} }`,
    ],
    [
      'a new row of a many-to-many relation',
      `mutation { ${update('subjects: { create: [{ name: "New" }] }')} }`,
    ],
    [
      'the relation of a preset',
      `mutation { createBook(data: { title: "New", author: { connect: { id: "${bob}" } } }) { ${errors} } }`,
    ],
    ['a preset', `mutation { createBook(data: { title: "New", authorId: "${bob}" }) { ${errors} } }`],
  ])('what may not be given is not there either way: %s', async (_, source) => {
    const answer = await library.query(source, {}, asAnn)
    expect(answer.errors?.[0]?.message).toContain('is not defined')
    expect(answer.statements).toEqual([])
  })

  test('a rule for a foreign key in some rows is asked of its relation too', async () => {
    const data = 'prequel: { connect: { id: 3 } }'
    expect(await library.mutate(update(data), {}, asAnn)).toMatchObject({
      errors: [{ __typename: 'ForbiddenError' }],
    })
    const other = update(data).replace('id: 2', 'id: 1')
    expect(await library.mutate(other, {}, asAnn)).toEqual({ book: { id: 1 }, errors: [] })
  })

  test.each([
    [
      'a preset of a create, by the parent that a row is created in',
      `books: { create: [{ title: "By Bob" }] }`,
      bob,
    ],
    ['a preset of an update, by the parent that a row is linked to', 'edited: { connect: [{ id: 1 }] }', bob],
  ])('%s is kept', async (_, data, id) => {
    const before = await library.sql('SELECT * FROM books ORDER BY id')
    const field = `updateAuthor(where: { id: "${id}" }, data: { ${data} }) { author { id } ${errors} }`
    expect(await library.mutate(field, {}, asAnn)).toMatchObject({
      author: null,
      errors: [{ __typename: 'ForbiddenError', message: expect.stringContaining('is not yours to choose') }],
    })
    expect(await library.sql('SELECT * FROM books ORDER BY id')).toEqual(before)
  })

  test('the parent may be what the preset says', async () => {
    const data = `books: { create: [{ title: "By Ann" }] }, edited: { connect: [{ id: 4 }] }`
    const field = `updateAuthor(where: { id: "${ann}" }, data: { ${data} }) { author { books { totalCount } edited { totalCount } } ${errors} }`
    expect(await library.mutate(field, {}, asAnn)).toEqual({
      author: { books: { totalCount: 3 }, edited: { totalCount: 2 } },
      errors: [],
    })
  })

  test('a link writes the presets of an update', async () => {
    const field = `updateAuthor(where: { id: "${bob}" }, data: { books: { connect: [{ id: 1 }] } }) { author { id } ${errors} }`
    expect(await library.mutate(field, {}, asAnn)).toMatchObject({ errors: [] })
    expect(await library.sql('SELECT author_id, editor_id FROM books WHERE id = 1')).toEqual([
      { author_id: bob, editor_id: ann },
    ])
  })

  test.each([
    [
      'connect',
      `updateAuthor(where: { id: "${ann}" }, data: { badge: { connect: { code: "anns" } } }) { ${errors} }`,
    ],
    [
      'create',
      `updateAuthor(where: { id: "${ann}" }, data: { badge: { create: { code: "new" } } }) { ${errors} }`,
    ],
    [
      'the other end',
      `updateBadge(where: { code: "anns" }, data: { author: { connect: { id: "${ann}" } } }) { ${errors} }`,
    ],
    ['the column', `updateBadge(where: { code: "anns" }, data: { authorId: "${ann}" }) { ${errors} }`],
  ])('a place that a hidden row has is taken, and no more is said of it: %s', async (_, field) => {
    const payload = await library.mutate(field, {}, asAnn)
    expect(payload.errors).toMatchObject([
      {
        __typename: 'UniqueError',
        message: 'Expected values that no other Badge has; one with the same authorId exists.',
      },
    ])
    expect(await library.sql(`SELECT code FROM "Badge" WHERE "authorId" IS NOT NULL`)).toEqual([
      { code: 'hide' },
    ])
  })

  test('a row of a kind that one never sees can be created inside of another', async () => {
    const field = `updateAuthor(where: { id: "${ann}" }, data: { profile: { create: { bio: "Mine" } } }) { author { id } ${errors} }`
    expect(await library.mutate(field, {}, asAnn)).toEqual({ author: { id: ann }, errors: [] })
  })
})

describe('a version that is hidden in some rows', () => {
  let library: Library
  beforeEach(async () => {
    library ??= await createGuardedLibrary([
      policy('Book', { read: true, update: true, delete: true, fields: { updatedAt: { read: isMine } } }),
    ])
    await refill(library)
  })
  afterAll(() => library.close())

  test.each([
    ['update', 'updateBook(where: { id: 3 }, data: { title: "X" }, ifVersion: $version)'],
    ['delete', 'deleteBook(where: { id: 3 }, ifVersion: $version)'],
  ])('attack Hidden-field oracle through ifVersion: %s', async (_, field) => {
    const [row] = await library.sql<{ updated_at: Date }>('SELECT updated_at FROM books WHERE id = 3')
    const right = row?.updated_at.toISOString()
    const told: unknown[] = []
    for (const version of [right, 'another']) {
      const payload = await library.mutate(
        `${field} { book { version } ${errors} }`,
        { 'version: String': version },
        asAnn,
      )
      told.push(payload)
    }
    expect(told[0]).toMatchObject({ errors: [{ __typename: 'ValidationError', path: ['ifVersion'] }] })
    expect(told[1]).toEqual(told[0])
    expect(JSON.stringify(told)).not.toContain(right?.slice(0, 10))
  })

  test('it is compared where it can be read', async () => {
    const { data } = await library.query('{ book(where: { id: 1 }) { version } }', {}, asAnn)
    const field = 'updateBook(where: { id: 1 }, data: { title: "X" }, ifVersion: $version)'
    const mutate = () =>
      library.mutate(`${field} { book { title } ${errors} }`, { 'version: String': data.book.version }, asAnn)
    expect(await mutate()).toEqual({ book: { title: 'X' }, errors: [] })
    expect(await mutate()).toMatchObject({ book: null, errors: [{ __typename: 'ConflictError' }] })
  })
})
