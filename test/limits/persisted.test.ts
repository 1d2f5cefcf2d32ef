import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createDocumentSource, readPersistedDocuments } from '../../src/limits/index.ts'
import { type CleanUp, createProjectFolder } from '../support/project-folder.ts'

const readList = (text: string, cleanUp?: CleanUp) =>
  readPersistedDocuments(
    join(createProjectFolder({ 'documents.json': text }, cleanUp ? { cleanUp } : {}), 'documents.json'),
  )

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const byHash = (hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } })

describe('a list of documents', () => {
  it('is read as hashes and texts', () => {
    const documents = readList(JSON.stringify({ abc: '{ a }', def: '{ b }' }))
    expect([documents.size, documents.find('abc'), documents.find('x'), documents.has('{ b }')]).toEqual([
      2,
      '{ a }',
      undefined,
      true,
    ])
  })

  it("is read as Apollo's manifest", () => {
    const operations = [{ id: 'abc', name: 'A', type: 'query', body: 'query A { a }' }]
    const documents = readList(
      JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }),
    )
    expect([documents.size, documents.find('abc')]).toEqual([1, 'query A { a }'])
  })

  it('has nothing that it does not list', () => {
    const documents = readList('{}')
    for (const id of ['constructor', '__proto__', 'toString']) expect(documents.find(id)).toBeUndefined()
  })

  it.each([
    '[]',
    '"x"',
    'null',
    '{"a": 1}',
    '{"format":"apollo-persisted-query-manifest"}',
    '{"format":"apollo-persisted-query-manifest","operations":[{"id":"a"}]}',
  ])('is refused: %s', text => {
    expect(() => readList(text)).toThrow('is no list of documents: expected {')
  })

  it('is refused where it is no JSON, or not there', () => {
    expect(() => readList('{')).toThrow('cannot be read')
    expect(() => readPersistedDocuments('/nowhere.json')).toThrow('cannot be read: ENOENT')
  })
})

describe('the document that a request means', () => {
  const text = 'query A { a }'
  const persisted = readList(JSON.stringify({ [sha256(text)]: text, 'app-1': '{ b }' }), afterAll)

  it('is the one that it brings', () => {
    const find = createDocumentSource({})
    expect(find({ query: '{ c }' })).toBe('{ c }')
    expect(find({})).toBeUndefined()
    expect(find({ query: 1 })).toBe(1)
  })

  it('is found by documentId, with the name of the hash or without', () => {
    const find = createDocumentSource({ persisted })
    expect(find({ documentId: sha256(text) })).toBe(text)
    expect(find({ documentId: `sha256:${sha256(text)}` })).toBe(text)
    expect(find({ documentId: 'app-1' })).toBe('{ b }')
  })

  it("is found by the hash of Apollo's protocol", () => {
    expect(createDocumentSource({ persisted })(byHash(sha256(text)))).toBe(text)
  })

  it.each<[object, string]>([
    [{ documentId: 'unknown' }, 'PERSISTED_DOCUMENT_NOT_FOUND'],
    [{ documentId: '__proto__' }, 'PERSISTED_DOCUMENT_NOT_FOUND'],
    [{ documentId: 1 }, 'BAD_REQUEST'],
    [{ documentId: 'app-1', query: '{ b }' }, 'BAD_REQUEST'],
    [byHash('unknown'), 'PERSISTED_QUERY_NOT_FOUND'],
  ])('is refused: %j', (parameters, code) => {
    expect(() => createDocumentSource({ persisted })(parameters)).toThrow(expect.objectContaining({ code }))
  })

  it('is not supported by hash, where there is no list and none can be made', () => {
    expect(() => createDocumentSource({})(byHash('x'))).toThrow(
      expect.objectContaining({
        code: 'PERSISTED_QUERY_NOT_SUPPORTED',
        message: 'PersistedQueryNotSupported',
      }),
    )
  })

  it.each<[unknown]>([
    [null],
    [1],
    [{ persistedQuery: null }],
    [{ persistedQuery: { version: 2, sha256Hash: 'x' } }],
    [{ persistedQuery: { version: 1, sha256Hash: 1 } }],
  ])('is the one that it brings with the extensions %j', extensions => {
    expect(createDocumentSource({ isAutomatic: true })({ query: '{ c }', extensions })).toBe('{ c }')
  })

  describe('where only those of the list are accepted', () => {
    const find = createDocumentSource({ persisted, isOnlyPersisted: true })

    it('may be brought as it is in the list, too', () => {
      expect(find({ query: text })).toBe(text)
      expect(find({ documentId: 'app-1' })).toBe('{ b }')
    })

    it.each<[object]>([
      [{ query: 'query A { a b }' }],
      [{ query: `${text} ` }],
      [{}],
      [{ query: 1 }],
      [{ query: '{ c }', ...byHash(sha256('{ c }')) }],
    ])('is refused: %j', parameters => {
      expect(() => find(parameters)).toThrow(expect.objectContaining({ code: 'PERSISTED_DOCUMENT_REQUIRED' }))
    })
  })

  describe('where clients register documents', () => {
    it('is found once it was registered', () => {
      const find = createDocumentSource({ isAutomatic: true })
      expect(() => find(byHash(sha256('{ c }')))).toThrow(
        expect.objectContaining({ code: 'PERSISTED_QUERY_NOT_FOUND', message: 'PersistedQueryNotFound' }),
      )
      expect(find({ query: '{ c }', ...byHash(sha256('{ c }')) })).toBe('{ c }')
      expect(find(byHash(sha256('{ c }')))).toBe('{ c }')
    })

    it('is not registered under the hash of another', () => {
      const find = createDocumentSource({ isAutomatic: true })
      expect(() => find({ query: '{ evil }', ...byHash(sha256('{ c }')) })).toThrow(
        'provided sha does not match query',
      )
      expect(() => find(byHash(sha256('{ c }')))).toThrow('PersistedQueryNotFound')
    })

    it('takes bounded memory: old ones go', () => {
      const find = createDocumentSource({ isAutomatic: true })
      const long = (index: number) => `{ a${index} } #${'x'.repeat(999_000)}`
      for (let index = 0; index < 20; index++) find({ query: long(index), ...byHash(sha256(long(index))) })
      const isKnown = (index: number) => {
        try {
          find(byHash(sha256(long(index))))
          return true
        } catch {
          return false
        }
      }
      const known = Array.from({ length: 20 }, (_, index) => isKnown(index))
      expect(known.filter(Boolean)).toHaveLength(8)
      expect([known[0], known[19]]).toEqual([false, true])
    })
  })
})
