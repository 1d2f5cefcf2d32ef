import type { Model } from '../../datamodel/model.ts'
import type { Row } from '../client.ts'

/**
 * What a change of a row has to do beside its own columns so that the row's version moves on: a counter goes up,
 * unless the change sets it; an `@updatedAt` field is Prisma's business.
 *
 * @param values the columns that the change sets
 */
export function versionBump(model: Model, values: Row): Row {
  const field = model.versionField
  if (!field || field.isUpdatedAt || field.name in values) return {}
  return { [field.name]: { increment: 1 } }
}

/** The same for a change that sets no column of its own, as of a join table: `@updatedAt` is set as well. */
export function versionTouch(model: Model, values: Row): Row {
  const field = model.versionField
  if (!field?.isUpdatedAt) return versionBump(model, values)
  return field.name in values ? {} : { [field.name]: new Date() }
}
