import { StartError } from '../../errors.ts'
import { findSimilar } from '../../lib/find-similar.ts'
import { isOrderable } from '../datamodel/column-kind.ts'
import type { Datamodel, Model } from '../datamodel/model.ts'
import type { FieldPolicy, ModelPolicy, Policy } from './policy.ts'

/** The policies of a project, by model. */
export interface PolicySet {
  readonly datamodel: Datamodel
  /** The policy of a model; undefined where it has none, so that only administrators may have its rows. */
  of(modelName: string): ModelPolicy | undefined
  /** There are viewers for whom some rows of the model exist and others do not: a reference to one can be null. */
  hidesRows(model: Model): boolean
  /** There are viewers for whom the field is in the API and null. */
  hidesField(model: Model, fieldName: string): boolean
}

const ruleNames = ['read', 'create', 'update', 'check', 'delete', 'presets', 'fields', 'otherFields']
const fieldRuleNames = ['read', 'write', 'create', 'update', 'filter', 'order', 'whenHidden']

/**
 * Checks what policies name against the datamodel.
 *
 * @throws StartError that lists every model, field and rule that there is not, models with two policies, and read rules of
 *   fields that cursors are made of
 */
export function createPolicySet(datamodel: Datamodel, policies: readonly Policy[]): PolicySet {
  const faults = policies.flatMap(policy => findFaults(datamodel, policy))
  const byModel = new Map<string, ModelPolicy>()
  for (const { model, rules } of policies) {
    if (byModel.has(model)) faults.push(`${model} has two policies; expected one`)
    byModel.set(model, rules)
  }
  if (faults.length > 0) {
    throw new StartError(`The policies are wrong: ${faults.join('; ')}. Correct them and try again.`)
  }
  return Object.freeze({
    datamodel,
    of: (modelName: string) => byModel.get(modelName),
    hidesRows: (model: Model) => typeof byModel.get(model.name)?.read === 'function',
    hidesField: (model: Model, fieldName: string) => {
      const rules = byModel.get(model.name)
      if (!rules) return false
      const { read = true, whenHidden } = fieldPolicyOf(model, rules, fieldName)
      return typeof read === 'function' || (read === false && whenHidden === 'null')
    },
  })
}

function findFaults(datamodel: Datamodel, policy: Policy): string[] {
  const names = datamodel.models.map(({ name }) => name)
  const model = datamodel.models.find(({ name }) => name === policy.model)
  if (!model) return [unknownName(`there is no model ${policy.model}`, policy.model, names)]
  const { rules } = policy
  return [
    ...unknownNames(Object.keys(rules), ruleNames, name => `${model.name} has an unknown rule ${name}`),
    ...unknownNames(
      Object.keys(rules.fields ?? {}),
      model.fields.map(({ name }) => name),
      name => `${model.name} has no field ${name}`,
    ),
    ...Object.entries(rules.fields ?? {}).flatMap(([name, field]) =>
      unknownNames(
        Object.keys(field || {}),
        fieldRuleNames,
        rule => `${model.name}.${name} has an unknown rule ${rule}`,
      ),
    ),
    ...hiddenKeyFaults(model, rules),
  ]
}

function unknownNames(
  given: readonly string[],
  known: readonly string[],
  message: (name: string) => string,
): string[] {
  return given.filter(name => !known.includes(name)).map(name => unknownName(message(name), name, known))
}

function unknownName(message: string, name: string, known: readonly string[]): string {
  const similar = findSimilar(name, known)
  return similar ? `${message} (did you mean ${similar}?)` : message
}

/** Cursors and node ids are made of the primary key, or without one of every column with an order. */
function hiddenKeyFaults(model: Model, rules: ModelPolicy): string[] {
  return cursorFields(model)
    .filter(name => {
      const policy = rules.fields?.[name] ?? (model.primaryKey ? undefined : rules.otherFields)
      return policy === false || (policy?.read !== undefined && policy.read !== true)
    })
    .map(name =>
      model.primaryKey
        ? `${model.name}.${name} belongs to the primary key, which is as visible as its row: expected no read rule (to keep it from being written, say { write: false })`
        : `${model.name}.${name} is a part of every cursor, since ${model.name} has no primary key: expected no read rule`,
    )
}

function cursorFields(model: Model): readonly string[] {
  if (model.primaryKey) return model.primaryKey.fields
  return model.scalars.filter(isOrderable).map(field => field.name)
}

/** What the policy says of a field: of itself, or of those that it does not name. */
export function fieldPolicyOf(model: Model, rules: ModelPolicy, fieldName: string): FieldPolicy {
  const given = rules.fields?.[fieldName] ?? rules.otherFields ?? {}
  const policy = given === false ? { read: false, write: false } : given
  return model.primaryKey?.fields.includes(fieldName) ? { ...policy, read: true } : policy
}
