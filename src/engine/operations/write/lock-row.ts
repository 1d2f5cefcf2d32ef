import type { Model } from '../../datamodel/model.ts'
import type { Row, Where } from '../client.ts'
import { keyOf, scalarField, selectFields } from '../key.ts'
import { quoteIdentifier, quoteTable } from '../sql-name.ts'
import { versionToken } from '../version.ts'
import { keyValues } from './key-values.ts'
import { readRow } from './read-row.ts'
import { linkSelect } from './row-draft.ts'
import { validationError, WriteFailure } from './write-error.ts'
import type { WriteScope } from './write-scope.ts'

/**
 * Locks a row until the transaction ends, and compares its version: nobody can change it between the comparison and
 * the write.
 *
 * @returns the row's link columns, or null where there is no such row
 * @throws WriteFailure (ConflictError) where the version is another
 */
export async function lockVersion(
  scope: WriteScope,
  model: Model,
  where: Where,
  ifVersion: string,
): Promise<Row | null> {
  const { versionField } = model
  if (!versionField) {
    const message = `Expected no ifVersion: ${model.typeName} has no version.`
    throw new WriteFailure([validationError(['ifVersion'], message)])
  }
  await lockRow(scope, model, where)
  const row = await readRow(scope, model, where, {
    ...linkSelect(model),
    ...selectFields([versionField.name]),
  })
  if (row && versionToken(model, row) !== ifVersion) {
    throw new WriteFailure([conflictError(model, row, ifVersion)])
  }
  return row
}

async function lockRow(scope: WriteScope, model: Model, where: Where): Promise<void> {
  const entries = Object.entries(keyValues(model, where))
  const conditions = entries.map(
    ([name], index) => `${quoteIdentifier(scalarField(model, name).column)} = $${index + 1}`,
  )
  await scope.database.$queryRawUnsafe(
    `SELECT 1 AS locked FROM ${quoteTable(model)} WHERE ${conditions.join(' AND ')} FOR UPDATE`,
    ...entries.map(([, value]) => value),
  )
}

function conflictError(model: Model, row: Row, ifVersion: string) {
  const message = `Expected version ${JSON.stringify(ifVersion)} of this ${model.typeName}; it has changed since, to ${JSON.stringify(versionToken(model, row))}.`
  return { type: 'ConflictError', path: ['ifVersion'], message, model, key: keyOf(model, row) } as const
}
