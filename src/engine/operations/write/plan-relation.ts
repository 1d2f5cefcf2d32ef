import type { Model, RelationField } from '../../datamodel/model.ts'
import { everyRow } from '../../policy/logic.ts'
import { isLinkRequired, nestedVerbs } from './nested-verbs.ts'
import { planUnique } from './plan-unique.ts'
import { type Input, type InputItem, itemsOf, type Planning } from './planning.ts'
import type { LinkedTargetPlan, NestedStep, NestedVerb, RowPlan } from './row-plan.ts'
import type { InputPath } from './write-error.ts'

/** How the row of a create or an update inside a relation is planned. */
export type RowPlanner = (
  planning: Planning,
  model: Model,
  input: Input,
  path: InputPath,
  without: RelationField | null,
) => RowPlan

export interface RowPlanners {
  readonly create: RowPlanner
  readonly update: RowPlanner
}

/** What the planners of the verbs share. */
interface RelationPlanning extends Planning {
  readonly planners: RowPlanners
  readonly relation: RelationField
  readonly target: Model
  readonly inverse: RelationField | null
}

/** The input of one relation to its steps, in the order in which they are done. */
export function planRelation(
  planning: Planning,
  relation: RelationField,
  input: Input,
  path: InputPath,
  kind: 'create' | 'update',
  planners: RowPlanners,
): NestedStep[] {
  const target = planning.datamodel.model(relation.target)
  const inverse = target.relations.find(field => field.name === relation.inverse) ?? null
  const verbs = nestedVerbs(planning.datamodel, relation, kind).filter(verb => isAsked(input[verb]))
  if (!relation.isList && verbs.length > 1) {
    planning.refuse(
      path,
      `${relation.graphqlName}: expected one of ${verbs.join(', ')}; ${verbs.length} came.`,
    )
    return []
  }
  return verbs.map(verb =>
    planStep({ ...planning, planners, relation, target, inverse }, verb, input[verb], [...path, verb]),
  )
}

/** False says of a to-one relation: do not disconnect, do not delete. */
function isAsked(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false
}

function planStep(planning: RelationPlanning, verb: NestedVerb, value: unknown, path: InputPath): NestedStep {
  const entries: InputItem[] = planning.relation.isList
    ? itemsOf(planning, value, path)
    : [{ item: value as Input, path }]
  switch (verb) {
    case 'create':
      return { verb, rows: entries.map(({ item, path }) => planChild(planning, item, path)) }
    case 'connect':
      return {
        verb,
        targets: entries.map(({ item, path }) => planUnique(planning, planning.target, item, path)),
      }
    case 'connectOrCreate':
      return { verb, targets: entries.map(entry => planConnectOrCreate(planning, entry)) }
    case 'set':
      return {
        verb,
        path,
        targets: entries.map(({ item, path }) => planUnique(planning, planning.target, item, path)),
      }
    case 'disconnect':
      refuseRequired(planning, path)
      return { verb, targets: entries.map(({ item, path }) => planLinked(planning, item, path)) }
    case 'delete':
      return { verb, targets: entries.map(({ item, path }) => planLinked(planning, item, path)) }
    case 'update':
      return { verb, targets: entries.map(entry => planUpdateStep(planning, entry)) }
    case 'upsert':
      return { verb, targets: entries.map(entry => planUpsertStep(planning, entry)) }
    case 'updateMany':
      return { verb, changes: entries.map(entry => planUpdateMany(planning, entry)) }
    case 'deleteMany':
      return { verb, filters: entries.map(({ item, path }) => ({ path, filter: item })) }
  }
}

function planChild(planning: RelationPlanning, item: Input, path: InputPath) {
  return planning.planners.create(planning, planning.target, item, path, planning.inverse)
}

function planChildUpdate(planning: RelationPlanning, item: unknown, path: InputPath) {
  return planning.planners.update(planning, planning.target, item as Input, path, planning.inverse)
}

function planConnectOrCreate(planning: RelationPlanning, { item, path }: InputItem) {
  return {
    ...planUnique(planning, planning.target, item.where as Input, [...path, 'where']),
    path,
    create: planChild(planning, item.create as Input, [...path, 'create']),
  }
}

function planUpdateStep(planning: RelationPlanning, { item, path }: InputItem) {
  if (!planning.relation.isList) return { ...theOnlyOne(path), data: planChildUpdate(planning, item, path) }
  return {
    ...planLinked(planning, item.where as Input, path),
    data: planChildUpdate(planning, item.data, [...path, 'data']),
  }
}

function planUpsertStep(planning: RelationPlanning, { item, path }: InputItem) {
  return {
    ...planLinked(planning, item.where as Input, path),
    create: planChild(planning, item.create as Input, [...path, 'create']),
    update: planChildUpdate(planning, item.update, [...path, 'update']),
  }
}

function planUpdateMany(planning: RelationPlanning, { item, path }: InputItem) {
  return {
    path,
    filter: item.where as Input,
    data: planning.planners.update(planning, planning.target, item.data as Input, [...path, 'data'], null),
  }
}

function planLinked(planning: RelationPlanning, item: Input, path: InputPath): LinkedTargetPlan {
  return planning.relation.isList ? planUnique(planning, planning.target, item, path) : theOnlyOne(path)
}

/** The row that a to-one relation has. */
function theOnlyOne(path: InputPath): LinkedTargetPlan {
  return { path, where: null, condition: everyRow }
}

function refuseRequired(planning: RelationPlanning, path: InputPath): void {
  const { relation, target, inverse } = planning
  if (!isLinkRequired(planning.datamodel, relation)) return
  planning.refuse(
    path,
    `${relation.graphqlName}: ${target.typeName} cannot be without ${inverse?.graphqlName ?? 'it'}; expected delete, or connect at another row, instead of disconnect.`,
  )
}
