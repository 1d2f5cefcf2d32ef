import type { Datamodel, Model } from '../datamodel/model.ts'
import { everyRow, noRow, type Where } from './logic.ts'
import type { Permission, Preset, Rule } from './policy.ts'
import { MissingValue, PolicyFault } from './policy-fault.ts'
import { compilePolicyWhere } from './policy-where.ts'
import type { Viewer } from './viewer.ts'

/** What a rule says for one viewer. */
export interface Verdict {
  /** The rows, safe to be combined with other conditions. */
  readonly where: Where
  /** The filter as the rule gave it, where it gave one. */
  readonly source: Where | null
  /** Why the rule allows no row although it has a filter; null where it does not. */
  readonly note: string | null
}

const all: Verdict = Object.freeze({ where: everyRow, source: null, note: null })
const none: Verdict = Object.freeze({ where: noRow, source: null, note: null })

/**
 * Asks a rule for a viewer. A rule that is not there allows nothing.
 *
 * @param place the rule's name, for messages: `Issue.read`
 * @throws PolicyFault where it answers with anything but true, false or a filter that says something
 */
export function evaluateRule(
  datamodel: Datamodel,
  model: Model,
  rule: Rule | undefined,
  viewer: Viewer,
  place: string,
): Verdict {
  const answer: unknown = typeof rule === 'function' ? rule(viewer) : (rule ?? false)
  if (answer === true) return all
  if (answer === false) return none
  if (typeof answer !== 'object' || answer === null || answer instanceof Promise) {
    throw new PolicyFault(
      `The rule ${place} answered ${describe(answer)}. Expected true, false or a filter, at once: what takes time belongs where the viewer is made.`,
    )
  }
  const source = answer as Where
  try {
    return { where: compilePolicyWhere(datamodel, model, source), source, note: null }
  } catch (error) {
    if (error instanceof MissingValue) return { where: noRow, source: null, note: error.message }
    if (error instanceof PolicyFault) throw new PolicyFault(`The rule ${place} is wrong: ${error.message}`)
    throw error
  }
}

/** @throws PolicyFault for anything but true and false */
export function evaluatePermission(
  permission: Permission | undefined,
  viewer: Viewer,
  otherwise: boolean,
  place: string,
): boolean {
  const answer: unknown = typeof permission === 'function' ? permission(viewer) : (permission ?? otherwise)
  if (typeof answer === 'boolean') return answer
  throw new PolicyFault(`The rule ${place} answered ${describe(answer)}. Expected true or false.`)
}

/** @throws PolicyFault for `undefined` in a value, and for fields that are no columns of the model */
export function evaluatePreset(
  model: Model,
  preset: Preset | undefined,
  viewer: Viewer,
  place: string,
): Readonly<Record<string, unknown>> {
  if (!preset) return {}
  const values: unknown = preset(viewer)
  if (typeof values !== 'object' || values === null || values instanceof Promise) {
    throw new PolicyFault(`The preset ${place} answered ${describe(values)}. Expected an object of values.`)
  }
  for (const [name, value] of Object.entries(values)) {
    if (!model.scalars.some(field => field.name === name)) {
      throw new PolicyFault(`The preset ${place} has ${name}, which is no column of ${model.name}.`)
    }
    if (value === undefined)
      throw new PolicyFault(`The preset ${place} has undefined for ${name}. Expected a value.`)
  }
  return values as Readonly<Record<string, unknown>>
}

function describe(answer: unknown): string {
  return answer instanceof Promise ? 'a promise' : answer === null ? 'null' : String(typeof answer)
}
