import { RefractError } from '../../../errors.ts'

/** The most values that a filter holds in all of its lists together. */
const maximumValues = 10_000

/** The most conditions that a filter holds on all of its levels together. */
const maximumConditions = 1_000

const maximumDepth = 30 // levels

/** @throws RefractError BAD_USER_INPUT for a filter that is deeper than Prisma could follow */
export function assertFilterDepth(depth: number): void {
  if (depth <= maximumDepth) return
  throw new RefractError('BAD_USER_INPUT', `A filter can be ${maximumDepth} levels deep; this one is deeper.`)
}

/**
 * Refuses a filter that would become a statement without bound.
 *
 * @throws RefractError BAD_USER_INPUT that names the limit
 */
export function assertFilterSize(filter: Readonly<Record<string, unknown>>): void {
  let conditions = 0
  let values = 0
  const pending: unknown[] = [filter]
  while (pending.length > 0) {
    const part = pending.pop()
    if (!isContainer(part)) continue
    const items: unknown[] = Object.values(part)
    const parts = items.filter(isContainer)
    if (Array.isArray(part)) values += items.length - parts.length
    else conditions += items.length
    if (conditions > maximumConditions) refuse('conditions', maximumConditions)
    if (values > maximumValues) refuse('values', maximumValues)
    for (const item of parts) pending.push(item)
  }
}

/** A list or a plain object, as opposed to a value such as a Date. */
function isContainer(part: unknown): part is object {
  if (Array.isArray(part)) return true
  if (typeof part !== 'object' || part === null) return false
  const prototype = Object.getPrototypeOf(part)
  return prototype === Object.prototype || prototype === null
}

function refuse(kind: string, maximum: number): never {
  throw new RefractError(
    'BAD_USER_INPUT',
    `A filter can hold ${maximum} ${kind} in all; more came. Ask in several requests.`,
  )
}
