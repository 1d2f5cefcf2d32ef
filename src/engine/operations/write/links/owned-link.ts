import type { Model, ScalarField } from '../../../datamodel/model.ts'
import { delegateOf, type Row, type Where } from '../../client.ts'
import { atLocation } from '../../database-errors/located-error.ts'
import { scalarField } from '../../key.ts'
import { hasLink, toRelated } from '../../read/relation-link.ts'
import { visible } from '../../scope.ts'
import { toJsonValue } from '../../value-codec.ts'
import { assertPresets } from '../assert-presets.ts'
import { authorizeUpdate } from '../authorize.ts'
import { deleteRow } from '../delete-row.ts'
import { keyRowsWhere } from '../key-values.ts'
import { linkSelect, type RowDraft } from '../row-draft.ts'
import type { RelationPlan } from '../row-plan.ts'
import { versionBump } from '../version-bump.ts'
import { validationError, WriteFailure } from '../write-error.ts'
import type { WriteScope } from '../write-scope.ts'
import type { Link, LinkTarget } from './link.ts'

/** A relation whose foreign key is on the row that is being written: linking fills in the draft. */
export function createOwnedLink(
  scope: WriteScope,
  plan: RelationPlan,
  draft: RowDraft,
  current: Row | null,
): Link {
  const { relation, target } = plan
  const columns = relation.from.map(name => scalarField(draft.plan.model, name))
  const attach = async ([first]: readonly LinkTarget[]) => {
    if (!first) return
    await releaseTarget(scope, plan, draft.plan.model, first)
    for (const [index, field] of columns.entries()) {
      fillIn(draft, field, first.row[relation.to[index] ?? ''], first)
    }
  }
  const detach = async ([first]: readonly LinkTarget[]) => {
    for (const field of columns) if (first && !field.isRequired) fillIn(draft, field, null, first)
  }
  return {
    preset: {},
    filter: current && hasLink(relation, current) ? (toRelated(relation, current) as Where) : null,
    adopt: attach,
    attach,
    detach,
    makeRoom: async () => undefined,
    // the row refers to it until it is written
    remove: async targets => {
      await detach(targets)
      for (const { row, path } of targets) {
        draft.afterwards.push(async () => void (await deleteRow(scope, target, row, path)))
      }
    },
  }
}

/**
 * At the other end of an optional one-to-one relation is one row at most: the one that held it lets it go. One that does not
 * exist for the caller keeps it: then the key is taken, as by any other row.
 */
async function releaseTarget(
  scope: WriteScope,
  { relation, target }: RelationPlan,
  model: Model,
  { row, path }: LinkTarget,
): Promise<void> {
  const inverse = target.relations.find(field => field.name === relation.inverse)
  if (inverse?.isList !== false || relation.isRequired) return
  const held = Object.fromEntries(relation.from.map((name, index) => [name, row[relation.to[index] ?? '']]))
  const names = relation.from.filter(name => !scalarField(model, name).isRequired)
  const emptied = Object.fromEntries(names.map(name => [name, null]))
  const values = { ...assertPresets(scope, model, 'update', emptied, path), ...emptied }
  const origins = new Map(names.map(name => [name, path]))
  const release = (where: Where) =>
    atLocation({ model, action: 'update', path, origins, isBatch: false }, () =>
      delegateOf(scope.database, model).updateMany({
        where,
        data: { ...values, ...versionBump(model, values) },
      }),
    )
  if (scope.access.isFull) {
    await release(held)
    return
  }
  const where = visible(scope, model, held)
  const rows = await delegateOf(scope.database, model).findMany({ where, select: linkSelect(model) })
  if (rows.length === 0) return
  // whoever takes the row from another one has to be allowed to change that one
  const holders = rows.map(one => ({ row: one, path }))
  const fields = [...names, relation.name]
  const checkAfter = await authorizeUpdate(scope, model, holders, Object.keys(values), fields)
  await release(keyRowsWhere(model, rows))
  await checkAfter(holders)
}

/** Two relations can share a column, as with a tenant's id in every foreign key: both must then mean the same row. */
function fillIn(draft: RowDraft, field: ScalarField, value: unknown, { path }: LinkTarget): void {
  const isFilled = draft.origins.has(field.name) && draft.values[field.name] !== undefined
  const before = toJsonValue(field, draft.values[field.name])
  const after = toJsonValue(field, value)
  if (isFilled && value !== null && before !== after) {
    throw new WriteFailure([
      validationError(
        path,
        `Expected a row whose ${field.graphqlName} is ${JSON.stringify(before)}, as the rest of the input has it; one with ${JSON.stringify(after)} came.`,
      ),
    ])
  }
  draft.values[field.name] = value
  draft.origins.set(field.name, path)
}
