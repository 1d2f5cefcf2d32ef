import type { Field, Model } from '../datamodel/model.ts'
import type { Row } from '../operations/client.ts'
import { findMatching } from '../operations/read/find-matching.ts'
import type { Scope } from '../operations/scope.ts'
import type { Verdict } from '../policy/evaluate-rule.ts'
import { isEveryRow, isNoRow, type Where } from '../policy/logic.ts'
import { compilePolicyWhere } from '../policy/policy-where.ts'
import { conjunctsOf } from '../policy/self-dependence.ts'
import { describeCondition } from './describe-condition.ts'

/** What one rule says of one row. */
export interface RuleExplanation {
  /** As in the policy: `Issue.read`, `User.fields.email.read`. */
  readonly rule: string
  readonly holds: boolean
  /** Why, in one line: the constant that the rule is, or the value that it missed. Null where it has conditions. */
  readonly reason: string | null
  /** The conditions that all have to hold, as the policy's author wrote them. */
  readonly conditions: readonly { readonly text: string; readonly holds: boolean }[]
}

export interface RowExplanation {
  readonly model: string
  readonly key: Row
  readonly rules: readonly RuleExplanation[]
}

const operations = ['read', 'update', 'delete'] as const

/**
 * Explains what the policy of a model lets the scope's viewer do with a row that is there: its operations, and the fields
 * that have a rule of their own.
 *
 * @param fieldNames only these fields, by Prisma name; default: all
 */
export async function explainRow(
  scope: Scope,
  model: Model,
  key: Row,
  fieldNames?: ReadonlySet<string>,
): Promise<RowExplanation> {
  const access = scope.access.of(model)
  const rules: RuleExplanation[] = []
  for (const operation of operations) {
    const rule = `${model.name}.${operation}`
    rules.push(await explainRule(scope, model, key, rule, access.verdict(operation)))
  }
  for (const field of model.fields.filter(({ name }) => fieldNames?.has(name) ?? true)) {
    const explanation = await explainField(scope, model, key, field)
    if (explanation) rules.push(explanation)
  }
  return { model: model.name, key, rules }
}

/** What the read rule of a field says; null for a field that goes with its row. */
export async function explainField(
  scope: Scope,
  model: Model,
  key: Row,
  { name }: Field,
): Promise<RuleExplanation | null> {
  const verdict = scope.access.of(model).fieldVerdict(name)
  if (isEveryRow(verdict.where)) return null
  return explainRule(scope, model, key, `${model.name}.fields.${name}.read`, verdict)
}

async function explainRule(
  scope: Scope,
  model: Model,
  key: Row,
  rule: string,
  { where, source, note }: Verdict,
): Promise<RuleExplanation> {
  if (!source) {
    const reason = note ?? (isNoRow(where) ? 'allows no row' : 'allows every row')
    return { rule, holds: isEveryRow(where), reason, conditions: [] }
  }
  const holds = (condition: Where) =>
    findMatching(scope, model, condition, [key]).then(([found]) => found ?? false)
  const conditions = []
  for (const part of conjunctsOf(source)) {
    const condition = compilePolicyWhere(scope.datamodel, model, part)
    conditions.push({ text: describeCondition(part), holds: await holds(condition) })
  }
  return { rule, holds: conditions.every(condition => condition.holds), reason: null, conditions }
}
