import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anonymous, createViewer, isNull, type Viewer } from '../../../src/engine/index.ts'
import type { ModelPolicy } from '../../../src/engine/policy/policy.ts'
import { byReads } from '../../support/engine.ts'
import type { Library } from '../write/library.ts'
import { ann, asAnn, asBob, createGuardedLibrary, policy } from './shop.ts'

const policies = [
  policy('Book', {
    read: viewer => viewer.id !== null && { OR: [{ authorId: viewer.id }, { editorId: viewer.id }] },
    fields: {
      isbn: false,
      pages: { read: viewer => viewer.id !== null && { authorId: viewer.id } },
    },
  }),
  policy('Author', { read: viewer => viewer.id !== null && { id: viewer.id } }),
  policy('Review', { read: true }),
]

describe('reading under policies', () => {
  let library: Library
  beforeAll(async () => {
    library = await createGuardedLibrary(policies)
  })
  afterAll(() => library.close())

  test('a list has the rows that exist for the viewer, with their count, in one statement, or one each', async () => {
    const source = '{ books(orderBy: [{ id: ASC }]) { totalCount nodes { id } } }'
    const { data, errors, statements } = await library.query(source, {}, asAnn)
    expect(errors).toBeUndefined()
    expect(data).toEqual({ books: { totalCount: 3, nodes: [{ id: 1 }, { id: 2 }, { id: 3 }] } })
    expect(statements).toHaveLength(byReads({ compiled: 1, prisma: 2 }))
  })

  test('nothing that is not said is there', async () => {
    const { errors } = await library.query('{ books { totalCount } }', {}, anonymous)
    expect(errors?.[0]?.message).toContain('Cannot query field "books"')
    const { errors: more } = await library.query('{ subjects { totalCount } }', {}, asAnn)
    expect(more?.[0]?.message).toContain('Cannot query field "subjects"')
  })

  test('related rows that do not exist are null, and batched as without a policy', async () => {
    const source = '{ books(orderBy: [{ id: ASC }]) { nodes { id author { name } editor { name } } } }'
    const { data, statements } = await library.query(source, {}, asAnn)
    expect(data.books.nodes).toEqual([
      { id: 1, author: { name: 'Ann' }, editor: null },
      { id: 2, author: { name: 'Ann' }, editor: null },
      { id: 3, author: null, editor: { name: 'Ann' } },
    ])
    expect(statements).toHaveLength(byReads({ compiled: 1, prisma: 3 }))
  })

  test('filters on related rows see those that exist', async () => {
    const count = async (where: string) => {
      const { data, errors } = await library.query(`{ books(where: ${where}) { nodes { id } } }`, {}, asAnn)
      expect(errors).toBeUndefined()
      return data.books.nodes.map((node: { id: number }) => node.id)
    }
    expect(await count('{ author: { is: { name: { startsWith: "B" } } } }')).toEqual([])
    expect(await count('{ author: { isNot: { name: { startsWith: "B" } } } }')).toEqual([1, 2, 3])
    expect(await count('{ author: { is: null } }')).toEqual([3])
    expect(await count('{ editor: { is: null } }')).toEqual([1, 2])
  })

  test('a field can be hidden from some rows', async () => {
    const source = '{ books(orderBy: [{ id: ASC }]) { nodes { id pages } } }'
    const { data, statements } = await library.query(source, {}, asAnn)
    expect(statements).toHaveLength(1)
    expect(data.books.nodes).toEqual([
      { id: 1, pages: 10 },
      { id: 2, pages: 20 },
      { id: 3, pages: null },
    ])
    const filtered = '{ books(where: { pages: { gt: 15 } }) { nodes { id } } }'
    expect((await library.query(filtered, {}, asAnn)).data.books.nodes).toEqual([{ id: 2 }])
    const negated = '{ books(where: { NOT: { pages: { gt: 15 } } }) { nodes { id } } }'
    expect((await library.query(negated, {}, asAnn)).data.books.nodes).toEqual([{ id: 1 }, { id: 3 }])
  })

  test('what is hidden cannot be ordered by or looked up', async () => {
    for (const source of [
      '{ books(orderBy: [{ pages: ASC }]) { totalCount } }',
      '{ books(orderBy: [{ isbn: ASC }]) { totalCount } }',
      '{ books(orderBy: [{ author: { name: ASC } }]) { totalCount } }',
      '{ books { aggregate { max { pages } } } }',
      '{ books { groupBy(by: [pages]) { count } } }',
      '{ book(where: { isbn: "a1" }) { id } }',
      '{ books(where: { isbn: { equals: "a1" } }) { totalCount } }',
      '{ books { nodes { isbn } } }',
    ]) {
      const { errors, statements } = await library.query(source, {}, asAnn)
      expect(errors, source).toHaveLength(1)
      expect(statements).toEqual([])
    }
  })

  test('nodes, look-ups and cursors give hidden rows as missing ones', async () => {
    const ids = await library.query('{ books(orderBy: [{ id: ASC }]) { nodes { nodeId } edges { cursor } } }')
    const [, , , hidden] = ids.data.books.nodes
    const source = 'query($id: ID!) { node(nodeId: $id) { nodeId } book(where: { id: 4 }) { id } }'
    const { data } = await library.query(source, { id: hidden.nodeId }, asAnn)
    expect(data).toEqual({ node: null, book: null })
    const after = 'query($after: String) { books(after: $after) { nodes { id } } }'
    const page = await library.query(after, { after: ids.data.books.edges[0].cursor }, asBob)
    expect(page.data.books.nodes).toEqual([{ id: 3 }, { id: 4 }])
  })

  test('counts, aggregates and groups are over the rows that exist', async () => {
    const { data } = await library.query(
      '{ books { totalCount aggregate { count max { id } } groupBy(by: [authorId]) { key { authorId author { name } } count } } }',
      {},
      asAnn,
    )
    expect(data.books).toMatchObject({ totalCount: 3, aggregate: { count: 3, max: { id: 3 } } })
    expect(data.books.groupBy).toHaveLength(2)
    expect(data.books.groupBy[0]).toEqual({ key: { authorId: ann, author: { name: 'Ann' } }, count: 2 })
    expect(data.books.groupBy[1].key.author).toBeNull()
    const related = await library.query(
      '{ authors { nodes { books { totalCount aggregate { sum { id } } } edited { nodes { id } } } } }',
      {},
      asAnn,
    )
    expect(related.data.authors.nodes).toEqual([
      { books: { totalCount: 2, aggregate: { sum: { id: '3' } } }, edited: { nodes: [{ id: 3 }] } },
    ])
  })
})

describe('a policy that is wrong', () => {
  let library: Library
  let rule: ModelPolicy['read'] = false
  let asked = 0
  beforeAll(async () => {
    const read = (viewer: Viewer) => (typeof rule === 'function' ? rule(viewer) : (rule ?? false))
    library = await createGuardedLibrary([policy('Book', { read })])
  })
  afterAll(() => library.close())

  /** A viewer keeps a schema for a while, so each time it is another one. */
  const answer = (read: ModelPolicy['read']) => {
    rule = read
    asked += 1
    return library.query('{ books { totalCount } }', {}, createViewer({ id: ann, claims: { asked } }))
  }

  test.each<[string, ModelPolicy['read']]>([
    ['undefined', () => ({ authorId: undefined })],
    ['undefined in NOT', () => ({ NOT: { authorId: undefined } })],
    ['undefined in a relation', () => ({ author: { is: { name: { equals: undefined } } } })],
    ['undefined in a list', () => ({ authorId: { in: [ann, undefined] } })],
    ['nothing', () => ({})],
    ['nothing in OR', () => ({ OR: [{}] })],
    ['an empty AND', () => ({ AND: [] })],
    ['an empty NOT', () => ({ NOT: [] })],
    ['an empty condition', () => ({ authorId: {} })],
    ['no answer', () => undefined as never],
    ['null', () => null as never],
    ['a promise', () => Promise.resolve(true) as never],
    ['an unknown field', () => ({ nothing: 1 })],
  ])('throws for %s, and never widens', async (_, read) => {
    const { data, errors, statements } = await answer(read)
    expect(errors?.[0]?.message).toMatch(/Book\.read/)
    expect(data).toBeNull()
    expect(statements).toEqual([])
    // what has nothing to do with it goes on
    const { errors: others } = await library.query(
      '{ __typename }',
      {},
      createViewer({ id: ann, claims: { asked } }),
    )
    expect(others).toBeUndefined()
  })

  test.each<[string, ModelPolicy['read']]>([
    ['null', () => ({ authorId: null })],
    ['null in NOT', () => ({ NOT: { authorId: null } })],
    ['null in a list', () => ({ authorId: { in: [ann, null] } })],
    ['null for a related row', () => ({ editor: null })],
    ['an empty list', () => ({ authorId: { in: [] } })],
    ['an empty text', () => ({ title: { contains: '' } })],
    ['every one of no items', () => ({ tags: { hasEvery: [] } })],
  ])('allows no row for a value that is missing: %s', async (_, read) => {
    const { errors, statements } = await answer(read)
    expect(errors?.[0]?.message).toContain('Cannot query field "books"')
    expect(statements).toEqual([])
  })

  test('NULL itself is isNull, and wildcards stand for themselves', async () => {
    expect((await answer(() => ({ editorId: isNull }))).data.books.totalCount).toBe(2)
    expect((await answer(() => ({ editorId: { not: isNull } }))).data.books.totalCount).toBe(2)
    expect((await answer(() => ({ editor: { is: isNull } }))).data.books.totalCount).toBe(2)
    expect((await answer(() => ({ title: { contains: '%' } }))).data.books.totalCount).toBe(0)
  })
})
