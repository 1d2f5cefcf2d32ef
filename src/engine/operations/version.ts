import type { Model } from '../datamodel/model.ts'
import type { Row } from './client.ts'

/**
 * The token that `ifVersion` compares, of a row that was read with its version field: the digits of a counter, or an
 * `@updatedAt` moment as ISO 8601 in milliseconds.
 *
 * @throws Error for a model without a version field: it serves no `version`
 */
export function versionToken(model: Model, row: Row): string {
  if (!model.versionField) throw new Error(`${model.name} has no version field.`)
  const value = row[model.versionField.name]
  return value instanceof Date ? value.toISOString() : String(value)
}
