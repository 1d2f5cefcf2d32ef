import type { Datamodel } from '../datamodel/model.ts'
import type { Scope } from '../operations/scope.ts'
import { type CollectingContext, createSqlContext } from '../operations/sql/sql-context.ts'
import type { BoundFields } from './bind-arguments.ts'
import type { BoundArguments, ReadRequest } from './emission.ts'
import type { SelectedField } from './plan/plan.ts'

/** A request whose arguments are bound; it has no parameters yet. */
export class BoundRequest implements ReadRequest {
  readonly scope: Scope
  readonly datamodel: Datamodel
  readonly context: CollectingContext
  readonly #bound: BoundFields

  constructor(scope: Scope, bound: BoundFields) {
    this.scope = scope
    this.datamodel = scope.access.datamodel
    this.context = createSqlContext(this.datamodel)
    this.#bound = bound
  }

  argumentsOf(field: SelectedField): BoundArguments {
    const known = this.#bound.get(field)
    if (!known) throw new Error(`${field.definition.name} has no arguments.`)
    return known
  }
}
