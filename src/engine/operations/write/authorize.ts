import type { Model } from '../../datamodel/model.ts'
import { allOf, isEveryRow, type Where } from '../../policy/logic.ts'
import type { ModelAccess } from '../../policy/model-access.ts'
import type { Row } from '../client.ts'
import { keyFields, whereRead } from '../key.ts'
import { findMatching } from '../read/find-matching.ts'
import type { Scope } from '../scope.ts'
import { forbiddenError, type InputPath, WriteFailure } from './write-error.ts'

/** A row, read with its key, and where the input names it. */
export interface NamedRow {
  readonly row: Row
  readonly path: InputPath
}

/** Looks at rows after they were written, by their keys as they are then. */
export type CheckAfter = (rows: readonly NamedRow[]) => Promise<void>

/**
 * Makes sure that rows may be changed, before they are.
 *
 * @param changed the columns and many-to-many relations that the change sets
 * @param fields the fields that the input says something about
 * @returns what has to be called once they were changed: the rows must be as the policy wants them then too
 * @throws WriteFailure (ForbiddenError) for the first that may not
 */
export async function authorizeUpdate(
  scope: Scope,
  model: Model,
  rows: readonly NamedRow[],
  changed: readonly string[],
  fields: readonly string[],
): Promise<CheckAfter> {
  const access = scope.access.of(model)
  const check = access.checkOfUpdate(changed, fields)
  await assertEach(scope, model, rows, allOf([access.update, check.before]), notToChange(model))
  return written =>
    check.isFree
      ? Promise.resolve()
      : assertEach(scope, model, written, check.after(keysOf(model, written)), notLikeThis(model, 'change'))
}

/** @throws WriteFailure (ForbiddenError) for the first row that may not be deleted */
export function authorizeDelete(scope: Scope, model: Model, rows: readonly NamedRow[]): Promise<void> {
  const message = `You may see this ${model.typeName}, but not delete it.`
  return assertEach(scope, model, rows, scope.access.of(model).delete, message)
}

/**
 * Makes sure that rows may be linked or unlinked by a many-to-many relation.
 *
 * @param relationName the relation's name at the end of the rows
 * @throws WriteFailure (ForbiddenError) for the first that may not
 */
export function authorizeLink(
  scope: Scope,
  model: Model,
  relationName: string,
  rows: readonly NamedRow[],
): Promise<void> {
  const message = `You may see this ${model.typeName}, but not link or unlink it.`
  return assertEach(scope, model, rows, scope.access.of(model).linkable(relationName), message)
}

/** A row that was created, and the fields that its input gave. */
export interface CreatedRow extends NamedRow {
  readonly fields: readonly string[]
}

/**
 * Makes sure that rows which were created together are as the policy wants them. None of them counts for another.
 *
 * @throws WriteFailure (ForbiddenError) for the first that is not
 */
export async function checkCreated(scope: Scope, model: Model, rows: readonly CreatedRow[]): Promise<void> {
  if (scope.access.isFull || rows.length === 0) return
  const access = scope.access.of(model)
  const written = keysOf(model, rows)
  for (const [names, alike] of groupByFields(access, rows)) {
    const condition = access.checkOfCreate(written, names)
    await assertEach(scope, model, alike, condition, notLikeThis(model, 'create'))
  }
}

/** Rows whose inputs gave the same of the fields that a rule looks at have one condition. */
function groupByFields(
  access: ModelAccess,
  rows: readonly CreatedRow[],
): Iterable<readonly [names: readonly string[], rows: readonly CreatedRow[]]> {
  const groups = new Map<string, readonly [string[], CreatedRow[]]>()
  for (const row of rows) {
    const names = row.fields.filter(name => !isEveryRow(access.field(name).create)).toSorted()
    const [, group] = groups.get(names.join()) ?? [names, []]
    group.push(row)
    groups.set(names.join(), [names, group])
  }
  return groups.values()
}

async function assertEach(
  scope: Scope,
  model: Model,
  rows: readonly NamedRow[],
  condition: Where,
  message: string,
): Promise<void> {
  if (rows.length === 0) return
  const matches = await findMatching(
    scope,
    model,
    condition,
    rows.map(({ row }) => row),
  )
  const refused = rows.find((_, index) => !matches[index])
  if (refused) throw new WriteFailure([forbiddenError(refused.path, message)])
}

function keysOf(model: Model, rows: readonly NamedRow[]): Where {
  const names = keyFields(model).map(field => field.name)
  return whereRead(
    model,
    names,
    rows.map(({ row }) => names.map(name => row[name])),
  )
}

function notToChange(model: Model): string {
  return `You may see this ${model.typeName}, but not change it like this.`
}

function notLikeThis(model: Model, verb: 'create' | 'change'): string {
  return verb === 'create'
    ? `This ${model.typeName} is not one that you may create.`
    : `You may not change this ${model.typeName} into what it would be then.`
}
