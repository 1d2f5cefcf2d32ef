import type { Link } from '../links/link.ts'
import type { NestedStep, NestedVerb, RelationPlan } from '../row-plan.ts'
import type { WriteScope } from '../write-scope.ts'

/** What a nested verb works on: one relation of one row. */
export interface NestedContext {
  readonly scope: WriteScope
  readonly plan: RelationPlan
  readonly link: Link
}

/** The plan of one verb. */
export type StepOf<Verb extends NestedVerb> = Extract<NestedStep, { readonly verb: Verb }>
