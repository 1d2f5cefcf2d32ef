import type { Datamodel, Model } from '../datamodel/model.ts'
import { evaluatePermission, evaluatePreset, evaluateRule, type Verdict } from './evaluate-rule.ts'
import { allOf, everyRow, isEveryRow, isNoRow, noRow, type Where } from './logic.ts'
import type { FieldPolicy, ModelPolicy, Permission, Rule } from './policy.ts'
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

const fullAccesses = new WeakMap<Model, ModelAccess>()

/** An administrator's access. */
export function createFullAccess(model: Model): ModelAccess {
  const known = fullAccesses.get(model)
  if (known) return known
  const made: ModelAccess = Object.freeze({
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
  })
  fullAccesses.set(model, made)
  return made
}

/** The access that a policy gives a viewer; none without a policy. */
export function createModelAccess(
  datamodel: Datamodel,
  model: Model,
  rules: ModelPolicy | undefined,
  viewer: Viewer,
): ModelAccess {
  return new RuledAccess(datamodel, model, rules, viewer)
}

/** A class, since its functions are made once and not for each model of each request. */
class RuledAccess implements ModelAccess {
  readonly model: Model
  readonly #datamodel: Datamodel
  readonly #rules: ModelPolicy | undefined
  readonly #viewer: Viewer
  readonly #verdicts = new Map<string, Verdict>()
  readonly #fields = new Map<string, FieldAccess>()
  readonly #presets = new Map<string, Readonly<Record<string, unknown>>>()

  constructor(datamodel: Datamodel, model: Model, rules: ModelPolicy | undefined, viewer: Viewer) {
    this.#datamodel = datamodel
    this.model = model
    this.#rules = rules
    this.#viewer = viewer
  }

  get read(): Where {
    return this.verdict('read').where
  }

  get create(): Where {
    return this.verdict('create').where
  }

  get update(): Where {
    return allOf([this.read, this.verdict('update').where])
  }

  get delete(): Where {
    return allOf([this.read, this.verdict('delete').where])
  }

  field(name: string): FieldAccess {
    const known = this.#fields.get(name)
    if (known) return known
    const made = this.#rules ? this.#createFieldAccess(this.#rules, name) : noFieldAccess
    this.#fields.set(name, made)
    return made
  }

  linkable(name: string): Where {
    const { update, write } = this.#rules ? fieldPolicyOf(this.model, this.#rules, name) : {}
    const isSaid = update !== undefined || write !== undefined
    return isSaid ? allOf([this.read, this.#askField(name, 'update').where]) : this.update
  }

  presets(operation: 'create' | 'update'): Readonly<Record<string, unknown>> {
    const known = this.#presets.get(operation)
    if (known) return known
    const place = `${this.model.name}.presets.${operation}`
    const made = evaluatePreset(this.model, this.#rules?.presets?.[operation], this.#viewer, place)
    this.#presets.set(operation, made)
    return made
  }

  checkOfCreate(written: Where, names: readonly string[]): Where {
    const given = names.map(name => this.#askField(name, 'create'))
    const verdicts = [this.verdict('create'), ...given]
    return allOf(verdicts.map(one => excluding(this.#datamodel, this.model, one, written)))
  }

  checkOfUpdate(changed: readonly string[], names: readonly string[]): UpdateCheck {
    return checkOfUpdate({
      datamodel: this.#datamodel,
      model: this.model,
      verdict: this.verdict('check'),
      changed,
      given: allOf(names.map(name => this.#askField(name, 'update').where)),
      // what is not said is what `update` says, which holds of the row already
      isSaid: this.#rules?.check !== undefined,
    })
  }

  verdict(operation: Operation | 'check'): Verdict {
    const rules = this.#rules
    return this.#ask(operation, operation === 'check' ? (rules?.check ?? rules?.update) : rules?.[operation])
  }

  fieldVerdict(name: string): Verdict {
    return this.#askField(name, 'read')
  }

  #ask(place: string, rule: Rule | undefined): Verdict {
    const known = this.#verdicts.get(place)
    if (known) return known
    const verdict = evaluateRule(
      this.#datamodel,
      this.model,
      rule,
      this.#viewer,
      `${this.model.name}.${place}`,
    )
    this.#verdicts.set(place, verdict)
    return verdict
  }

  #askField(name: string, rule: 'read' | 'create' | 'update'): Verdict {
    const policy = this.#rules ? fieldPolicyOf(this.model, this.#rules, name) : nothingAllowed
    return this.#ask(
      `fields.${name}.${rule}`,
      policy[rule] ?? (rule === 'read' ? undefined : policy.write) ?? true,
    )
  }

  #createFieldAccess(rules: ModelPolicy, name: string): FieldAccess {
    if (rules.fields?.[name] === undefined && rules.otherFields === undefined) return fullFieldAccess
    const policy = fieldPolicyOf(this.model, rules, name)
    const read = this.#askField(name, 'read').where
    const create = this.#askField(name, 'create').where
    const update = this.#askField(name, 'update').where
    return Object.freeze({
      read,
      isFilterable: !isNoRow(read) && this.#isPermitted(policy.filter, name, 'filter'),
      isOrderable: isEveryRow(read) && this.#isPermitted(policy.order, name, 'order'),
      create,
      update,
      isNullWhenHidden: policy.whenHidden === 'null',
    })
  }

  #isPermitted(permission: Permission | undefined, name: string, rule: 'filter' | 'order'): boolean {
    return evaluatePermission(permission, this.#viewer, true, `${this.model.name}.fields.${name}.${rule}`)
  }
}

const nothingAllowed: FieldPolicy = Object.freeze({ read: false, write: false })

const noFieldAccess: FieldAccess = Object.freeze({
  read: noRow,
  isFilterable: false,
  isOrderable: false,
  create: noRow,
  update: noRow,
  isNullWhenHidden: false,
})

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
