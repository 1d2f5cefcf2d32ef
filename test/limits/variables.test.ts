import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assertVariables, defaultRequestLimits } from '../../src/limits/index.ts'

const limits = { variableCharacters: 5, variableItems: 3, variableValues: 8 }
const check = (variables: Record<string, unknown>) => () => assertVariables(variables, limits)

describe('variables', () => {
  it.each<[unknown, string]>([
    ['123456', 'The variable $v holds a text of 6 characters; at most 5 are accepted.'],
    [[1, 2, 3, 4], 'The variable $v holds a list of 4 items; at most 3 are accepted.'],
    [{ a: [{ b: '123456' }] }, 'a text of 6 characters'],
    [[[1], [2], [1, 2, 3, 4]], 'a list of 4 items'],
    [{ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8 }, 'hold more than 8 values'],
  ])('may not hold %j', (value, message) => {
    expect(check({ v: value })).toThrow(message)
    expect(check({ v: value })).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }))
  })

  it.each<[unknown]>([
    ['12345'],
    [[1, 2, 3]],
    [{ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7 }],
    [null],
    [true],
  ])('may hold %j', value => {
    expect(check({ v: value })).not.toThrow()
  })

  it.each<[string, unknown]>([
    ['a NUL', 'a\0b'],
    ['half of a surrogate pair', '\ud83d'],
    ['the other half', 'a\ude00'],
    ['a NUL in a list of an object', { a: ['\0'] }],
    ['a NUL in a key', { 'a\0': 1 }],
    ['half of a pair in a key', [{ '\ud83d': 1 }]],
  ])('may not hold %s (attack: variables)', (_name, value) => {
    expect(check({ v: value })).toThrow(/^The variable \$v holds a text that cannot be: expected /)
    expect(check({ v: value })).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }))
  })

  it('may hold whole pairs', () => {
    expect(check({ v: '😀' })).not.toThrow()
  })

  it('count together', () => {
    expect(check({ a: [1, 2, 3], b: [1, 2, 3] })).not.toThrow()
    expect(check({ a: [1, 2, 3], b: [1, 2, 3], c: 1 })).toThrow('hold more than 8 values')
  })

  it('are named as they can be, whatever they are called', () => {
    expect(check({ 'x\n\u202e"': '123456' })).toThrow('The variable "x\\n\u202e\\"" holds')
  })

  it('may be called as members of every object are', () => {
    const variables = JSON.parse(
      '{"__proto__": {"x": 1}, "constructor": {"prototype": {"x": 1}}, "toString": 1}',
    )
    expect(check(variables)).not.toThrow()
    expect(({} as { x?: unknown }).x).toBeUndefined()
    expect(check(JSON.parse('{"__proto__": "123456"}'))).toThrow('The variable $__proto__ holds')
  })

  it('that are over a limit cost no more than those that are not', () => {
    const variables = { ids: Array.from({ length: 40_000 }, (_, index) => String(index)) }
    expect(() => assertVariables(variables, defaultRequestLimits)).toThrow(
      'a list of 40000 items; at most 10000',
    )
  })

  it('may nest as deep as they like for this check', () => {
    let deep: unknown = 1
    for (let level = 0; level < 100_000; level++) deep = [deep]
    expect(() =>
      assertVariables({ deep }, { ...defaultRequestLimits, variableValues: 1_000_000 }),
    ).not.toThrow()
  })

  it('are refused exactly when one of the limits is passed', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), variables => {
        const { texts, lists, values } = measure(Object.values(variables))
        const isOver =
          texts.some(text => text > limits.variableCharacters) ||
          lists.some(list => list > limits.variableItems) ||
          values > limits.variableValues
        if (isOver) expect(check(variables)).toThrow()
        else expect(check(variables)).not.toThrow()
      }),
    )
  })
})

/** The same, counted by recursion. */
function measure(items: readonly unknown[]): { texts: number[]; lists: number[]; values: number } {
  const total = { texts: [] as number[], lists: [] as number[], values: 0 }
  for (const item of items) {
    total.values++
    if (typeof item === 'string') total.texts.push(item.length)
    if (typeof item !== 'object' || item === null) continue
    if (Array.isArray(item)) total.lists.push(item.length)
    const inner = measure(Object.values(item))
    total.texts.push(...inner.texts)
    total.lists.push(...inner.lists)
    total.values += inner.values
  }
  return total
}
