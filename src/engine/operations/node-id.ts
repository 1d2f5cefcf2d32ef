import type { Datamodel, Model } from '../datamodel/model.ts'
import type { Row } from './client.ts'
import { keyFields } from './key.ts'
import { fromJsonValue, toJsonValue } from './value-codec.ts'

/** An opaque id of a row in the whole API: base64url of a JSON list of the type's name and the key's values. */
export function encodeNodeId(model: Model, key: Row): string {
  const values = keyFields(model).map(field => toJsonValue(field, key[field.name]))
  return Buffer.from(JSON.stringify([model.typeName, ...values])).toString('base64url')
}

/** The model and key of an id, or null where it is none: to a client the same as an id of no row. */
export function decodeNodeId(datamodel: Datamodel, nodeId: string): { model: Model; key: Row } | null {
  const [typeName, ...values] = parse(nodeId)
  const model = datamodel.models.find(candidate => candidate.typeName === typeName && candidate.primaryKey)
  if (!model) return null
  const fields = keyFields(model)
  const key = fields.map(
    (field, index) => [field.name, fromJsonValue(datamodel, field, values[index])] as const,
  )
  const isKey =
    values.length === fields.length && key.every(([, value]) => value !== undefined && value !== null)
  return isKey ? { model, key: Object.fromEntries(key) } : null
}

function parse(nodeId: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(nodeId, 'base64url').toString())
    return Array.isArray(value) ? value : []
  } catch (error) {
    if (error instanceof SyntaxError) return []
    throw error
  }
}
