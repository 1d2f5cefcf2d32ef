import type { Model } from '../../../datamodel/model.ts'
import type { Row, Where } from '../../client.ts'
import { delegateOf } from '../../client.ts'
import { atLocation } from '../../database-errors/located-error.ts'
import { scalarField } from '../../key.ts'
import { hasLink, toRelated } from '../../read/relation-link.ts'
import { visible } from '../../scope.ts'
import { assertPresets } from '../assert-presets.ts'
import { authorizeUpdate } from '../authorize.ts'
import { deleteRow } from '../delete-row.ts'
import { keyRowsWhere } from '../key-values.ts'
import { isLinkRequired } from '../nested-verbs.ts'
import { linkSelect } from '../row-draft.ts'
import type { RelationPlan } from '../row-plan.ts'
import { versionBump } from '../version-bump.ts'
import { type InputPath, validationError, WriteFailure } from '../write-error.ts'
import type { WriteScope } from '../write-scope.ts'
import type { Link, LinkTarget } from './link.ts'

/**
 * A relation whose foreign key is at the other end: linking changes the rows there.
 *
 * @param parent the row, as it was written
 * @param isNew nothing can be linked with the row yet
 */
export function createForeignLink(scope: WriteScope, plan: RelationPlan, parent: Row, isNew: boolean): Link {
  const { relation, target } = plan
  if (!hasLink(relation, parent)) throw new WriteFailure([validationError(plan.path, unlinkable(plan))])
  const preset = toRelated(relation, parent)
  const change = (targets: readonly LinkTarget[], values: Row) => changeRows(scope, plan, targets, values)
  const detach = (targets: readonly LinkTarget[]) => change(targets, emptied(plan))
  return {
    preset,
    filter: isNew ? null : (preset as Where),
    adopt: async () => undefined,
    attach: targets => change(targets, preset),
    detach,
    makeRoom: async path => {
      if (relation.isList || isNew) return
      // a hidden one stays where it is: then the key is taken, as by any other row
      const row = await delegateOf(scope.database, target).findFirst({
        where: visible(scope, target, preset as Where),
        select: linkSelect(target),
      })
      if (!row) return
      refuseOccupied(scope, plan, path)
      await detach([{ row, path }])
    },
    // whoever deletes rows has asked the policy
    remove: async targets => {
      for (const { row, path } of targets) await deleteRow(scope, target, row, path)
    },
  }
}

function unlinkable({ relation, target }: RelationPlan): string {
  return `${relation.graphqlName}: no ${target.typeName} can be linked with a row whose ${relation.from.join(', ')} is null.`
}

/** The columns of the foreign key that can be null, as null. */
function emptied({ relation, target }: RelationPlan): Row {
  const names = relation.to.filter(name => !scalarField(target, name).isRequired)
  return Object.fromEntries(names.map(name => [name, null]))
}

/** Sets the foreign key of rows that the caller may change. */
async function changeRows(
  scope: WriteScope,
  { relation, target }: RelationPlan,
  targets: readonly LinkTarget[],
  values: Row,
): Promise<void> {
  const [first] = targets
  if (!first) return
  const columns = Object.keys(values)
  const written = { ...assertPresets(scope, target, 'update', values, first.path), ...values }
  const fields = [...columns, relation.inverse]
  const checkAfter = await authorizeUpdate(scope, target, targets, Object.keys(written), fields)
  await writeRows(scope, target, targets, written)
  await checkAfter(targets.map(({ row, path }) => ({ row: { ...row, ...written }, path })))
}

/** One statement, or one a row where the error has to name the row. */
async function writeRows(
  scope: WriteScope,
  target: Model,
  targets: readonly LinkTarget[],
  values: Row,
): Promise<void> {
  const [first] = targets
  if (!first) return
  const delegate = delegateOf(scope.database, target)
  const data = { ...values, ...versionBump(target, values) }
  const isBatch = targets.length > 1
  const location = (path: InputPath) => ({
    ...{ model: target, action: 'update' as const, path, isBatch: isBatch && !scope.isRowByRow },
    origins: new Map(Object.keys(values).map(name => [name, path])),
  })
  if (isBatch && !scope.isRowByRow) {
    const where = keyRowsWhere(
      target,
      targets.map(({ row }) => row),
    )
    await atLocation(location(first.path), () => delegate.updateMany({ where, data }))
    return
  }
  for (const { row, path } of targets) {
    await atLocation(location(path), () => delegate.updateMany({ where: keyRowsWhere(target, [row]), data }))
  }
}

function refuseOccupied(scope: WriteScope, { relation, target }: RelationPlan, path: InputPath): void {
  if (!isLinkRequired(scope.datamodel, relation)) return
  throw new WriteFailure([
    validationError(
      path,
      `${relation.graphqlName}: another ${target.typeName} is there, and it cannot be without this row. Expected update, upsert or delete.`,
    ),
  ])
}
