import type { Datamodel, Model } from '../datamodel/model.ts'
import { evaluatePermission, evaluatePreset, evaluateRule, type Verdict } from './evaluate-rule.ts'
import { allOf, everyRow, isEveryRow, isNoRow, noRow, type Where } from './logic.ts'
import type { ModelPolicy, Rule } from './policy.ts'
import { fieldPolicyOf } from './policy-set.ts'
import { compilePolicyWhere, type Exclusion } from './policy-where.ts'
import { conjunctsOf, isSelfDependent, ownFields } from './self-dependence.ts'
import type { Viewer } from './viewer.ts'

export type Operation = 'read' | 'create' | 'update' | 'delete'

/** What a viewer may do with one field. */
export interface FieldAccess {
  /** The rows, out of those that can be read, in which the field can be. */
  readonly read: Where
  readonly isFilterable: boolean
  /** Rows can be ordered, grouped and aggregated by it. */
  readonly isOrderable: boolean
  /** What a new row has to be like for the field to be given a value. */
  readonly create: Where
  /** The rows in which the field can be changed. */
  readonly update: Where
  /** It is null where it is hidden from all rows; otherwise it is absent then. */
  readonly isNullWhenHidden: boolean
}

/** What a viewer may do with the rows of one model. Each rule is asked once, when it is needed first. */
export interface ModelAccess {
  readonly model: Model
  /** The rows that exist for the viewer. */
  readonly read: Where
  readonly create: Where
  /** The rows that can be changed, out of those that can be read. */
  readonly update: Where
  readonly delete: Where
  field(fieldName: string): FieldAccess
  /**
   * The rows that can be linked by a many-to-many relation that is written at its other end: what the policy says of
   * writing the field at this end, or, since linking changes both rows, those that can be updated.
   */
  linkable(relationName: string): Where
  /** The values that a write gets by itself, by Prisma field name; they cannot be given. */
  presets(operation: 'create' | 'update'): Readonly<Record<string, unknown>>
  /**
   * What new rows have to be like. A condition on other rows of the model itself does not see the new ones.
   *
   * @param fields the fields that the input gave a value
   */
  checkOfCreate(written: Where, fields: readonly string[]): Where
  /**
   * What a changed row has to be like: `before` it is changed, and `after`, where conditions on other rows of the model
   * do not see the changed ones.
   *
   * @param changed the columns and many-to-many relations that the change sets
   */
  checkOfUpdate(changed: readonly string[], fields: readonly string[]): UpdateCheck
  /** The verdict of a rule, for explanations. */
  verdict(operation: Operation | 'check'): Verdict
  fieldVerdict(fieldName: string): Verdict
}

export interface UpdateCheck {
  readonly before: Where
  after(written: Where): Where
  /** `after` holds of every row. */
  readonly isFree: boolean
}

const fullFieldAccess: FieldAccess = Object.freeze({
  read: everyRow,
  isFilterable: true,
  isOrderable: true,
  create: everyRow,
  update: everyRow,
  isNullWhenHidden: false,
})

const everything: Verdict = Object.freeze({ where: everyRow, source: null, note: null })
const freeUpdate: UpdateCheck = Object.freeze({ before: everyRow, after: () => everyRow, isFree: true })

/** An administrator's access. */
export function createFullAccess(model: Model): ModelAccess {
  return {
    model,
    read: everyRow,
    create: everyRow,
    update: everyRow,
    delete: everyRow,
    field: () => fullFieldAccess,
    linkable: () => everyRow,
    presets: () => ({}),
    checkOfCreate: () => everyRow,
    checkOfUpdate: () => freeUpdate,
    verdict: () => everything,
    fieldVerdict: () => everything,
  }
}

/** The access that a policy gives a viewer; none without a policy. */
export function createModelAccess(
  datamodel: Datamodel,
  model: Model,
  rules: ModelPolicy | undefined,
  viewer: Viewer,
): ModelAccess {
  const verdicts = new Map<string, Verdict>()
  const ask = (place: string, rule: Rule | undefined): Verdict => {
    const known = verdicts.get(place)
    if (known) return known
    const verdict = evaluateRule(datamodel, model, rule, viewer, `${model.name}.${place}`)
    verdicts.set(place, verdict)
    return verdict
  }
  const verdict = (operation: Operation | 'check') =>
    ask(operation, operation === 'check' ? (rules?.check ?? rules?.update) : rules?.[operation])
  const askField = (name: string, rule: 'read' | 'create' | 'update'): Verdict => {
    const policy = rules ? fieldPolicyOf(model, rules, name) : { read: false, write: false }
    return ask(`fields.${name}.${rule}`, policy[rule] ?? (rule === 'read' ? undefined : policy.write) ?? true)
  }
  const readable = (operation: Operation) => {
    const { where } = verdict(operation)
    return operation === 'read' || operation === 'create' ? where : allOf([verdict('read').where, where])
  }
  const fields = new Map<string, FieldAccess>()
  const presets = new Map<string, Readonly<Record<string, unknown>>>()
  const access: ModelAccess = {
    model,
    get read() {
      return readable('read')
    },
    get create() {
      return readable('create')
    },
    get update() {
      return readable('update')
    },
    get delete() {
      return readable('delete')
    },
    field: name => {
      const known = fields.get(name)
      if (known) return known
      const made = rules ? createFieldAccess(askField, model, rules, name, viewer) : noFieldAccess
      fields.set(name, made)
      return made
    },
    linkable: name => {
      const { update, write } = rules ? fieldPolicyOf(model, rules, name) : {}
      const isSaid = update !== undefined || write !== undefined
      return isSaid ? allOf([access.read, askField(name, 'update').where]) : access.update
    },
    presets: operation => {
      const known = presets.get(operation)
      if (known) return known
      const place = `${model.name}.presets.${operation}`
      const made = evaluatePreset(model, rules?.presets?.[operation], viewer, place)
      presets.set(operation, made)
      return made
    },
    checkOfCreate: (written, names) => {
      const given = names.map(name => askField(name, 'create'))
      return allOf([verdict('create'), ...given].map(one => excluding(datamodel, model, one, written)))
    },
    checkOfUpdate: (changed, names) => {
      const given = allOf(names.map(name => askField(name, 'update').where))
      // what is not said is what `update` says, which holds of the row already
      const isSaid = rules?.check !== undefined
      return checkOfUpdate({ datamodel, model, verdict: verdict('check'), changed, given, isSaid })
    },
    verdict,
    fieldVerdict: name => askField(name, 'read'),
  }
  return access
}

const noFieldAccess: FieldAccess = Object.freeze({
  read: noRow,
  isFilterable: false,
  isOrderable: false,
  create: noRow,
  update: noRow,
  isNullWhenHidden: false,
})

function createFieldAccess(
  ask: (name: string, rule: 'read' | 'create' | 'update') => Verdict,
  model: Model,
  rules: ModelPolicy,
  name: string,
  viewer: Viewer,
): FieldAccess {
  const policy = fieldPolicyOf(model, rules, name)
  const read = ask(name, 'read').where
  const permission = (rule: 'filter' | 'order', isPossible: boolean) =>
    isPossible && evaluatePermission(policy[rule], viewer, true, `${model.name}.fields.${name}.${rule}`)
  return Object.freeze({
    read,
    isFilterable: permission('filter', !isNoRow(read)),
    isOrderable: permission('order', isEveryRow(read)),
    create: ask(name, 'create').where,
    update: ask(name, 'update').where,
    isNullWhenHidden: policy.whenHidden === 'null',
  })
}

/** The verdict as a condition in which rows of the model itself do not see the given ones. */
function excluding(datamodel: Datamodel, model: Model, verdict: Verdict, rows: Where): Where {
  if (!verdict.source) return verdict.where
  const exclusion: Exclusion = { model, rows }
  return compilePolicyWhere(datamodel, model, verdict.source, exclusion)
}

/**
 * A condition on other rows of the model is asked before the change where the change does not touch what links the row
 * with them: the row as it was counts then. Somebody may so change the row that gives her or him the right to it, but
 * cannot move it to where it would give a right.
 */
function checkOfUpdate({
  datamodel,
  model,
  verdict,
  changed,
  given,
  isSaid,
}: UpdateCheckOptions): UpdateCheck {
  const { source } = verdict
  if (!source) return { before: given, after: () => verdict.where, isFree: isEveryRow(verdict.where) }
  const isBefore = (part: Where) =>
    isSelfDependent(datamodel, model, part) && !ownFields(model, part).some(name => changed.includes(name))
  const parts = conjunctsOf(source)
  const before = isSaid ? parts.filter(isBefore) : []
  const after = parts.filter(part => !isBefore(part))
  return {
    before: allOf([given, ...before.map(part => compilePolicyWhere(datamodel, model, part))]),
    after: rows => allOf(after.map(part => compilePolicyWhere(datamodel, model, part, { model, rows }))),
    isFree: after.length === 0,
  }
}

interface UpdateCheckOptions {
  readonly datamodel: Datamodel
  readonly model: Model
  readonly verdict: Verdict
  readonly changed: readonly string[]
  /** What the fields that are changed demand of the row as it was. */
  readonly given: Where
  /** The policy has a `check` of its own. */
  readonly isSaid: boolean
}
