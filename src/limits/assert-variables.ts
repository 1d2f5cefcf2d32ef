import { RefractError } from '../errors.ts'
import { textFault } from '../lib/text-fault.ts'
import { exceeded } from './exceeded.ts'
import type { RequestLimits } from './request-limits.ts'

type VariableLimits = Pick<RequestLimits, 'variableCharacters' | 'variableItems' | 'variableValues'>

/**
 * Refuses variables with a text, a list or a whole that is larger than a limit, and texts that PostgreSQL would refuse or
 * store as something else: with a NUL, or with half of a surrogate pair. Reads them in a flat loop, and nothing
 * but what is their own: a key such as `__proto__` is a key like any other.
 *
 * @throws RefractError BAD_USER_INPUT that names the variable, and the limit
 */
export function assertVariables(variables: Readonly<Record<string, unknown>>, limits: VariableLimits): void {
  let values = 0
  const pending: unknown[] = []
  for (const [name, variable] of Object.entries(variables)) {
    pending.push(variable)
    while (pending.length > 0) {
      const value = pending.pop()
      if (++values > limits.variableValues) refuseValues(limits)
      if (typeof value === 'string') {
        if (value.length > limits.variableCharacters) refuseText(name, value.length, limits)
        assertStorable(name, value)
      } else if (typeof value === 'object' && value !== null) {
        const items: readonly unknown[] = Array.isArray(value) ? value : readObject(name, value)
        if (Array.isArray(value) && items.length > limits.variableItems)
          refuseList(name, items.length, limits)
        if (values + pending.length + items.length > limits.variableValues) refuseValues(limits)
        for (const item of items) pending.push(item)
      }
    }
  }
}

/** @throws RefractError BAD_USER_INPUT for a text that PostgreSQL cannot store as it is */
function assertStorable(name: string, text: string): void {
  const fault = textFault(text)
  if (fault === null) return
  throw new RefractError(
    'BAD_USER_INPUT',
    `The variable ${shown(name)} holds a text that cannot be: expected ${fault}.`,
  )
}

/** The values of an object; its keys are texts, too. */
function readObject(name: string, value: object): readonly unknown[] {
  for (const key of Object.keys(value)) assertStorable(name, key)
  return Object.values(value)
}

function refuseText(name: string, length: number, { variableCharacters }: VariableLimits): never {
  const message = `The variable ${shown(name)} holds a text of ${length} characters; at most ${variableCharacters} are accepted.`
  throw exceeded('BAD_USER_INPUT', 'variableCharacters', variableCharacters, message)
}

function refuseList(name: string, length: number, { variableItems }: VariableLimits): never {
  const message = `The variable ${shown(name)} holds a list of ${length} items; at most ${variableItems} are accepted.`
  throw exceeded('BAD_USER_INPUT', 'variableItems', variableItems, message)
}

function refuseValues({ variableValues }: VariableLimits): never {
  const message = `The variables of this request hold more than ${variableValues} values, the most that is accepted.`
  throw exceeded('BAD_USER_INPUT', 'variableValues', variableValues, message)
}

/** A name is what the client chose: all that a variable can be called, and not more. */
function shown(name: string): string {
  return /^[_A-Za-z]\w{0,99}$/.test(name) ? `$${name}` : JSON.stringify(name.slice(0, 100))
}
