import { RefractError } from '../../../errors.ts'
import type { Key, Model, ScalarField } from '../../datamodel/model.ts'
import { allOf, isEveryRow, isNoRow, noRow } from '../../policy/logic.ts'
import type { ViewerAccess } from '../../policy/viewer-access.ts'
import type { Where } from '../client.ts'
import { exactFloat } from '../exact-float.ts'
import { scalarField } from '../key.ts'
import { type Scope, visible } from '../scope.ts'
import { assertValue } from './scalar-filter.ts'

/** A unique key that an input gives, with its values as they came. */
export interface UniqueValues {
  readonly key: Key
  readonly values: readonly (readonly [field: ScalarField, value: unknown])[]
}

/**
 * The key that the GraphQL `IssueUniqueInput` gives; its values are not looked at.
 *
 * @throws RefractError BAD_USER_INPUT where not exactly one key is given
 */
export function uniqueValues(model: Model, input: Readonly<Record<string, unknown>>): UniqueValues {
  const given = Object.entries(input).filter(([, value]) => value !== undefined)
  const [entry] = given
  const key = model.uniqueKeys.find(candidate => candidate.graphqlName === entry?.[0])
  const value = entry?.[1]
  if (given.length !== 1 || !key || value === null) {
    const names = model.uniqueKeys.map(candidate => candidate.graphqlName).join(', ')
    throw new RefractError('BAD_USER_INPUT', `Expected exactly one key of ${model.typeName}: ${names}.`)
  }
  const values = key.fields.map(name => {
    const field = scalarField(model, name)
    const isSingle = key.fields.length === 1
    return [
      field,
      isSingle ? value : (value as Readonly<Record<string, unknown>>)[field.graphqlName],
    ] as const
  })
  return { key, values }
}

/**
 * The GraphQL `IssueUniqueInput` (one key given) to Prisma's unique `where`, for a row that exists for the viewer.
 *
 * @throws RefractError BAD_USER_INPUT where not exactly one key is given, one that the viewer may not look rows up by, or
 *   a value that no row can have
 */
export function uniqueWhere(scope: Scope, model: Model, input: Readonly<Record<string, unknown>>): Where {
  const given = uniqueValues(model, input)
  for (const [field, value] of given.values) assertValue(field, value)
  return withCondition(
    toUniqueWhere(given),
    visible(scope, model, keyCondition(scope.access, model, given.key)),
  )
}

/**
 * The rows that can be looked up by a key: those in which its fields can be read.
 *
 * @throws RefractError BAD_USER_INPUT for a key with a field that the viewer may not filter by
 */
export function keyCondition(viewerAccess: ViewerAccess, model: Model, key: Key): Where {
  const access = viewerAccess.of(model)
  const fields = key.fields.map(name => access.field(name))
  if (fields.some(field => !field.isFilterable)) {
    const names = model.uniqueKeys
      .filter(candidate => candidate.fields.every(name => access.field(name).isFilterable))
      .map(candidate => candidate.graphqlName)
      .join(', ')
    throw new RefractError('BAD_USER_INPUT', `Expected exactly one key of ${model.typeName}: ${names}.`)
  }
  return allOf(fields.map(field => field.read))
}

/** A unique `where` of Prisma with a condition that the row has to meet as well. */
export function withCondition(where: Where, condition: Where): Where {
  if (isEveryRow(condition)) return where
  // inside of AND Prisma drops it, and finds the row
  if (isNoRow(condition)) return { ...where, ...noRow }
  const others = where.AND === undefined ? [] : [where.AND].flat()
  return { ...where, AND: [...others, condition] }
}

/** Prisma's unique `where` of a key. */
export function toUniqueWhere({ key, values }: UniqueValues): Where {
  const exact = values.map(
    ([field, value]) => [field.name, field.scalar === 'Float' ? exactFloat(value, false) : value] as const,
  )
  return { [key.name]: exact.length === 1 ? exact[0]?.[1] : Object.fromEntries(exact) }
}
