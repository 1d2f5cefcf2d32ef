import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { countStatements } from '../../../src/database/index.ts'
import { createViewer, type Viewer } from '../../../src/engine/index.ts'
import type { TestSubscription } from '../../support/engine.ts'
import { ann, asAnn, asBob, bob, policy } from '../policy/shop.ts'
import { createLibrary, type Library } from '../write/library.ts'

/** Who may see a book: its author, and whoever has reviewed it; its stock only its editor; its isbn nobody. */
const policies = [
  policy('Author', { read: true }),
  policy('Book', {
    read: viewer =>
      viewer.id !== null && {
        OR: [{ authorId: viewer.id }, { reviews: { some: { reviewerId: viewer.id } } }],
      },
    fields: { isbn: false, stock: { read: viewer => viewer.id !== null && { editorId: viewer.id } } },
  }),
  policy('Review', { read: viewer => viewer.id !== null && { book: { authorId: viewer.id } } }),
]

const matches = (statements: readonly string[]) =>
  statements.filter(sql => sql.includes('jsonb_populate_record'))

describe('subscriptions to changes', () => {
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
  })
  afterEach(async () => {
    for (const subscription of open.splice(0)) await subscription.end()
  })
  afterAll(() => library.close())

  const subscribe: Library['subscribe'] = async (...given) => {
    const subscription = await library.subscribe(...given)
    open.push(subscription)
    return subscription
  }
  const books = (selection: string, args = '', viewer?: Viewer) =>
    subscribe(`subscription { bookChanged${args} { ${selection} } }`, {}, viewer)
  const addBook = (id: number, title: string, author = ann) =>
    library.sql('INSERT INTO books (id, title, author_id, updated_at) VALUES ($1, $2, $3, now())', [
      id,
      title,
      author,
    ])
  const next = async (subscription: TestSubscription) => {
    const result = await subscription.next()
    expect(result?.errors).toBeUndefined()
    return result?.data.bookChanged
  }

  test('tell of what anybody writes, in order, with the row as it is then', async () => {
    const changes = await books('type changedFields nodeId node { id title author { name } }')
    await addBook(1, 'One')
    expect(await next(changes)).toMatchObject({ type: 'CREATED', changedFields: [], node: { title: 'One' } })
    await library.mutate('updateBook(where: { id: 1 }, data: { title: "Uno" }) { book { id } }')
    expect(await next(changes)).toMatchObject({
      type: 'UPDATED',
      changedFields: ['title', 'updatedAt'],
      node: { id: 1, title: 'Uno', author: { name: 'Ann' } },
    })
    await library.sql('DELETE FROM books WHERE id = 1')
    expect(await next(changes)).toEqual({
      type: 'DELETED',
      changedFields: [],
      nodeId: Buffer.from('["Book",1]').toString('base64url'),
      node: null,
    })
  })

  test('tell nothing of what was there before, or was rolled back, or changed nothing', async () => {
    await addBook(1, 'One')
    const changes = await books('type node { id }')
    await library.sql(`BEGIN; DELETE FROM books; ROLLBACK; UPDATE books SET title = title; INSERT INTO books
      (id, title, author_id, updated_at) SELECT 2, 'Two', author_id, now() FROM books`)
    expect(await next(changes)).toEqual({ type: 'CREATED', node: { id: 2 } })
  })

  test('go on after a cursor, with neither a gap nor a repetition', async () => {
    const changes = await books('cursor node { id }')
    for (const id of [1, 2, 3]) await addBook(id, `Book ${id}`)
    const cursors = [await next(changes), await next(changes)].map(event => event.cursor)
    await changes.end()
    await addBook(4, 'Book 4')
    const again = await subscribe(
      'subscription ($after: String) { bookChanged(after: $after) { node { id } } }',
      { after: cursors[1] },
    )
    expect([await next(again), await next(again)].map(event => event.node.id)).toEqual([3, 4])
    await addBook(5, 'Book 5')
    expect(await next(again)).toEqual({ node: { id: 5 } })
  })

  test('refuse a cursor whose changes are no longer kept, and what is no cursor', async () => {
    const changes = await books('cursor')
    await addBook(1, 'One')
    const { cursor } = await next(changes)
    await addBook(2, 'Two')
    await library.engine.changes.prune(-1)
    const expired = await books('cursor', `(after: "${cursor}")`)
    expect((await expired.next())?.errors?.[0]?.message).toContain('no longer kept')
    expect(await expired.next()).toBeUndefined()
    await expect(books('cursor', '(after: "x")')).rejects.toThrow('expected the cursor of an event; "x" came')
  })

  test('tell of rows that come to match a filter and that leave it', async () => {
    const changes = await books('type changedFields node { id }', '(where: { title: { startsWith: "A" } })')
    await addBook(1, 'Bee')
    await library.sql(`UPDATE books SET title = 'Ant' WHERE id = 1`)
    await library.sql(`UPDATE books SET title = 'Ape' WHERE id = 1`)
    await library.sql(`UPDATE books SET title = 'Cat' WHERE id = 1`)
    const seen = [await next(changes), await next(changes), await next(changes)]
    expect(seen.map(({ type }) => type)).toEqual(['ENTERED', 'UPDATED', 'LEFT'])
    expect(seen.map(({ changedFields }) => changedFields)).toEqual([['title'], ['title'], ['title']])
  })

  test('can be of some kinds of changes only', async () => {
    const changes = await books('type', '(types: [DELETED])')
    await addBook(1, 'One')
    await library.sql('DELETE FROM books')
    expect(await next(changes)).toEqual({ type: 'DELETED' })
  })

  test('a changed key is another row', async () => {
    const changes = await books('type nodeId')
    await addBook(1, 'One')
    await library.sql('UPDATE books SET id = 9')
    const seen = [await next(changes), await next(changes), await next(changes)]
    expect(seen.map(({ type }) => type)).toEqual(expect.arrayContaining(['CREATED', 'DELETED', 'CREATED']))
    expect(new Set(seen.map(({ nodeId }) => nodeId)).size).toBe(2)
  })

  test('tell each viewer what he or she may see, and what entered and left it', async () => {
    const [anns, bobs] = await Promise.all([
      books('type changedFields node { id }', '', asAnn),
      books('type changedFields node { id }', '', asBob),
    ])
    await addBook(1, 'Of Ann')
    await addBook(2, 'Of Bob', bob)
    await library.sql('UPDATE books SET author_id = $1 WHERE id = 1', [bob])
    expect([await next(anns), await next(anns)]).toEqual([
      { type: 'CREATED', changedFields: [], node: null },
      { type: 'LEFT', changedFields: [], node: null },
    ])
    expect([await next(bobs), await next(bobs)]).toEqual([
      { type: 'CREATED', changedFields: [], node: { id: 2 } },
      { type: 'ENTERED', changedFields: [], node: { id: 1 } },
    ])
  })

  test('name no field that cannot be read, and are silent where nothing else has changed', async () => {
    await addBook(1, 'One')
    const changes = await books('type changedFields node { title }', '', asAnn)
    await library.sql(`UPDATE books SET isbn = 'secret'`)
    await library.sql('UPDATE books SET stock = 7')
    await library.sql(`UPDATE books SET isbn = 'other', stock = 8, title = 'Uno'`)
    expect(await next(changes)).toEqual({ type: 'UPDATED', changedFields: ['title'], node: { title: 'Uno' } })
    await library.sql('UPDATE books SET stock = 9, editor_id = $1', [ann])
    expect((await next(changes)).changedFields).toEqual(['stock', 'editorId'])
  })

  test('a row that goes along with another one was to be seen with it', async () => {
    await addBook(1, 'Of Ann')
    await library.sql(
      `INSERT INTO "Review" (id, stars, book_id, "updatedAt") VALUES (1, 5, 1, now()), (2, 4, 1, now())`,
    )
    await addBook(2, 'Of Bob', bob)
    await library.sql(`INSERT INTO "Review" (id, stars, book_id, "updatedAt") VALUES (3, 5, 2, now())`)
    const changes = await subscribe('subscription { reviewChanged { type nodeId } }', {}, asAnn)
    await library.sql('DELETE FROM books')
    await library.sql(
      `WITH b AS (INSERT INTO books (id, title, author_id, updated_at) VALUES (4, 'New', $1, now()) RETURNING id)
      SELECT FROM b`,
      [ann],
    )
    await library.sql(`INSERT INTO "Review" (id, stars, book_id, "updatedAt") VALUES (9, 5, 4, now())`)
    const seen = [await changes.next(), await changes.next(), await changes.next()].map(
      result => result?.data.reviewChanged,
    )
    const idOf = (id: number) => Buffer.from(`["Review",${id}]`).toString('base64url')
    expect(
      seen
        .slice(0, 2)
        .map(({ nodeId }) => nodeId)
        .toSorted(),
    ).toEqual([idOf(1), idOf(2)].toSorted())
    expect(seen.map(({ type }) => type)).toEqual(['DELETED', 'DELETED', 'CREATED'])
    expect(seen[2].nodeId).toBe(idOf(9))
  })

  test('cost one statement for what matches and one for the rows, whoever of equal rights listens', async () => {
    const author = (number: number) =>
      createViewer({ id: `00000000-0000-4000-8000-00000000${1000 + number}`, roles: [] })
    const source =
      'subscription { authorChanged(where: { name: { startsWith: "C" } }) { node { name email } } }'
    const all = await Promise.all(
      Array.from({ length: 200 }, (_, number) => subscribe(source, {}, author(number))),
    )
    const nameOf = async (one: TestSubscription) => (await one.next())?.data.authorChanged.node.name
    const namesOf = async (one: TestSubscription) => {
      const names = []
      for (let count = 0; count < 5; count += 1) names.push(await nameOf(one))
      return names.toSorted()
    }
    const before = library.changeStatements.length
    const { result, queries } = await countStatements(async () => {
      const heard = all.map(namesOf)
      await library.sql(
        `INSERT INTO authors (id, email, name) SELECT gen_random_uuid(), n || '@x.org', 'C' || n FROM generate_series(1, 5) n`,
      )
      return Promise.all(heard)
    })
    expect(result).toEqual(all.map(() => ['C1', 'C2', 'C3', 'C4', 'C5']))
    expect(matches(library.changeStatements.slice(before))).toHaveLength(1)
    expect(queries).toHaveLength(1)
  })

  test('answer viewers of other rights each for themselves, where the same event is the same document to both', async () => {
    // who may see the event is asked of the author, who may see the books is not
    const source =
      'subscription { authorChanged { node { name books { totalCount } viewerCan { update } edited { nodes { stock } } } } }'
    await addBook(1, 'Of Ann')
    const all = await Promise.all([asAnn, asBob].map(viewer => subscribe(source, {}, viewer)))
    await library.sql(`UPDATE authors SET name = 'Anna' WHERE id = $1`, [ann])
    const counts = await Promise.all(
      all.map(async one => (await one.next())?.data.authorChanged.node.books.totalCount),
    )
    expect(counts).toEqual([1, 0])
  })

  test('are not there for who can see no row', async () => {
    const nobody = createViewer({ id: null, roles: [] })
    await expect(books('type', '', nobody)).rejects.toThrow('Cannot query field "bookChanged"')
    await expect(books('type', '(where: { search: { query: "a" } })')).rejects.toThrow()
  })

  test('end at once when nobody listens any more', async () => {
    const changes = await books('type')
    const waiting = changes.next()
    await changes.end()
    expect(await waiting).toBeUndefined()
  })
})

describe('rights that change while somebody listens', () => {
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

  test('give nobody the answer of those who had the same rights before', async () => {
    await library.sql(`INSERT INTO authors (id, email, name) VALUES ($1, 'ann@x.org', 'Ann')`, [ann])
    const source = 'subscription { bookChanged { node { title author { name } } } }'
    const both = [await library.subscribe(source, {}, asAnn), await library.subscribe(source, {}, asBob)]
    const heard = async (id: number) => {
      await library.sql(`INSERT INTO books (id, title, author_id, updated_at) VALUES ($1, $2, $3, now())`, [
        id,
        `Book ${id}`,
        ann,
      ])
      const results = await Promise.all(both.map(subscription => subscription.next()))
      return results.map(result => result?.data.bookChanged.node.author)
    }
    expect(await heard(1)).toEqual([{ name: 'Ann' }, { name: 'Ann' }])
    strangers.add(bob)
    const now = performance.now.bind(performance)
    vi.spyOn(performance, 'now').mockImplementation(() => now() + 1_001)
    expect(await heard(2)).toEqual([{ name: 'Ann' }, null])
    for (const subscription of both) await subscription.end()
  })
})
