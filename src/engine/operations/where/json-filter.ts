import { RefractError } from '../../../errors.ts'
import { textFault } from '../../../lib/text-fault.ts'
import type { ScalarField } from '../../datamodel/model.ts'
import { allOf, anyOf } from '../../policy/logic.ts'
import type { PrismaNulls, Where } from '../client.ts'

const maximumPathLength = 100

/**
 * The filter on a JSON column: `path` (default: the whole value) with `equals`, `not`, `contains` and `hasKey`.
 * `contains` is PostgreSQL's containment: every key and element of the given value is in the stored one.
 *
 * @throws RefractError BAD_USER_INPUT for a value that containment cannot be asked of
 */
export function jsonCondition(
  field: ScalarField,
  filter: Readonly<Record<string, unknown>>,
  nulls: PrismaNulls,
): Where {
  const path = (filter.path ?? []) as readonly string[]
  assertKeys(field, typeof filter.hasKey === 'string' ? [...path, filter.hasKey] : path)
  const conditions: Where[] = []
  if (filter.equals !== undefined) conditions.push(equalsCondition(field, path, filter.equals, nulls))
  if (filter.not !== undefined) conditions.push({ NOT: [equalsCondition(field, path, filter.not, nulls)] })
  if (filter.contains !== undefined) conditions.push(containsCondition(field, path, filter.contains, nulls))
  if (typeof filter.hasKey === 'string') conditions.push(hasKey(field, [...path, filter.hasKey], nulls))
  return allOf(conditions)
}

/** Keys are sent as text, which PostgreSQL has to be able to hold. */
function assertKeys(field: ScalarField, keys: readonly string[]): void {
  if (keys.length > maximumPathLength) {
    throw new RefractError(
      'BAD_USER_INPUT',
      `${field.graphqlName}.path has ${keys.length} keys; at most ${maximumPathLength} are allowed.`,
    )
  }
  const fault = keys.map(textFault).find(found => found !== null)
  if (fault) throw new RefractError('BAD_USER_INPUT', `The keys of ${field.graphqlName} expect ${fault}.`)
}

function at(field: ScalarField, path: readonly string[], condition: Where): Where {
  return { [field.name]: path.length > 0 ? { path, ...condition } : condition }
}

function equalsCondition(
  field: ScalarField,
  path: readonly string[],
  value: unknown,
  nulls: PrismaNulls,
): Where {
  if (value !== null) return at(field, path, { equals: value })
  if (path.length > 0)
    return { OR: [at(field, path, { equals: nulls.JsonNull }), isMissing(field, path, nulls)] }
  return at(field, path, { equals: nulls.AnyNull })
}

function isMissing(field: ScalarField, path: readonly string[], nulls: PrismaNulls): Where {
  return at(field, path, { equals: nulls.DbNull })
}

function hasKey(field: ScalarField, path: readonly string[], nulls: PrismaNulls): Where {
  return at(field, path, { not: nulls.DbNull })
}

/**
 * Containment as PostgreSQL's `@>`; what is missing contains nothing. Prisma knows it for lists only: an object's is
 * that of each of its values at their paths. A list also contains a bare value, though not inside of an object.
 */
function containsCondition(
  field: ScalarField,
  path: readonly string[],
  value: unknown,
  nulls: PrismaNulls,
): Where {
  assertContainable(field, value)
  if (typeof value === 'object' && value !== null) return holds(field, path, value, nulls)
  return anyOf([holds(field, path, value, nulls), holds(field, path, [value], nulls)])
}

function holds(field: ScalarField, path: readonly string[], value: unknown, nulls: PrismaNulls): Where {
  if (Array.isArray(value)) {
    assertContainsLists(field)
    // the negation of Prisma's condition leaves out what is no list: the last element is there only where it is one
    return allOf([at(field, path, { array_contains: value }), hasKey(field, [...path, '-1'], nulls)])
  }
  if (typeof value !== 'object' || value === null) {
    return allOf([at(field, path, { equals: value ?? nulls.JsonNull }), hasKey(field, path, nulls)])
  }
  return allOf(Object.entries(value).map(([key, item]) => holds(field, [...path, key], item, nulls)))
}

/** PostgreSQL knows containment for `jsonb` only; that of an object is asked key by key. */
function assertContainsLists({ graphqlName, nativeType }: ScalarField): void {
  if (nativeType?.name !== 'Json') return
  throw new RefractError(
    'BAD_USER_INPUT',
    `${graphqlName}.contains expects an object of single values: the column is of the type json, which knows no more.`,
  )
}

/** Prisma has no condition for "is an object" and "is a list". */
function assertContainable(field: ScalarField, value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  const items = Object.values(value)
  if (items.length === 0) {
    const [kind, part] = Array.isArray(value) ? ['a list', 'element'] : ['an object', 'key']
    throw new RefractError(
      'BAD_USER_INPUT',
      `${field.graphqlName}.contains expects ${kind} with at least one ${part}; an empty one came.`,
    )
  }
  if (!Array.isArray(value)) for (const item of items) assertContainable(field, item)
}
