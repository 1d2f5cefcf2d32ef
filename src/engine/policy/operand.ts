import { JsonNull } from '@prisma/client/runtime/client'
import type { ScalarField } from '../datamodel/model.ts'
import { assertDefined, assertPresent, describe, isPlain, MissingValue, PolicyFault } from './policy-fault.ts'

/**
 * Makes sure that what a policy compares a column with is a value, or a list of values, all the way down.
 *
 * @throws PolicyFault for `undefined` anywhere in it, and for objects that are no values, such as a reference to another
 *   column, which can be NULL
 * @throws MissingValue for null anywhere in it
 */
export function assertOperand(field: ScalarField, operand: unknown, place: string): void {
  assertDefined(operand, place)
  assertPresent(operand, place)
  if (Array.isArray(operand)) {
    for (const [index, item] of operand.entries()) assertOperand(field, item, `${place}[${index}]`)
  } else if (field.scalar === 'Json' && isPlain(operand)) {
    for (const [key, item] of Object.entries(operand)) assertOperand(field, item, `${place}.${key}`)
  } else if (!isValue(operand)) {
    throw new PolicyFault(`${place} expects a value; ${describe(operand)} came.`)
  }
}

const listOperators: ReadonlySet<string> = new Set(['in', 'notIn', 'hasEvery', 'hasSome'])

/**
 * Makes sure that there is a list where an operator takes one, and none where it does not.
 *
 * @throws MissingValue for an empty list or text in place of the other, as a claim that is missing can be; otherwise
 *   PolicyFault
 */
export function assertListed(field: ScalarField, operator: string, operand: unknown, place: string): void {
  if (field.scalar === 'Json') return
  const isListed = listOperators.has(operator) || (field.isList && operator === 'equals')
  if (Array.isArray(operand) === isListed) return
  if (operand === '' || (Array.isArray(operand) && operand.length === 0)) throw new MissingValue(place)
  throw new PolicyFault(`${place} expects a ${isListed ? 'list' : 'value'}; ${describe(operand)} came.`)
}

function isValue(operand: unknown): boolean {
  if (typeof operand === 'function' || typeof operand === 'symbol') return false
  if (typeof operand !== 'object' || operand === JsonNull) return true
  return operand instanceof Date || operand instanceof Uint8Array || 'toFixed' in (operand as object)
}

/**
 * Prisma's other operators for JSON see values of one type only, and so do their negations: a value of another type is
 * neither one nor the other. Those that ignore case compare by patterns.
 *
 * @throws PolicyFault for all but `equals` and `not`, and for `mode`
 */
export function assertJsonOperator(operator: string, common: object, place: string): void {
  if (operator !== 'equals' && operator !== 'not') {
    throw new PolicyFault(
      `${place}: in JSON only equals and not, with a path or without, can be used by a policy, since Prisma has no negation of the others. Keep what decides in a column of its own.`,
    )
  }
  if ('mode' in common) throw new PolicyFault(`${place}: mode cannot be used in JSON by a policy.`)
}
