import { RefractError } from '../../../errors.ts'
import type { Key, Model, ScalarField } from '../../datamodel/model.ts'
import type { Where } from '../client.ts'
import { exactFloat } from '../exact-float.ts'
import { scalarField } from '../key.ts'
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
 * The GraphQL `IssueUniqueInput` (one key given) to Prisma's unique `where`.
 *
 * @throws RefractError BAD_USER_INPUT where not exactly one key is given, or a value that no row can have
 */
export function uniqueWhere(model: Model, input: Readonly<Record<string, unknown>>): Where {
  const given = uniqueValues(model, input)
  for (const [field, value] of given.values) assertValue(field, value)
  return toUniqueWhere(given)
}

/** Prisma's unique `where` of a key. */
export function toUniqueWhere({ key, values }: UniqueValues): Where {
  const exact = values.map(
    ([field, value]) => [field.name, field.scalar === 'Float' ? exactFloat(value, false) : value] as const,
  )
  return { [key.name]: exact.length === 1 ? exact[0]?.[1] : Object.fromEntries(exact) }
}
