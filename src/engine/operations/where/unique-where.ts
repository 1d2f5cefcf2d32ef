import { RefractError } from '../../../errors.ts'
import type { Model } from '../../datamodel/model.ts'
import type { Where } from '../client.ts'
import { exactFloat } from '../exact-float.ts'
import { scalarField } from '../key.ts'
import { assertValue } from './scalar-filter.ts'

/**
 * The GraphQL `IssueUniqueInput` (one key given) to Prisma's unique `where`.
 *
 * @throws RefractError BAD_USER_INPUT where not exactly one key is given, or a value that no row can have
 */
export function uniqueWhere(model: Model, input: Readonly<Record<string, unknown>>): Where {
  const given = Object.entries(input).filter(([, value]) => value !== undefined)
  const [entry] = given
  const key = model.uniqueKeys.find(candidate => candidate.graphqlName === entry?.[0])
  const value = entry?.[1]
  if (given.length !== 1 || !key || value === null) {
    const names = model.uniqueKeys.map(candidate => candidate.graphqlName).join(', ')
    throw new RefractError('BAD_USER_INPUT', `Expected exactly one key of ${model.typeName}: ${names}.`)
  }
  const isSingle = key.fields.length === 1
  const values = key.fields.map(name => {
    const field = scalarField(model, name)
    const part = isSingle ? value : (value as Readonly<Record<string, unknown>>)[field.graphqlName]
    assertValue(field, part)
    return [name, field.scalar === 'Float' ? exactFloat(part, false) : part] as const
  })
  return { [key.name]: isSingle ? values[0]?.[1] : Object.fromEntries(values) }
}
