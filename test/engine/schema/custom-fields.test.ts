import { afterAll, beforeAll, expect, test } from 'vitest'
import { defineExtension } from '../../../src/engine/index.ts'
import { createTestEngine, fixture, type TestEngine } from '../../support/engine.ts'

/** The extension is typed by this repository's own schema, hence the casts of what belongs to the fixture. */
const custom = defineExtension((builder, refract) => {
  builder.prismaObjectField('Book' as 'Issue', 'shout', t =>
    t.string({ resolve: book => `${book.title.toUpperCase()}!` }),
  )
  builder.prismaObjectField('Book' as 'Issue', 'byline', t =>
    t.string({
      select: { author: { select: { name: true } } },
      resolve: book => `by ${(book as unknown as { author: { name: string } }).author.name}`,
    }),
  )
  builder.queryField('costlyBooks', t =>
    t.field({
      type: refract.connection('Book' as 'Issue'),
      args: refract.listArguments('Book' as 'Issue'),
      resolve: (_root, args, context, info) =>
        refract.list('Book' as 'Issue', { price: { gt: '10' } } as object, args, context, info),
    }),
  )
  builder.queryField('anyBook', t =>
    t.field({
      type: 'Book' as never,
      // only the key: the engine reads what is asked for
      resolve: (async () => ({ id: 2 })) as never,
    }),
  )
})

let api: TestEngine

beforeAll(async () => {
  api = await createTestEngine({ project: fixture('library'), config: { extensions: [custom] } })
  await api.sql(`INSERT INTO authors (id, email, name, version)
    VALUES ('00000000-0000-4000-8000-000000000001', 'a@b.c', 'Ada', 1)`)
  await api.sql(`INSERT INTO books (id, number, title, author_id, price, updated_at)
    SELECT n, n, 'book ' || n, '00000000-0000-4000-8000-000000000001', n * 6.5, now() FROM generate_series(1, 4) n`)
})
afterAll(() => api.close())

test('a custom field that names no columns gets all of the row', async () => {
  const { data, statements } = await api.query('{ books(first: 2) { nodes { shout } } }')
  expect(data.books.nodes).toEqual([{ shout: 'BOOK 1!' }, { shout: 'BOOK 2!' }])
  expect(statements).toHaveLength(1)
})

test('custom fields below generated relations are loaded with them', async () => {
  const { data, statements } = await api.query(
    '{ authors { nodes { books(first: 3) { nodes { title byline shout } } } } }',
  )
  expect(data.authors.nodes[0].books.nodes[2]).toEqual({
    title: 'book 3',
    byline: 'by Ada',
    shout: 'BOOK 3!',
  })
  expect(statements.length).toBeLessThanOrEqual(4)
})

test('a list with a condition of the extension has all that generated lists have', async () => {
  const { data, statements } = await api.query(`{
    costlyBooks(where: { title: { not: "book 4" } }, first: 1, orderBy: [{ title: DESC }]) {
      totalCount nodes { title price } aggregate { sum { price } }
    }
  }`)
  expect(data.costlyBooks).toEqual({
    totalCount: 2,
    nodes: [{ title: 'book 3', price: '19.50' }],
    aggregate: { sum: { price: '32.50' } },
  })
  expect(statements).toHaveLength(2)
})

test('a row that a custom resolver gives by its key is read as asked', async () => {
  const { data, errors } = await api.query('{ anyBook { nodeId title author { name } } }')
  expect(errors).toBeUndefined()
  expect(data.anyBook).toMatchObject({ title: 'book 2', author: { name: 'Ada' } })
})
