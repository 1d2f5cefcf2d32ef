import type { Field, Model, RelationField, ScalarField } from '../../datamodel/model.ts'
import { isNoRow } from '../../policy/logic.ts'
import type { ViewerAccess } from '../../policy/viewer-access.ts'
import { scalarField } from '../key.ts'
import { nestedVerbs } from './nested-verbs.ts'
import { planRelation } from './plan-relation.ts'
import { planValues, pointFields } from './plan-values.ts'
import type { Input, Planning } from './planning.ts'
import type { RelationPlan, RowPlan } from './row-plan.ts'
import type { InputPath } from './write-error.ts'

/** A create input to a plan. `without`: the relation to the parent, where the row is created in a nested write. */
export function planCreate(
  planning: Planning,
  model: Model,
  input: Input,
  path: InputPath,
  without: RelationField | null = null,
): RowPlan {
  const plan = planRow(planning, model, input, path, 'create', without)
  refuseMissing(planning, plan, without)
  return plan
}

/** An update input to a plan. `increment` are amounts to be added, by GraphQL field name. */
export function planUpdate(
  planning: Planning,
  model: Model,
  input: Input,
  path: InputPath,
  without: RelationField | null = null,
): RowPlan {
  return planRow(planning, model, input, path, 'update', without)
}

function planRow(
  planning: Planning,
  model: Model,
  input: Input,
  path: InputPath,
  kind: 'create' | 'update',
  without: RelationField | null,
): RowPlan {
  const own = planValues(planning, model, input, path, kind, without)
  const relations = planRelations(planning, model, input, path, kind, without)
  refuseTwice(planning, model, path, own.origins, relations)
  refuseNullPoints(planning, model, input, path)
  const fields = model.fields.filter(field => input[field.graphqlName] !== undefined).map(field => field.name)
  refuseUngiven(planning, model, path, kind, fields)
  const linked = linkedBy(relations, kind === 'create' ? without : null)
  return withPresets(planning, { model, path, ...own, relations, fields, linked }, kind)
}

/** A column can be set by itself or by a relation: the rules that hold for it hold both ways. */
function linkedBy(relations: readonly RelationPlan[], parent: RelationField | null): readonly string[] {
  const owned = relations.filter(
    ({ relation, steps }) => relation.ownsKey && steps.some(step => step.verb !== 'update'),
  )
  const columns = owned.flatMap(({ relation }) => relation.from)
  return parent && (parent.ownsKey || parent.isManyToMany)
    ? [...columns, parent.name, ...(parent.ownsKey ? parent.from : [])]
    : columns
}

/** The viewer's schema does not offer what the viewer may not give; said again for whoever comes past it. */
function refuseUngiven(
  planning: Planning,
  model: Model,
  path: InputPath,
  kind: 'create' | 'update',
  fields: readonly string[],
): void {
  for (const field of model.fields.filter(({ name }) => fields.includes(name))) {
    if (canGive(planning.access, model, field, kind)) continue
    planning.refuse(
      [...path, field.graphqlName],
      `${field.graphqlName}: expected no value, since it is not yours to give.`,
    )
  }
}

/** The viewer may give the field a value: the policy neither forbids it nor gives it one by itself. */
export function canGive(
  access: ViewerAccess,
  model: Model,
  field: Field,
  kind: 'create' | 'update',
): boolean {
  const modelAccess = access.of(model)
  const presets = modelAccess.presets(kind)
  const columns = field.kind === 'relation' ? (field.ownsKey ? field.from : []) : [field.name]
  return !isNoRow(modelAccess.field(field.name)[kind]) && !columns.some(name => name in presets)
}

function withPresets(planning: Planning, plan: RowPlan, kind: 'create' | 'update'): RowPlan {
  const presets = planning.access.of(plan.model).presets(kind)
  const names = Object.keys(presets)
  if (names.length === 0) return plan
  const origins = new Map([...plan.origins, ...names.map(name => [name, plan.path] as const)])
  return { ...plan, values: { ...plan.values, ...presets }, origins }
}

function planRelations(
  planning: Planning,
  model: Model,
  input: Input,
  path: InputPath,
  kind: 'create' | 'update',
  without: RelationField | null,
): RelationPlan[] {
  return model.relations.flatMap(relation => {
    const given = input[relation.graphqlName]
    if (relation === without || given === undefined || (given === null && kind === 'create')) return []
    const relationPath = [...path, relation.graphqlName]
    if (given === null) {
      const verbs = nestedVerbs(planning.datamodel, relation, kind).join(', ')
      planning.refuse(
        relationPath,
        `${relation.graphqlName}: expected an object with one of ${verbs}; null came.`,
      )
      return []
    }
    const planners = { create: planCreate, update: planUpdate }
    const steps = planRelation(planning, relation, given as Input, relationPath, kind, planners)
    const target = planning.datamodel.model(relation.target)
    return steps.length > 0 ? [{ relation, target, path: relationPath, steps }] : []
  })
}

/** A foreign key that two relations share may be given beside one of them; then the values must agree when they meet. */
function refuseTwice(
  planning: Planning,
  model: Model,
  path: InputPath,
  origins: ReadonlyMap<string, InputPath>,
  relations: readonly RelationPlan[],
): void {
  for (const { relation, steps } of relations) {
    if (!relation.ownsKey || steps.every(step => step.verb === 'update')) continue
    for (const name of relation.from) {
      const sharers = model.relations.filter(other => other.ownsKey && other.from.includes(name))
      if (!origins.has(name) || sharers.length > 1) continue
      const { graphqlName } = scalarField(model, name)
      planning.refuse(
        [...path, graphqlName],
        `Expected either ${graphqlName} or ${relation.graphqlName}, which both say the same; both came.`,
      )
    }
  }
}

function refuseMissing(planning: Planning, plan: RowPlan, without: RelationField | null): void {
  const { model, path } = plan
  const written = [...plan.relations.map(({ relation }) => relation), ...(without ? [without] : [])]
  const filled = new Set(written.flatMap(relation => (relation.ownsKey ? relation.from : [])))
  for (const field of model.scalars) {
    if (!isNeeded(field) || filled.has(field.name) || plan.origins.has(field.name)) continue
    const relation = model.relations.find(other => other.ownsKey && other.from.includes(field.name))
    if (relation && nestedVerbs(planning.datamodel, relation, 'create').length > 0) {
      planning.refuse(
        [...path, relation.graphqlName],
        `Expected ${relation.graphqlName} or ${field.graphqlName}; neither came, and ${model.typeName} cannot be without.`,
      )
    } else {
      planning.refuse([...path, field.graphqlName], `Expected a value for ${field.graphqlName}; none came.`)
    }
  }
}

/** A create has to give it. */
export function isNeeded(field: ScalarField): boolean {
  return field.isRequired && !field.isList && !field.hasDefault && !field.isUpdatedAt
}

function refuseNullPoints(planning: Planning, model: Model, input: Input, path: InputPath): void {
  for (const field of pointFields(model)) {
    if (!field.isRequired || input[field.graphqlName] !== null) continue
    planning.refuse([...path, field.graphqlName], `${field.graphqlName}: expected a Point; null came.`)
  }
}
