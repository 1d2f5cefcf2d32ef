import { RefractError } from '../../../errors.ts'
import type { ScalarField } from '../../datamodel/model.ts'
import type { PrismaNulls, Where } from '../client.ts'
import { allOf } from './logic.ts'

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
  const conditions: Where[] = []
  if (filter.equals !== undefined) conditions.push(equalsCondition(field, path, filter.equals, nulls))
  if (filter.not !== undefined) conditions.push({ NOT: [equalsCondition(field, path, filter.not, nulls)] })
  if (filter.contains !== undefined) conditions.push(containsCondition(field, path, filter.contains, nulls))
  if (typeof filter.hasKey === 'string') conditions.push(hasKey(field, [...path, filter.hasKey], nulls))
  return allOf(conditions)
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

/** Prisma knows containment for arrays only: an object's is that of each of its values at their paths. */
function containsCondition(
  field: ScalarField,
  path: readonly string[],
  value: unknown,
  nulls: PrismaNulls,
): Where {
  if (Array.isArray(value)) return at(field, path, { array_contains: value })
  if (typeof value !== 'object' || value === null) return equalsCondition(field, path, value, nulls)
  const entries = Object.entries(value)
  if (entries.length === 0) {
    throw new RefractError(
      'BAD_USER_INPUT',
      `${field.graphqlName}.contains expects an object with at least one key; an empty one came.`,
    )
  }
  return allOf(entries.map(([key, item]) => containsCondition(field, [...path, key], item, nulls)))
}
