import { GraphQLError } from 'graphql'
import { textFault } from '../../lib/text-fault.ts'

const maximumJsonDepth = 100

/**
 * A JSON value from the outside, checked: at most 100 levels deep, no key `__proto__`, no text that PostgreSQL
 * cannot hold. Returns the value unchanged.
 *
 * @throws GraphQLError (BAD_USER_INPUT) that says what was wrong.
 */
export function readJson(value: unknown): unknown {
  const pending: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 1 }]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.depth > maximumJsonDepth) refuse(`at most ${maximumJsonDepth} levels; this value is deeper`)
    if (typeof next.value === 'string') assertStorableText(next.value)
    if (typeof next.value !== 'object' || next.value === null) continue
    for (const [key, item] of Object.entries(next.value)) {
      if (key === '__proto__') refuse('no key "__proto__"')
      assertStorableText(key)
      pending.push({ value: item, depth: next.depth + 1 })
    }
  }
  return value
}

/** PostgreSQL's text cannot hold NUL, and half of a surrogate pair would be stored as another character. */
function assertStorableText(text: string): void {
  const fault = textFault(text)
  if (fault) refuse(fault)
}

function refuse(expected: string): never {
  throw new GraphQLError(`JSON cannot be this value: expected ${expected}.`, {
    extensions: { code: 'BAD_USER_INPUT' },
  })
}
