import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { createViewer, type Viewer } from '../../../src/engine/index.ts'
import { RefractError } from '../../../src/errors.ts'
import type { Library } from '../write/library.ts'
import { ann, asAnn, bob, createGuardedLibrary, policy, refill } from './shop.ts'

const isMine = (viewer: Viewer) => viewer.id !== null && { authorId: viewer.id }
const isShort = () => ({ pages: { lt: 20 } })

/**
 * Ann sees her books 1 and 2, of which she changes the short one, which has to stay short; the reviews 1 to 3; and of the
 * people herself.
 */
const policies = [
  policy('Book', {
    read: isMine,
    create: isShort,
    update: isShort,
    delete: isShort,
  }),
  policy('Author', { read: viewer => viewer.id !== null && { id: viewer.id } }),
  policy('Review', { read: () => ({ id: { lte: 3 } }), create: true, update: true, delete: true }),
  policy('Subject', { read: false, create: true }),
]

type Arguments = Readonly<Record<string, unknown>>
type Method = (args?: Arguments) => Promise<unknown>
type Client = Readonly<
  Record<'book' | 'author' | 'review' | 'subject' | 'shelf' | 'member', Readonly<Record<string, Method>>>
>

const id = { select: { id: true } }

describe('the client for custom code', () => {
  let library: Library
  beforeEach(async () => {
    library ??= await createGuardedLibrary(policies)
    await refill(library)
    await library.sql(`UPDATE books SET prequel_id = 4 WHERE id = 1`)
    await library.sql(`INSERT INTO "Shelf" (room, number) VALUES ('A', 1)`)
  })
  afterAll(() => library.close())

  const scopeOf = (viewer: Viewer = asAnn) =>
    library.engine.createContext({ viewer }).refract as unknown as {
      readonly client: Client & { $transaction: unknown }
      readonly database: Client
    }
  const client = () => scopeOf().client
  const call = (model: keyof Client, method: string, args?: Arguments) => {
    const found = client()[model][method]
    if (!found) throw new Error(`There is no ${method}.`)
    return found(args)
  }

  test.each<[string, keyof Client, Arguments, unknown]>([
    ['findMany', 'book', { ...id, orderBy: { id: 'asc' } }, [{ id: 1 }, { id: 2 }]],
    ['findMany', 'book', { ...id, where: { OR: [{ id: 1 }, { id: 3 }] } }, [{ id: 1 }]],
    ['findMany', 'book', { ...id, where: { id: { gte: 3 } } }, []],
    ['findFirst', 'book', { ...id, orderBy: { id: 'desc' } }, { id: 2 }],
    ['findFirst', 'book', { ...id, where: { id: 3 } }, null],
    ['findUnique', 'book', { ...id, where: { id: 1 } }, { id: 1 }],
    ['findUnique', 'book', { ...id, where: { id: 3 } }, null],
    ['findUnique', 'book', { ...id, where: { id: 3, OR: [{ id: 3 }], AND: { id: 3 } } }, null],
    ['findUnique', 'book', { ...id, where: { authorId_title: { authorId: bob, title: 'Bob one' } } }, null],
    ['findUniqueOrThrow', 'book', { ...id, where: { id: 2 } }, { id: 2 }],
    ['findFirstOrThrow', 'book', { ...id, where: { pages: 20 } }, { id: 2 }],
    ['count', 'book', {}, 2],
    ['count', 'book', { where: { NOT: { id: 1 } } }, 1],
    ['count', 'book', { select: { _all: true, isbn: true } }, { _all: 2, isbn: 2 }],
    ['aggregate', 'book', { _count: true, _max: { pages: true } }, { _count: 2, _max: { pages: 20 } }],
    ['groupBy', 'book', { by: ['authorId'], _count: true }, [{ authorId: ann, _count: 2 }]],
    // nobody may read what has no policy, or one that says no
    ['findMany', 'subject', {}, []],
    ['findFirst', 'shelf', {}, null],
    ['findUnique', 'shelf', { where: { room_number: { room: 'A', number: 1 } } }, null],
    ['count', 'shelf', {}, 0],
    ['aggregate', 'shelf', { _max: { number: true } }, { _max: { number: null } }],
    ['groupBy', 'shelf', { by: ['room'] }, []],
  ])('%s of %s with %j sees the rows that exist for the viewer', async (method, model, args, expected) => {
    expect(await call(model, method, args)).toEqual(expected)
  })

  test.each([
    ['findUniqueOrThrow', { where: { id: 3 } }],
    ['findUniqueOrThrow', { where: { id: 7 } }],
    ['findFirstOrThrow', { where: { id: 3 } }],
    ['update', { where: { id: 3 }, data: { stock: 1 } }],
    ['update', { where: { id: 7 }, data: { stock: 1 } }],
    ['delete', { where: { id: 3 } }],
    ['delete', { where: { id: 7 } }],
  ])('%s finds a hidden row as little as a missing one: %j', async (method, args) => {
    await expect(call('book', method, args)).rejects.toMatchObject({ code: 'P2025' })
  })

  describe('a selection', () => {
    test('lists and counts have the rows that exist for the viewer, at every depth', async () => {
      const nested = {
        select: { id: true, books: { ...id, orderBy: { id: 'asc' } }, _count: { select: { books: true } } },
      }
      const [row] = (await call('review', 'findMany', {
        where: { id: 3 },
        select: { id: true, reviewer: nested },
      })) as unknown[]
      expect(row).toEqual({
        id: 3,
        reviewer: { id: ann, books: [{ id: 1 }, { id: 2 }], _count: { books: 2 } },
      })
    })

    test.each<[string, Arguments, unknown]>([
      ['all counts', { _count: true }, { books: 2, edited: 0, reviews: 1 }],
      ['a count', { _count: { select: { edited: true } } }, { edited: 0 }],
      [
        'a count with a condition',
        { _count: { select: { books: { where: { id: { gt: 1 } } } } } },
        { books: 1 },
      ],
      ['a count with none', { _count: { select: { books: {} } } }, { books: 2 }],
    ])('%s', async (_, include, expected) => {
      expect(await call('author', 'findFirst', { include })).toMatchObject({ id: ann, _count: expected })
    })

    test('a row of a to-one relation that does not exist for the viewer is null, wherever it is', async () => {
      const found = await call('review', 'findMany', {
        orderBy: { id: 'asc' },
        include: { book: { include: { author: true, prequel: true } }, reviewer: { select: { name: true } } },
      })
      expect(found).toMatchObject([
        { id: 1, book: { id: 1, author: { id: ann }, prequel: null }, reviewer: null },
        { id: 2, book: { id: 2, author: { id: ann }, prequel: null }, reviewer: null },
        { id: 3, book: null, reviewer: { name: 'Ann' } },
      ])
      const [book] = (await call('book', 'findMany', {
        where: { id: 1 },
        select: { reviews: { select: { stars: true, reviewer: { select: { id: true } } } } },
      })) as unknown[]
      expect(book).toMatchObject({ reviews: [{ stars: 5, reviewer: null }] })
    })

    test('what is left out of a row does not matter', async () => {
      const omitted = { book: { omit: { id: true, title: true } } }
      const found = await call('review', 'findMany', { orderBy: { id: 'asc' }, include: omitted })
      expect(found).toMatchObject([{ book: { isbn: 'a1' } }, { book: { isbn: 'a2' } }, { book: null }])
      expect((found as { book: Arguments }[])[0]?.book).not.toHaveProperty('title')
      const made = await call('book', 'create', {
        data: { title: 'New', authorId: ann, pages: 5 },
        omit: { id: true, isbn: true },
      })
      expect(made).toMatchObject({ title: 'New' })
    })

    test('what a write gives back is narrowed down too', async () => {
      const data = { stars: 2 }
      const include = { book: true, reviewer: true }
      for (const [method, args] of [
        ['update', { where: { id: 3 }, data }],
        ['upsert', { where: { id: 3 }, create: { stars: 1, bookId: 1 }, update: data }],
        ['delete', { where: { id: 3 } }],
      ] as const) {
        expect(await call('review', method, { ...args, include })).toMatchObject({
          book: null,
          reviewer: { id: ann },
        })
      }
    })
  })

  describe('writing', () => {
    const rows = () => library.sql('SELECT id, title, stock, pages, author_id FROM books ORDER BY id')
    const forbidden = async (method: string, args: Arguments) => {
      const before = await rows()
      const failure = call('book', method, args)
      await expect(failure).rejects.toBeInstanceOf(RefractError)
      await expect(failure).rejects.toMatchObject({ code: 'FORBIDDEN' })
      expect(await rows()).toEqual(before)
    }

    const short = { title: 'X', authorId: ann, pages: 5 }
    const long = { title: 'Y', authorId: ann, pages: 50 }

    test.each<[string, Arguments]>([
      ['create', { data: long }],
      ['createMany', { data: [short, long] }],
      ['createManyAndReturn', { data: [short, long] }],
      ['update', { where: { id: 2 }, data: { stock: 1 } }],
      ['update', { where: { id: 1 }, data: { pages: 50 } }],
      ['update', { where: { id: 1 }, data: { pages: { increment: 50 } } }],
      ['updateMany', { data: { stock: 1 } }],
      ['updateMany', { where: { id: 1 }, data: { pages: 50 } }],
      ['updateManyAndReturn', { where: { id: { in: [1, 2, 3] } }, data: { stock: 1 } }],
      ['updateManyAndReturn', { where: { id: 1 }, data: { pages: { set: 50 } } }],
      ['upsert', { where: { id: 2 }, create: short, update: { stock: 1 } }],
      ['upsert', { where: { id: 1 }, create: short, update: { pages: 50 } }],
      ['upsert', { where: { id: 9 }, create: long, update: {} }],
      ['delete', { where: { id: 2 } }],
      ['deleteMany', {}],
    ])('%s is refused where the policy says no, and nothing is written: %j', async (method, args) => {
      await forbidden(method, args)
    })

    test('what is allowed is done', async () => {
      expect(await call('book', 'update', { where: { id: 1 }, data: { stock: 1 }, ...id })).toEqual({ id: 1 })
      expect(await call('book', 'updateMany', { where: { id: { in: [1, 3] } }, data: { stock: 2 } })).toEqual(
        { count: 1 },
      )
      expect(
        await call('book', 'updateManyAndReturn', {
          where: { id: { in: [1, 3] } },
          data: { stock: { increment: 1 } },
          select: { stock: true, author: { select: { name: true } } },
        }),
      ).toMatchObject([{ stock: 3, author: { name: 'Ann' } }])
      expect(await call('book', 'createMany', { data: [short] })).toEqual({ count: 1 })
      expect(await call('review', 'updateMany', { data: { stars: 1 }, limit: 2 })).toEqual({ count: 2 })
      expect(await call('review', 'deleteMany', { limit: 1 })).toEqual({ count: 1 })
      expect(await call('book', 'delete', { where: { id: 1 }, ...id })).toEqual({ id: 1 })
      expect(await library.sql('SELECT count(*)::int AS count FROM "Review" WHERE stars = 1')).toEqual([
        { count: 1 },
      ])
    })

    test('a key can be changed', async () => {
      const select = { id: true, title: true }
      expect(await call('review', 'update', { where: { id: 1 }, data: { id: 0 }, ...id })).toEqual({ id: 0 })
      expect(await call('review', 'updateMany', { where: { id: 0 }, data: { id: { set: 1 } } })).toEqual({
        count: 1,
      })
      expect(await call('book', 'findFirst', { select, orderBy: { id: 'asc' } })).toEqual({
        id: 1,
        title: 'Ann one',
      })
    })

    test('a foreign key refers to a row that exists for the viewer: a hidden one is as one that is missing', async () => {
      const asks: readonly (readonly [keyof Client, string, (key: number) => Arguments])[] = [
        ['review', 'create', key => ({ data: { stars: 1, bookId: key } })],
        [
          'review',
          'createMany',
          key => ({
            data: [
              { stars: 1, bookId: 1 },
              { stars: 1, bookId: key },
            ],
          }),
        ],
        ['review', 'update', key => ({ where: { id: 1 }, data: { bookId: key } })],
        ['review', 'updateMany', key => ({ where: { id: 1 }, data: { bookId: { set: key } } })],
        [
          'review',
          'upsert',
          key => ({ where: { id: 1 }, create: { stars: 1, bookId: 1 }, update: { bookId: key } }),
        ],
        ['book', 'update', key => ({ where: { id: 1 }, data: { prequelId: key } })],
      ]
      const digest = () => library.sql('SELECT id, book_id FROM "Review" ORDER BY id')
      const before = await digest()
      for (const [model, method, args] of asks) {
        await expect(call(model, method, args(3)), `${model}.${method}`).rejects.toThrow(
          /to refer to an existing Book/,
        )
        expect(await digest()).toEqual(before)
        await expect(call(model, method, args(2)), `${model}.${method}`).resolves.toBeDefined()
        await refill(library)
      }
    })

    test.each<[string, Arguments]>([
      ['create', { data: { title: 'X', author: { connect: { id: ann } } } }],
      ['createMany', { data: [{ title: 'X', authorId: ann, reviews: { create: [] } }] }],
      ['update', { where: { id: 1 }, data: { reviews: { deleteMany: {} } } }],
      [
        'upsert',
        { where: { id: 1 }, create: { title: 'X', authorId: ann }, update: { reviews: { deleteMany: {} } } },
      ],
      ['upsert', { where: { id: 1 }, create: { title: 'X', author: { create: {} } }, update: {} }],
    ])('%s with a nested write is refused: %j', async (method, args) => {
      expect(() => call('book', method, args)).toThrow(/rows are written one by one/)
    })

    test('a model without a policy cannot be written', async () => {
      const data = { room: 'B', number: 2 }
      await expect(call('shelf', 'create', { data })).rejects.toMatchObject({ code: 'FORBIDDEN' })
      const where = { room_number: { room: 'A', number: 1 } }
      await expect(call('shelf', 'update', { where, data })).rejects.toMatchObject({ code: 'P2025' })
      await expect(call('shelf', 'delete', { where })).rejects.toMatchObject({ code: 'P2025' })
      expect(await call('shelf', 'deleteMany')).toEqual({ count: 0 })
      expect(await call('shelf', 'updateMany', { data: { label: 'X' } })).toEqual({ count: 0 })
      expect(await library.sql('SELECT room, label FROM "Shelf"')).toEqual([{ room: 'A', label: null }])
    })
  })

  describe('a transaction', () => {
    const transaction = (work: (inner: Client) => Promise<unknown>) =>
      (client().$transaction as (work: unknown) => Promise<unknown>)(work)

    test('keeps to the policies, and is taken back as a whole', async () => {
      const failure = transaction(async inner => {
        expect(await inner.book.count?.()).toBe(2)
        await inner.review.update?.({ where: { id: 1 }, data: { stars: 1 } })
        await inner.book.update?.({ where: { id: 2 }, data: { stock: 1 } })
      })
      await expect(failure).rejects.toMatchObject({ code: 'FORBIDDEN' })
      expect(await library.sql('SELECT stars FROM "Review" WHERE id = 1')).toEqual([{ stars: 5 }])
    })

    test('what is refused is undone, even where the rest of the transaction goes on', async () => {
      await transaction(async inner => {
        const long = { title: 'Long', authorId: ann, pages: 50 }
        await expect(inner.book.create?.({ data: long })).rejects.toMatchObject({ code: 'FORBIDDEN' })
        const grown = inner.book.update?.({ where: { id: 1 }, data: { pages: 50 } })
        await expect(grown).rejects.toMatchObject({ code: 'FORBIDDEN' })
        await inner.review.update?.({ where: { id: 1 }, data: { stars: 1 } })
      })
      expect(await library.sql('SELECT stars FROM "Review" WHERE id = 1')).toEqual([{ stars: 1 }])
      expect(await library.sql('SELECT 1 FROM books WHERE pages = 50')).toEqual([])
    })

    test('inside of a transaction keeps to the policies as well, and there is no SQL', async () => {
      await transaction(async inner => {
        const nested = inner as unknown as {
          $transaction(work: (most: Client) => Promise<void>): Promise<void>
        }
        await nested.$transaction(async most => expect(await most.book.count?.()).toBe(2))
        expect(() => (inner as unknown as Record<string, unknown>).$queryRawUnsafe).toThrow(
          /knows no policies/,
        )
      })
    })

    test('of a list of promises is refused', () => {
      const run = client().$transaction as (work: unknown) => Promise<unknown>
      expect(() => run([])).toThrow(/takes a function/)
    })
  })

  test.each([
    ...[
      '$queryRaw',
      '$queryRawUnsafe',
      '$queryRawTyped',
      '$executeRaw',
      '$executeRawUnsafe',
      '$extends',
      '$parent',
    ],
    ...['_originalClient', '_engine', '_request', '_createPrismaPromise'],
  ])('%s is refused', name => {
    const found = client() as unknown as Record<string, unknown>
    expect(() => found[name]).toThrow(`${name} knows no policies.`)
  })

  test('every method of Prisma is there', () => {
    const { database } = scopeOf(createViewer({ isAdministrator: true }))
    const names = Object.keys(database.book).filter(
      name => !['name', '$name', '$parent', 'findRaw', 'aggregateRaw'].includes(name),
    )
    expect(names.filter(name => !(name in client().book))).toEqual([])
    expect(Object.keys(client().book).sort()).toEqual(names.sort())
  })

  test('an administrator has the client itself', () => {
    const { client: own, database } = scopeOf(createViewer({ isAdministrator: true }))
    expect(own).toBe(database)
  })

  test('the rows of one tick are each looked at by the policy', async () => {
    const found = await Promise.all(
      [1, 2, 3, 4].map(key => call('book', 'findUnique', { where: { id: key }, ...id })),
    )
    expect(found).toEqual([{ id: 1 }, { id: 2 }, null, null])
  })
})
