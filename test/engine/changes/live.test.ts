import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { countStatements } from '../../../src/database/index.ts'
import type { Viewer } from '../../../src/engine/index.ts'
import type { TestSubscription } from '../../support/engine.ts'
import { ann, asAnn, asBob, bob, policy } from '../policy/shop.ts'
import { createLibrary, type Library } from '../write/library.ts'

const policies = [
  policy('Author', { read: true }),
  policy('Book', {
    read: viewer =>
      viewer.id !== null && {
        OR: [{ authorId: viewer.id }, { reviews: { some: { reviewerId: viewer.id } } }],
      },
  }),
  policy('Review', { read: viewer => viewer.id !== null && { reviewerId: viewer.id } }),
]

describe('live queries', () => {
  let library: Library
  const open: TestSubscription[] = []
  beforeAll(async () => {
    library = await createLibrary(undefined, { policies }, { follows: true })
  })
  beforeEach(async () => {
    await library.clear()
    await library.sql(
      `INSERT INTO authors (id, email, name) VALUES ($1, 'ann@x.org', 'Ann'), ($2, 'bob@x.org', 'Bob')`,
      [ann, bob],
    )
    await library.sql(
      `INSERT INTO books (id, title, author_id, pages, updated_at) VALUES (1, 'One', $1, 10, now()), (2, 'Two', $2, 20, now())`,
      [ann, bob],
    )
  })
  afterEach(async () => {
    for (const subscription of open.splice(0)) await subscription.end()
  })
  afterAll(() => library.close())

  const subscribe = async (source: string, viewer?: Viewer) => {
    const subscription = await library.subscribe(`subscription { ${source} }`, {}, viewer)
    open.push(subscription)
    return subscription
  }
  const next = async (subscription: TestSubscription) => {
    const result = await subscription.next()
    expect(result?.errors).toBeUndefined()
    return Object.values(result?.data ?? {})[0]
  }

  test('answer at once, and anew when the answer is another one', async () => {
    const list = await subscribe(
      'booksLive(where: { pages: { gte: 15 } }, orderBy: [{ id: ASC }]) { totalCount nodes { id title author { name } } }',
    )
    const two = { id: 2, title: 'Two', author: { name: 'Bob' } }
    expect(await next(list)).toEqual({ totalCount: 1, nodes: [two] })
    // a change that does not show
    await library.sql('UPDATE books SET pages = 11 WHERE id = 1')
    await library.sql(`UPDATE authors SET name = 'Bobby' WHERE name = 'Bob'`)
    const renamed = { ...two, author: { name: 'Bobby' } }
    expect(await next(list)).toEqual({ totalCount: 1, nodes: [renamed] })
    await library.sql('UPDATE books SET pages = 16 WHERE id = 1')
    expect(await next(list)).toEqual({
      totalCount: 2,
      nodes: [{ id: 1, title: 'One', author: { name: 'Ann' } }, renamed],
    })
  })

  test('of one object tell of its coming and going', async () => {
    const book = await subscribe('bookLive(where: { id: 3 }) { title }')
    expect(await next(book)).toBeNull()
    await library.sql(`INSERT INTO books (id, title, author_id, updated_at) VALUES (3, 'Three', $1, now())`, [
      ann,
    ])
    expect(await next(book)).toEqual({ title: 'Three' })
    await library.sql('DELETE FROM books WHERE id = 3')
    expect(await next(book)).toBeNull()
  })

  test('change with what the policy looks at', async () => {
    const list = await subscribe('booksLive(orderBy: [{ id: ASC }]) { nodes { id } }', asAnn)
    expect(await next(list)).toEqual({ nodes: [{ id: 1 }] })
    await library.sql(
      `INSERT INTO "Review" (id, stars, book_id, reviewer_id, "updatedAt") VALUES (1, 5, 2, $1, now())`,
      [ann],
    )
    expect(await next(list)).toEqual({ nodes: [{ id: 1 }, { id: 2 }] })
  })

  test('that are equal run once, and come together under load', async () => {
    const asked = 'booksLive { totalCount }'
    const all = await Promise.all(Array.from({ length: 50 }, () => subscribe(asked)))
    const { result, queries } = await countStatements(async () => {
      const firsts = await Promise.all(all.map(next))
      for (let id = 10; id < 30; id += 1) {
        await library.sql('INSERT INTO books (id, title, author_id, updated_at) VALUES ($1, $2, $3, now())', [
          id,
          `B${id}`,
          ann,
        ])
      }
      const lasts = await Promise.all(
        all.map(async one => {
          let count = 0
          while (count < 22) count = ((await next(one)) as { totalCount: number }).totalCount
          return count
        }),
      )
      return [...firsts, ...lasts]
    })
    expect(result).toEqual([...all.map(() => ({ totalCount: 2 })), ...all.map(() => 22)])
    expect(queries.length).toBeLessThan(20)
  })

  test('of viewers with other rights are others, also where nothing in them says so', async () => {
    await library.sql(
      `INSERT INTO books (id, title, author_id, updated_at) VALUES (5, 'Five', $1, now()), (6, 'Six', $1, now())`,
      [bob],
    )
    const source = 'booksLive { totalCount }'
    const all = [await subscribe(source, asAnn), await subscribe(source, asBob), await subscribe(source)]
    expect(await Promise.all(all.map(next))).toEqual([1, 3, 4].map(totalCount => ({ totalCount })))
  })

  test('say what is wrong with them', async () => {
    const wrong = await subscribe('booksLive(first: 1000) { totalCount }')
    expect((await wrong.next())?.errors?.[0]?.message).toContain('0 to 100 rows')
  })
})

describe('live queries of viewers whose rights change', () => {
  const strangers = new Set<string | null>()
  let library: Library
  beforeAll(async () => {
    const policies = [
      policy('Author', { read: viewer => !strangers.has(viewer.id) }),
      policy('Book', { read: true }),
    ]
    library = await createLibrary(undefined, { policies }, { follows: true })
  })
  afterAll(() => library.close())
  afterEach(() => {
    vi.restoreAllMocks()
    strangers.clear()
  })

  test('are shared no longer, also where the first of them has lost hers', async () => {
    await library.sql(`INSERT INTO authors (id, email, name) VALUES ($1, 'ann@x.org', 'Ann')`, [ann])
    await library.sql(`INSERT INTO books (id, title, author_id, updated_at) VALUES (1, 'One', $1, now())`, [
      ann,
    ])
    const source = 'subscription { bookLive(where: { id: 1 }) { title author { name } } }'
    const both = [await library.subscribe(source, {}, asBob), await library.subscribe(source, {}, asAnn)]
    const heard = async () => {
      const results = await Promise.all(both.map(subscription => subscription.next()))
      return results.map(result => result?.data.bookLive)
    }
    const one = { title: 'One', author: { name: 'Ann' } }
    expect(await heard()).toEqual([one, one])
    strangers.add(bob)
    const now = performance.now.bind(performance)
    vi.spyOn(performance, 'now').mockImplementation(() => now() + 1_001)
    await library.sql(`UPDATE books SET title = 'Uno'`)
    expect(await heard()).toEqual([
      { title: 'Uno', author: null },
      { title: 'Uno', author: { name: 'Ann' } },
    ])
    for (const subscription of both) await subscription.end()
  })
})
