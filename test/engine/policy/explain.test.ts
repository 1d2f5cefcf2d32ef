import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anonymous, createViewer } from '../../../src/engine/index.ts'
import type { Library } from '../write/library.ts'
import { ann, asAnn, asBob, bob, createGuardedLibrary, policy } from './shop.ts'

describe('explaining policies', () => {
  let library: Library
  beforeAll(async () => {
    library = await createGuardedLibrary([
      policy('Book', {
        read: viewer => viewer.id !== null && { authorId: viewer.id, title: { contains: 'one' } },
        update: viewer => viewer.roles.includes('editor') && { editorId: viewer.id },
        fields: { pages: { read: () => ({ pages: { lt: 20 } }) }, isbn: false },
      }),
      policy('Author', { read: true, create: viewer => ({ name: viewer.claims.name as string }) }),
    ])
  })
  afterAll(() => library.close())

  test('a row: each rule, condition by condition', async () => {
    const explanation = await library.engine.explain.row('Book:2', asAnn)
    expect(explanation).toMatchObject({ model: 'Book', key: { id: 2 } })
    expect(explanation.rules[0]).toEqual({
      rule: 'Book.read',
      holds: false,
      reason: null,
      conditions: [
        { text: `{"authorId":"${ann}"}`, holds: true },
        { text: '{"title":{"contains":"one"}}', holds: false },
      ],
    })
    expect(explanation.rules.slice(1)).toEqual([
      { rule: 'Book.update', holds: false, reason: 'allows no row', conditions: [] },
      { rule: 'Book.delete', holds: false, reason: 'allows no row', conditions: [] },
      { rule: 'Book.fields.isbn.read', holds: false, reason: 'allows no row', conditions: [] },
      {
        rule: 'Book.fields.pages.read',
        holds: false,
        reason: null,
        conditions: [{ text: '{"pages":{"lt":20}}', holds: false }],
      },
    ])
  })

  test('a value that is missing is said', async () => {
    const editor = createViewer({ roles: ['editor'] })
    const { rules } = await library.engine.explain.row('Book:2', editor)
    expect(rules[1]).toMatchObject({
      rule: 'Book.update',
      holds: false,
      reason: expect.stringContaining('Book.editorId is compared with a value that is missing'),
    })
  })

  test('a row by its node id, and names of no row', async () => {
    const { data } = await library.query('{ book(where: { id: 1 }) { nodeId } }')
    const { rules } = await library.engine.explain.row(data.book.nodeId, asAnn)
    expect(rules[0]).toMatchObject({ rule: 'Book.read', holds: true })
    await expect(library.engine.explain.row('Book:99', asAnn)).rejects.toThrow(
      'There is no Book with the key Book:99.',
    )
    await expect(library.engine.explain.row('Boook:1', asAnn)).rejects.toThrow('"Boook:1" names no row.')
    await expect(library.engine.explain.row('Book:x', asAnn)).rejects.toThrow('names no row')
  })

  test('a query: what is not there, and the rows and fields that are hidden', async () => {
    const source = '{ books(orderBy: [{ id: ASC }]) { nodes { id isbn pages reviews { totalCount } } } }'
    const explanation = await library.engine.explain.query(source, asBob)
    expect(explanation.absent).toEqual([
      { coordinate: 'Book.isbn', reason: 'Book.fields.isbn.read allows no row.' },
      { coordinate: 'Book.reviews', reason: 'Review.read allows no row.' },
    ])
    expect(explanation.rowCount).toBe(4)
    const failed = explanation.hidden.map(row => [
      row.key.id,
      row.rules.filter(rule => !rule.holds && !/update|delete/.test(rule.rule)).map(rule => rule.rule),
    ])
    expect(failed).toEqual([
      [1, ['Book.read', 'Book.fields.isbn.read']],
      [2, ['Book.read', 'Book.fields.isbn.read', 'Book.fields.pages.read']],
      [3, ['Book.fields.isbn.read', 'Book.fields.pages.read']],
      [4, ['Book.read', 'Book.fields.isbn.read', 'Book.fields.pages.read']],
    ])
    await expect(library.engine.explain.query('{ nothing }', asBob)).rejects.toThrow('does not fit the API')
    await expect(
      library.engine.explain.query('mutation { deleteBooks(where: {}) { count } }', asBob),
    ).rejects.toThrow('exactly one query')
  })

  test('the matrix of models, operations and viewers', () => {
    const lines = library.engine.explain.matrix([anonymous, createViewer({ id: bob, roles: ['editor'] })])
    const of = (subject: string, operation: string) =>
      lines.find(line => line.subject === subject && line.operation === operation)?.extents
    expect(of('Book', 'read')).toEqual(['none', 'some'])
    expect(of('Book', 'update')).toEqual(['none', 'some'])
    expect(of('Book.isbn', 'read')).toEqual(['none', 'none'])
    expect(of('Book.pages', 'read')).toEqual(['none', 'some'])
    expect(of('Author', 'read')).toEqual(['all', 'all'])
    expect(of('Author', 'create')).toEqual(['wrong', 'wrong'])
    expect(of('Subject', 'read')).toEqual(['none', 'none'])
    expect(lines.filter(line => line.subject.startsWith('Author.'))).toEqual([])
  })
})
