import type { Datamodel, Model, ScalarField, UnsupportedField } from '../../datamodel/model.ts'
import type { ViewerAccess } from '../../policy/viewer-access.ts'
import type { Constraint } from './find-constraint.ts'
import type { WriteLocation } from './located-error.ts'
import type { DatabaseError } from './read-database-error.ts'

export type ColumnField = ScalarField | UnsupportedField

/** A statement that the database refused, with all that is known about it. */
export interface Refusal {
  readonly datamodel: Datamodel
  /** What the caller may know of. */
  readonly access: ViewerAccess
  readonly location: WriteLocation
  readonly error: DatabaseError
  readonly constraint: Constraint | null
  /** The fields of the location's model that the constraint looks at. */
  readonly fields: readonly ColumnField[]
}

/** The constraint is one of the model's table. */
export function isOnTable({ table, schema }: Constraint, model: Model): boolean {
  return table === model.table && (model.databaseSchema === null || model.databaseSchema === schema)
}
