import fc from 'fast-check'
import type { Datamodel, Model, ScalarField } from '../../../../src/engine/datamodel/model.ts'
import { isNull, type Policy } from '../../../../src/engine/index.ts'
import type { ModelPolicy, Rule } from '../../../../src/engine/policy/policy.ts'
import { values } from './values.ts'

type Filter = Readonly<Record<string, unknown>>

/** Which rows: all, none, or those that a filter matches, in which null is NULL. */
export type RowRule = boolean | Filter

export interface FieldRules {
  readonly read: RowRule
  readonly write: RowRule
  readonly filter: boolean
  readonly order: boolean
}

export interface ModelRules {
  readonly read: RowRule
  readonly create: RowRule
  readonly update: RowRule
  readonly delete: RowRule
  readonly fields: Readonly<Record<string, FieldRules>>
}

/** The rules of all models, as data, by model. */
export type Rules = Readonly<Record<string, ModelRules>>

/** How far rules go. */
export interface Reach {
  /** How many relations away they may look. */
  readonly depth: number
  /** The columns that they look at. */
  isNamed(model: Model, field: ScalarField): boolean
  /** The fields that they hide. */
  isHidden(model: Model, fieldName: string): boolean
  /** Whether fields can be hidden in some of the rows. */
  readonly hidesInSome: boolean
}

/** Rules that look at anything and hide anything. */
export const everything: Reach = { depth: 2, isNamed: () => true, isHidden: () => true, hidesInSome: true }

export function arbitraryRules(datamodel: Datamodel, reach: Reach): fc.Arbitrary<Rules> {
  return fc.record(
    Object.fromEntries(
      datamodel.models.map(model => [model.name, arbitraryModelRules(datamodel, model, reach)]),
    ),
  )
}

function arbitraryModelRules(datamodel: Datamodel, model: Model, reach: Reach): fc.Arbitrary<ModelRules> {
  const filter = arbitraryFilter(datamodel, model, reach, reach.depth)
  const write = fc.oneof({ weight: 2, arbitrary: fc.constant<RowRule>(true) }, filter)
  return fc.record({
    read: fc.oneof({ weight: 1, arbitrary: fc.constant<RowRule>(true) }, { weight: 4, arbitrary: filter }),
    create: write,
    update: write,
    delete: write,
    fields: fc.record(
      Object.fromEntries(
        hideable(model).map(field => [field.name, arbitraryFieldRules(datamodel, model, field.name, reach)]),
      ),
    ),
  })
}

/** The primary key is as visible as its row. */
function hideable(model: Model): Model['fields'] {
  return model.fields.filter(field => !model.primaryKey?.fields.includes(field.name))
}

function arbitraryFieldRules(
  datamodel: Datamodel,
  model: Model,
  fieldName: string,
  reach: Reach,
): fc.Arbitrary<FieldRules> {
  const filter = arbitraryFilter(datamodel, model, reach, Math.min(reach.depth, 1))
  const all = fc.constant<RowRule>(true)
  const some = fc.oneof(
    { weight: 6, arbitrary: all },
    { weight: 1, arbitrary: fc.constant<RowRule>(false) },
    { weight: 2, arbitrary: filter },
  )
  return fc.record({
    read: !reach.isHidden(model, fieldName) ? all : reach.hidesInSome ? some : mostly,
    write: fc.oneof({ weight: 9, arbitrary: all }, some),
    filter: mostly,
    order: mostly,
  })
}

const mostly = fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.constant(false))

/** Filters as a rule gives them; null is NULL. */
export function arbitraryFilter(
  datamodel: Datamodel,
  model: Model,
  reach: Reach,
  depth: number,
): fc.Arbitrary<Filter> {
  const named = model.scalars.filter(field => field.scalar !== 'Json' && reach.isNamed(model, field))
  const column = fc.oneof(...named.map(field => one(field.name, columnFilter(datamodel, field))))
  if (depth === 0) return column
  const inner = arbitraryFilter(datamodel, model, reach, depth - 1)
  const relations = model.relations.map(field => {
    const related = arbitraryFilter(datamodel, datamodel.model(field.target), reach, depth - 1)
    const orNull = fc.oneof({ weight: 4, arbitrary: related }, fc.constant(null))
    const parts = field.isList
      ? ['some', 'every', 'none'].map(name => one(name, related))
      : ['is', 'isNot'].map(name => one(name, field.isRequired ? related : orNull))
    return one(field.name, fc.oneof(...parts))
  })
  const pair = fc.array(inner, { minLength: 2, maxLength: 2 })
  return fc.oneof(
    { weight: 4, arbitrary: column },
    { weight: 3, arbitrary: fc.oneof(...relations) },
    { weight: 2, arbitrary: fc.oneof(one('OR', pair), one('AND', pair), one('NOT', inner)) },
  )
}

function columnFilter(datamodel: Datamodel, field: ScalarField): fc.Arbitrary<Filter> {
  const value = fc.constantFrom(...values(datamodel, field))
  if (field.isList) return fc.oneof(one('has', value), one('isEmpty', fc.boolean()))
  const orNull = field.isRequired ? value : fc.option(value, { freq: 3 })
  const list = fc.array(value, { minLength: 1, maxLength: 3 })
  const parts = [one('equals', orNull), one('not', orNull), one('in', list), one('notIn', list)]
  if (!field.enumName) parts.push(one('gt', value), one('lte', value))
  // an empty text is taken for a value that is missing
  const text = value.filter(made => made !== '')
  if (field.scalar === 'String') parts.push(one('contains', text), one('startsWith', text))
  return fc.oneof(...parts)
}

function one(name: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<Filter> {
  return value.map(item => ({ [name]: item }))
}

/** Fields that are null where they are hidden from all rows; the others are absent then. */
const nullWhenHidden: ReadonlySet<string> = new Set([
  'age',
  'boss',
  'rent',
  'owner',
  'fee',
  'credit',
  'clubs',
])

/** Policies that say at each moment what `current` does then. */
export function policiesOf(datamodel: Datamodel, current: () => Rules): readonly Policy[] {
  return datamodel.models.map(model => ({
    model: model.name,
    rules: policyOf(model, () => current()[model.name]),
  }))
}

function policyOf(model: Model, current: () => ModelRules | undefined): ModelPolicy {
  const rule =
    (pick: (rules: ModelRules) => RowRule | undefined): Rule =>
    () => {
      const rules = current()
      const given = rules && pick(rules)
      return typeof given === 'object' ? toPolicyFilter(given) : (given ?? false)
    }
  const fields = hideable(model).map(({ name }) => {
    const field = (rules: ModelRules | undefined) => rules?.fields[name]
    return [
      name,
      {
        read: rule(rules => field(rules)?.read),
        write: rule(rules => field(rules)?.write),
        filter: () => field(current())?.filter ?? false,
        order: () => field(current())?.order ?? false,
        whenHidden: nullWhenHidden.has(name) ? ('null' as const) : ('absent' as const),
      },
    ]
  })
  return {
    read: rule(rules => rules.read),
    create: rule(rules => rules.create),
    update: rule(rules => rules.update),
    delete: rule(rules => rules.delete),
    fields: Object.fromEntries(fields),
  }
}

/** The filter as the author of a policy writes it. */
export function toPolicyFilter(filter: Filter): Filter {
  return withIsNull(filter) as Filter
}

function withIsNull(part: unknown): unknown {
  if (part === null) return isNull
  if (Array.isArray(part)) return part.map(withIsNull)
  if (typeof part !== 'object') return part
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, withIsNull(value)]))
}
