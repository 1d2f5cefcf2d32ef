import type { Model, RelationField } from '../../datamodel/model.ts'
import { relatedRows } from '../../operations/sql/relation-sql.ts'
import { type Emission, emitCondition } from '../emission.ts'
import type { SelectedField } from '../plan/plan.ts'
import { andSql, orNull, orRefuse } from './text-sql.ts'

/** The related row as the JSON text of an object, or `null`: also where it does not exist for the viewer. */
export function emitToOne(
  emission: Emission,
  model: Model,
  relation: RelationField,
  field: SelectedField,
  alias: string,
): string {
  const target = emission.models.model(relation.target)
  const related = relatedRows(emission.context, { model, field: relation, alias })
  const condition = emitCondition(
    emission,
    target,
    related.alias,
    ({ scope }) => scope.access.of(target).read,
  )
  const row = emission.row(target, field.selection, related.alias)
  const found = `(SELECT ${row} FROM ${related.from} WHERE ${andSql([related.link, condition])})`
  return field.isNonNull ? orRefuse(found) : orNull(found)
}
