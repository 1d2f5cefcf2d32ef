import type { Model } from '../datamodel/model.ts'
import type { Row, Where } from '../operations/client.ts'
import { keyFields, keyOf, keyText } from '../operations/key.ts'
import { findMatching } from '../operations/read/find-matching.ts'
import { notedOf, readOf } from '../operations/read/read-along.ts'
import type { Scope } from '../operations/scope.ts'
import { isEveryRow, isNoRow } from '../policy/logic.ts'
import { createLoader, sharedAt } from './loaders.ts'

/**
 * What `read` gives where the viewer may read the field in the row, else null.
 */
export function ifReadable<Value>(
  scope: Scope,
  model: Model,
  fieldName: string,
  row: Row,
  read: () => Value | Promise<Value>,
): Value | null | Promise<Value | null> {
  if (scope.access.isFull) return read()
  const condition = scope.access.of(model).field(fieldName).read
  if (isEveryRow(condition)) return read()
  if (isNoRow(condition)) return null
  const isReadable = meets(scope, model, readOf(fieldName), condition, row)
  if (typeof isReadable === 'boolean') return isReadable ? read() : null
  return isReadable.then(holds => (holds ? read() : null))
}

/**
 * Whether a row, read with its key, meets a condition of a policy. Where that was not decided when the row was read, it takes
 * one statement for all rows of the request that ask at once.
 *
 * @param name tells apart the conditions that a request asks of the model
 */
export function meets(
  scope: Scope,
  model: Model,
  name: string,
  condition: Where,
  row: Row,
): boolean | Promise<boolean> {
  return notedOf(row, name) ?? askDatabase(scope, model, name, condition, row)
}

async function askDatabase(
  scope: Scope,
  model: Model,
  name: string,
  condition: Where,
  row: Row,
): Promise<boolean> {
  const names = keyFields(model).map(field => field.name)
  const loader = await sharedAt(scope, `meets:${model.name}.${name}`, async () =>
    createLoader<Row, boolean>(
      rows => findMatching(scope, model, condition, rows),
      key => keyText(model, names, key),
    ),
  )
  return loader.load(keyOf(model, row))
}
