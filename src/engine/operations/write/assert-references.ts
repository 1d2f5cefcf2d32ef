import type { Model, RelationField } from '../../datamodel/model.ts'
import { allOf, isEveryRow, isNoRow } from '../../policy/logic.ts'
import { delegateOf, type Row } from '../client.ts'
import { danglingError } from '../database-errors/describe-reference.ts'
import { keyText, scalarField, selectFields, whereIn } from '../key.ts'
import { toRelated } from '../read/relation-link.ts'
import type { Scope } from '../scope.ts'
import type { RowDraft } from './row-draft.ts'
import { WriteFailure } from './write-error.ts'

/**
 * Makes sure that the foreign keys which inputs give as columns refer to rows that exist for the caller, as a `connect`
 * does: what the database would take tells that a hidden row is there. One statement for each relation whose target has a
 * policy.
 *
 * @param current the rows as they are, in step with the drafts, for keys of which only a part is given
 * @throws WriteFailure (ForeignKeyError), the same as for a row that is not there
 */
export async function assertReferences(
  scope: Scope,
  drafts: readonly RowDraft[],
  current: readonly (Row | null)[] = [],
): Promise<void> {
  const [first] = drafts
  if (!first || scope.access.isFull) return
  for (const relation of first.plan.model.relations) {
    if (relation.ownsKey) await assertRelation(scope, relation, drafts, current)
  }
}

async function assertRelation(
  scope: Scope,
  relation: RelationField,
  drafts: readonly RowDraft[],
  current: readonly (Row | null)[],
): Promise<void> {
  const target = scope.datamodel.model(relation.target)
  const { read } = scope.access.of(target)
  if (isEveryRow(read)) return
  const references = drafts.flatMap((draft, index) => {
    const isGiven = relation.from.some(name => draft.plan.fields.includes(name))
    const key = toRelated(relation, { ...current[index], ...draft.values })
    return isGiven && Object.values(key).every(isPresent) ? [{ draft, key }] : []
  })
  if (references.length === 0) return
  const tuples = references.map(({ key }) => relation.to.map(name => key[name]))
  const found = isNoRow(read)
    ? []
    : await delegateOf(scope.database, target).findMany({
        where: allOf([whereIn(relation.to, tuples), read]),
        select: selectFields(relation.to),
      })
  const existing = new Set(found.map(row => keyText(target, relation.to, row)))
  const missing = references.find(({ key }) => !existing.has(keyText(target, relation.to, key)))
  if (missing) throw new WriteFailure([missingReference(missing.draft, relation, target)])
}

function isPresent(value: unknown): boolean {
  return value !== null && value !== undefined
}

function missingReference({ plan, origins }: RowDraft, relation: RelationField, target: Model) {
  const { model, path } = plan
  const location = { model, action: 'create', path, origins, isBatch: false } as const
  const fields = relation.from.map(name => scalarField(model, name))
  return danglingError(location, fields, target.typeName)
}
