import type { Model } from '../../datamodel/model.ts'
import { allOf, anyOf, noRow } from '../../policy/logic.ts'
import { delegateOf, type Row, type Where } from '../client.ts'
import { keyText } from '../key.ts'
import { visible } from '../scope.ts'
import { withCondition } from '../where/unique-where.ts'
import { describeKey, keyValues } from './key-values.ts'
import type { Link, LinkTarget } from './links/link.ts'
import { linkSelect } from './row-draft.ts'
import type { LinkedTargetPlan, RowPlan, TargetPlan } from './row-plan.ts'
import { notFoundError, WriteFailure } from './write-error.ts'
import type { WriteScope } from './write-scope.ts'

/**
 * The rows that unique keys name and that exist for the caller, with their link columns: one statement.
 *
 * @throws WriteFailure (NotFoundError) for the first that is not there
 */
export async function findTargets(
  scope: WriteScope,
  model: Model,
  targets: readonly TargetPlan[],
): Promise<LinkTarget[]> {
  const known = targets.map(target => scope.known?.get(knownKey(model, target)))
  const found = known.includes(undefined) ? await findRows(scope, model, targets, null) : known
  return targets.map((target, index) => {
    const row = found[index]
    if (!row) throw new WriteFailure([missingTarget(model, target)])
    return { row, path: target.path }
  })
}

/** The rows that the connects of several rows name: one statement for each model. Those that are not there are left out. */
export async function findKnown(
  scope: WriteScope,
  plans: readonly RowPlan[],
): Promise<ReadonlyMap<string, Row>> {
  const known = new Map<string, Row>()
  const byModel = new Map<Model, Map<string, TargetPlan>>()
  for (const { relation, target, steps } of plans.flatMap(plan => plan.relations)) {
    const connects = relation.isList ? [] : steps.filter(step => step.verb === 'connect')
    const targets = byModel.get(target) ?? new Map<string, TargetPlan>()
    for (const one of connects.flatMap(step => step.targets)) targets.set(knownKey(target, one), one)
    byModel.set(target, targets)
  }
  for (const [model, targets] of byModel) {
    const found = await findRows(scope, model, [...targets.values()], null)
    for (const [index, key] of [...targets.keys()].entries()) {
      const row = found[index]
      if (row) known.set(key, row)
    }
  }
  return known
}

function knownKey(model: Model, { where }: TargetPlan): string {
  const key = keyValues(model, where)
  return `${model.name} ${Object.keys(key)} ${keyText(model, Object.keys(key), key)}`
}

/** The row that a unique key names and that exists for the caller, with its link columns, or null. */
export function findTarget(scope: WriteScope, model: Model, target: TargetPlan): Promise<Row | null> {
  return findRow(scope, model, target, null)
}

/**
 * The rows that unique keys name, out of those that a link holds: one statement.
 *
 * @throws WriteFailure (NotFoundError) for the first that is not there, or is another's
 */
export async function findLinked(
  scope: WriteScope,
  model: Model,
  link: Link,
  targets: readonly LinkedTargetPlan[],
): Promise<LinkTarget[]> {
  const found = await findLinkedRows(scope, model, link, targets)
  return targets.map((target, index) => {
    const row = found[index]
    if (!row) throw new WriteFailure([missingLinked(model, target)])
    return { row, path: target.path }
  })
}

/** The same, with null for what is not there. */
export async function findLinkedRows(
  scope: WriteScope,
  model: Model,
  link: Link,
  targets: readonly LinkedTargetPlan[],
): Promise<(Row | null)[]> {
  const { filter } = link
  if (filter === null) return targets.map(() => null)
  const named = targets.filter((target): target is TargetPlan => target.where !== null)
  if (named.length === targets.length) return findRows(scope, model, named, filter)
  const where = visible(scope, model, filter)
  return [await delegateOf(scope.database, model).findFirst({ where, select: linkSelect(model) })]
}

export function missingTarget(model: Model, { path, where }: TargetPlan) {
  return notFoundError(path, `Expected an existing ${model.typeName}; none has ${describeKey(model, where)}.`)
}

function missingLinked(model: Model, { path, where }: LinkedTargetPlan) {
  const which = where === null ? 'there is none' : `none has ${describeKey(model, where)}`
  return notFoundError(path, `Expected a ${model.typeName} that is linked with this row; ${which}.`)
}

async function findRows(
  scope: WriteScope,
  model: Model,
  targets: readonly TargetPlan[],
  filter: Where | null,
): Promise<(Row | null)[]> {
  const [first] = targets
  if (!first) return []
  if (targets.length === 1) return [await findRow(scope, model, first, filter)]
  const keys = targets.map(target => keyValues(model, target.where))
  const select = {
    ...linkSelect(model),
    ...Object.fromEntries(keys.flatMap(Object.keys).map(name => [name, true])),
  }
  const named = keys.map((key, index) => allOf([key, targets[index]?.condition ?? noRow]))
  const where = visible(scope, model, allOf([anyOf(named), ...(filter ? [filter] : [])]))
  const rows = await delegateOf(scope.database, model).findMany({
    where,
    select,
    relationLoadStrategy: 'query',
  })
  const found: (Row | null)[] = []
  for (const [index, key] of keys.entries()) {
    const names = Object.keys(key)
    const text = keyText(model, names, key)
    const row = rows.find(candidate => keyText(model, names, candidate) === text)
    const target = targets[index]
    // a column that ignores case holds its key in another spelling: then the database compares
    found.push(row ?? (target && rows.length > 0 ? await findRow(scope, model, target, filter) : null))
  }
  return found
}

function findRow(
  scope: WriteScope,
  model: Model,
  { where, condition }: TargetPlan,
  filter: Where | null,
): Promise<Row | null> {
  const conditions = visible(scope, model, allOf([condition, ...(filter ? [filter] : [])]))
  return delegateOf(scope.database, model).findUnique({
    where: withCondition(where, conditions),
    select: linkSelect(model),
    relationLoadStrategy: 'query',
  })
}
