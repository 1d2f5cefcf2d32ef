import { readFileSync } from 'node:fs'
import { buildSchema, parse, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { RefractError } from '../../src/errors.ts'
import { defaultRequestLimits, parseDocument, type RequestLimits } from '../../src/limits/index.ts'

const limitsOf = (given: Partial<RequestLimits>) => ({ ...defaultRequestLimits, ...given })

/** The details of the refusal of a document, or nothing. */
function refusalOf(text: string, limits: Partial<RequestLimits> = {}): unknown {
  try {
    parseDocument(text, limitsOf(limits))
    return undefined
  } catch (error) {
    if (!(error instanceof RefractError)) throw error
    expect(error.message).not.toBe('')
    return error.details
  }
}

const times = (count: number, make: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => make(i)).join(' ')

describe('a document', () => {
  it.each<[keyof RequestLimits, number, string, string]>([
    ['documentCharacters', 20, '{ a                  }', '{ a }'],
    ['documentTokens', 5, '{ a b c d }', '{ a b c }'],
    ['nesting', 3, '{ a(b: [[[1]]]) }', '{ a(b: [1]) }'],
    ['selectionDepth', 2, '{ a { b { c } } }', '{ a { b } }'],
    ['selections', 3, '{ a b c d }', '{ a b c }'],
    ['rootFields', 2, '{ a b c }', '{ a b { c d } }'],
    ['repeatedFields', 2, '{ a a a a }', '{ a a a }'],
    ['aliases', 2, '{ x: __typename y: __typename z: __typename }', '{ x: a y: b }'],
    ['directives', 2, '{ a @x b @x c @x }', '{ a @x b @x }'],
    ['directivesPerPlace', 1, '{ a @x @y }', '{ a @x b @y }'],
    [
      'fragments',
      1,
      '{ ...A } fragment A on Q { a } fragment B on Q { a }',
      '{ ...A } fragment A on Q { a }',
    ],
  ])('may not go over %s', (limit, maximum, over, within) => {
    expect(refusalOf(over, { [limit]: maximum })).toEqual({ limit, maximum })
    expect(refusalOf(within, { [limit]: maximum })).toBeUndefined()
  })

  it('counts what is below a fragment wherever it is spread', () => {
    const fragment = 'fragment F on Q { b c }'
    expect(refusalOf(`{ a { ...F } b { ...F } } ${fragment}`, { selections: 8 })).toBeUndefined()
    expect(refusalOf(`{ a { ...F } b { ...F } } ${fragment}`, { selections: 7 })).toMatchObject({
      limit: 'selections',
    })
    expect(refusalOf(`{ ...F ... on Q { d } } ${fragment}`, { rootFields: 3 })).toBeUndefined()
    expect(refusalOf(`{ ...F ... on Q { d } } ${fragment}`, { rootFields: 2 })).toMatchObject({
      limit: 'rootFields',
    })
    expect(refusalOf(`{ a { ...F } } ${fragment}`, { selectionDepth: 1 })).toMatchObject({
      limit: 'selectionDepth',
    })
  })

  it('counts what is repeated through fragments and on all levels', () => {
    const fragments = 'fragment A on Q { a { b } } fragment B on Q { a { b } }'
    expect(refusalOf(`{ ...A ...B } ${fragments}`, { repeatedFields: 2 })).toBeUndefined()
    expect(refusalOf(`{ ...A ...B } ${fragments}`, { repeatedFields: 1 })).toMatchObject({
      limit: 'repeatedFields',
    })
    expect(refusalOf('{ a { x } ... { a { x } } }', { repeatedFields: 1 })).toMatchObject({
      limit: 'repeatedFields',
    })
    // the same name at another place is not the same field
    expect(refusalOf('{ a { id } b { id } }', { repeatedFields: 1 })).toBeUndefined()
  })

  it('may have no fragment in a circle, used or not', () => {
    const circle = 'fragment A on Q { b { ...B } } fragment B on Q { ...A }'
    for (const text of [`{ ...A } ${circle}`, `{ a } ${circle}`, '{ a } fragment A on Q { ...A }']) {
      expect(() => parseDocument(text, defaultRequestLimits)).toThrow('spreads itself')
    }
  })

  it('that doubles with each fragment is counted without being followed', () => {
    const bomb = `{ ...F0 } ${times(100, i => `fragment F${i} on Q { ...F${i + 1} ...F${i + 1} }`)} fragment F100 on Q { a }`
    expect(refusalOf(bomb)).toMatchObject({ limit: 'selections' })
  })

  it('that nests through fragments alone is refused before it ends the stack', () => {
    const limits = {
      fragments: 10_000,
      documentTokens: 100_000,
      documentCharacters: 1_000_000,
      selections: 100_000,
    }
    const chain = `{ ...F0 } ${times(9_000, i => `fragment F${i} on Q { ...F${i + 1} }`)} fragment F9000 on Q { a }`
    expect(refusalOf(chain, limits)).toMatchObject({ limit: 'selectionDepth' })
  })

  it('of an unknown fragment is left to validation', () => {
    expect(refusalOf('{ ...Unknown }')).toBeUndefined()
  })

  it('passes all limits as the largest that validation can take, in time', () => {
    // what is under the limits may not be a way to keep the process busy
    const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'))
    const repeated = `{ issues { nodes { ${'id '.repeat(300)} } } }`
    const nested = `{ ${times(12, () => `issues { ${times(12, () => 'nodes { id }')} }`)} }`
    for (const text of [repeated, nested]) {
      expect(refusalOf(text)).toBeUndefined()
      expect(fastest(() => validate(schema, parse(text)))).toBeLessThan(50)
    }
  })
})

/** The shortest of five runs, in milliseconds: what else the machine does is left out. */
function fastest(run: () => unknown): number {
  return Math.min(
    ...Array.from({ length: 5 }, () => {
      const start = performance.now()
      run()
      return performance.now() - start
    }),
  )
}
