import type { Model } from '../../datamodel/model.ts'
import { delegateOf, type Row } from '../client.ts'
import { atLocation } from '../database-errors/located-error.ts'
import { keyRowsWhere } from './key-values.ts'
import type { InputPath } from './write-error.ts'
import type { WriteScope } from './write-scope.ts'

/** Deletes a row that was read with its primary key. */
export async function deleteRow(scope: WriteScope, model: Model, row: Row, path: InputPath): Promise<void> {
  const location = { model, action: 'delete', path, origins: new Map(), isBatch: false } as const
  await atLocation(location, () =>
    delegateOf(scope.database, model).deleteMany({ where: keyRowsWhere(model, [row]) }),
  )
}
