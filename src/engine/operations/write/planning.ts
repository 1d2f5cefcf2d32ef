import type { Datamodel } from '../../datamodel/model.ts'
import type { ViewerAccess } from '../../policy/viewer-access.ts'
import type { PrismaNulls } from '../client.ts'
import type { Scope } from '../scope.ts'
import { type InputPath, limitError, validationError, type WriteError } from './write-error.ts'

/** The names and values of an input object of GraphQL. */
export type Input = Readonly<Record<string, unknown>>

/** What the functions that turn an input into a plan share: they note what is wrong with it and go on. */
export interface Planning {
  readonly datamodel: Datamodel
  readonly nulls: PrismaNulls
  /** What the caller may give. */
  readonly access: ViewerAccess
  /** The most items that a list of rows may have. */
  readonly maximumItems: number
  /** Notes that a value is not as it has to be. */
  refuse(path: InputPath, message: string): void
  /** Notes that a list has more than `maximumItems`. */
  refuseLength(path: InputPath, actual: number): void
}

/** Plans, or everything that is wrong anywhere in the inputs. */
export type PlanOutcome<Plan> =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly errors: readonly WriteError[] }

/** Makes plans of inputs, without a statement of SQL. */
export function planInput<Plan>(scope: Scope, plan: (planning: Planning) => Plan): PlanOutcome<Plan> {
  const errors: WriteError[] = []
  const limit = scope.settings.maximumBatchSize
  const planned = plan({
    datamodel: scope.datamodel,
    nulls: scope.nulls,
    access: scope.access,
    maximumItems: limit,
    refuse: (path, message) => errors.push(validationError(path, message)),
    refuseLength: (path, actual) => errors.push(limitError(path, limit, actual)),
  })
  return errors.length > 0 ? { ok: false, errors } : { ok: true, plan: planned }
}

/** The items of a list of rows in an input, each with its path; none where there are too many. */
export function itemsOf(planning: Planning, value: unknown, path: InputPath): InputItem[] {
  const items = (Array.isArray(value) ? value : [value]) as readonly Input[]
  if (items.length > planning.maximumItems) {
    planning.refuseLength(path, items.length)
    return []
  }
  return items.map((item, index) => ({ item, path: [...path, String(index)] }))
}

export interface InputItem {
  readonly item: Input
  readonly path: InputPath
}
