import { RefractError } from '../../../errors.ts'
import type { Model } from '../../datamodel/model.ts'
import type { Where } from '../client.ts'
import { scalarField } from '../key.ts'

/**
 * The GraphQL `IssueUniqueInput` (one key given) to Prisma's unique `where`.
 *
 * @throws RefractError BAD_USER_INPUT where not exactly one key is given
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
  if (key.fields.length === 1) return { [key.name]: value }
  const values = value as Readonly<Record<string, unknown>>
  return {
    [key.name]: Object.fromEntries(
      key.fields.map(name => [name, values[scalarField(model, name).graphqlName]]),
    ),
  }
}
