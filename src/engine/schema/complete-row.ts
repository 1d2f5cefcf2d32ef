import type { Model } from '../datamodel/model.ts'
import type { Row } from '../operations/client.ts'
import { keyFields, keyOf, keyText, selectFields } from '../operations/key.ts'
import { findByKeys } from '../operations/read/find-by-keys.ts'
import type { Scope } from '../operations/scope.ts'
import { createLoader, sharedAt } from './loaders.ts'

/**
 * The row itself where it has the columns, which every row of a generated field does. A custom resolver may give a row
 * that was read without Pothos's query: then the row is read again by its key, together with others of its model.
 */
export function completeRow(
  scope: Scope,
  model: Model,
  names: readonly string[],
  row: Row,
): Row | Promise<Row> {
  return names.every(name => row[name] !== undefined) ? row : reloadRow(scope, model, row)
}

async function reloadRow(scope: Scope, model: Model, row: Row): Promise<Row> {
  const names = keyFields(model).map(field => field.name)
  const missing = names.filter(name => row[name] === undefined)
  if (missing.length > 0) {
    throw new Error(
      `A custom resolver gave a ${model.typeName} without its key: ${missing.join(', ')} is missing.`,
    )
  }
  const loader = await sharedAt(scope, `row:${model.name}`, async () =>
    createLoader<Row, Row | null>(
      keys => findByKeys(scope, model, names, keys, selectFields(model.scalars.map(field => field.name))),
      key => keyText(model, names, key),
    ),
  )
  const found = await loader.load(keyOf(model, row))
  if (!found) throw new Error(`A custom resolver gave a ${model.typeName} that is not in the database.`)
  return { ...found, ...row }
}
