import type { Model } from '../../datamodel/model.ts'
import type { Row, Where } from '../client.ts'
import { keyOf, scalarField, selectFields } from '../key.ts'
import { findMatching } from '../read/find-matching.ts'
import { quoteIdentifier, quoteTable } from '../sql-name.ts'
import { versionToken } from '../version.ts'
import { keyValues } from './key-values.ts'
import { readTarget } from './read-row.ts'
import { linkSelect } from './row-draft.ts'
import type { TargetPlan } from './row-plan.ts'
import { validationError, WriteFailure } from './write-error.ts'
import type { WriteScope } from './write-scope.ts'

/**
 * Locks a row until the transaction ends, and compares its version: nobody can change it between the comparison and
 * the write.
 *
 * @returns the row's link columns, or null where there is no such row that exists for the caller
 * @throws WriteFailure (ConflictError) where the version is another; (ValidationError) where the caller may not read it
 */
export async function lockVersion(
  scope: WriteScope,
  model: Model,
  target: TargetPlan,
  ifVersion: string,
): Promise<Row | null> {
  const { versionField } = model
  if (!versionField) {
    const message = `Expected no ifVersion: ${model.typeName} has no version.`
    throw new WriteFailure([validationError(['ifVersion'], message)])
  }
  // nobody may make others wait for a row that does not exist for him
  const isThere = scope.access.isFull || (await readTarget(scope, model, target, linkSelect(model))) !== null
  if (!isThere) return null
  await lockRow(scope, model, target.where)
  const row = await readTarget(scope, model, target, {
    ...linkSelect(model),
    ...selectFields([versionField.name]),
  })
  if (!row) return null
  await assertReadable(scope, model, versionField.name, row)
  if (versionToken(model, row) !== ifVersion) throw new WriteFailure([conflictError(model, row, ifVersion)])
  return row
}

/** A comparison tells the version: once it fails in so many words, and anyhow by being tried often enough. */
async function assertReadable(scope: WriteScope, model: Model, fieldName: string, row: Row): Promise<void> {
  const [isReadable] = await findMatching(scope, model, scope.access.of(model).field(fieldName).read, [row])
  if (isReadable) return
  const message = `Expected no ifVersion: the version of this ${model.typeName} is not yours to read.`
  throw new WriteFailure([validationError(['ifVersion'], message)])
}

async function lockRow(scope: WriteScope, model: Model, where: Where): Promise<void> {
  if (scope.database.lockRow) return scope.database.lockRow(model, where)
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
