import type { Model } from '../../datamodel/model.ts'
import type { Row } from '../client.ts'
import { scalarField } from '../key.ts'
import type { Scope } from '../scope.ts'
import { toJsonValue } from '../value-codec.ts'
import { forbiddenError, type InputPath, WriteFailure } from './write-error.ts'

/**
 * Makes sure that a link gives its columns no other values than the policy does, which nobody can choose.
 *
 * @param values the columns that link a row with the one that it is nested in
 * @returns what the policy gives the row
 * @throws WriteFailure (ForbiddenError)
 */
export function assertPresets(
  { access }: Scope,
  model: Model,
  kind: 'create' | 'update',
  values: Row,
  path: InputPath,
): Row {
  const presets = access.of(model).presets(kind)
  const textOf = (name: string, value: unknown) => toJsonValue(scalarField(model, name), value)
  const refused = Object.keys(values).find(
    name => name in presets && textOf(name, values[name]) !== textOf(name, presets[name]),
  )
  if (refused === undefined) return presets
  const { graphqlName } = scalarField(model, refused)
  throw new WriteFailure([
    forbiddenError(path, `The ${graphqlName} of this ${model.typeName} is not yours to choose.`),
  ])
}
