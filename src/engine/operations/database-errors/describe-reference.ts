import type { Model } from '../../datamodel/model.ts'
import { isNoRow } from '../../policy/logic.ts'
import type { WriteError } from '../write/write-error.ts'
import type { WriteLocation } from './located-error.ts'
import { pathOfFields } from './path-of-fields.ts'
import { type ColumnField, isOnTable, type Refusal } from './refusal.ts'

/** A foreign key refused: a row refers to one that is not there, or a row that others refer to would go. */
export function describeReference(refusal: Refusal): WriteError {
  return isReferredTo(refusal) ? describeReferredTo(refusal) : describeDangling(refusal)
}

function isReferredTo({ location, constraint, fields }: Refusal): boolean {
  if (location.action === 'delete') return true
  if (!constraint) return false
  if (!isOnTable(constraint, location.model)) return constraint.targetTable === location.model.table
  // only where rows refer to rows of their own table can it be either
  if (constraint.targetTable !== location.model.table) return false
  return fields.length > 0 && !fields.some(field => location.origins.has(field.name))
}

function describeDangling({ datamodel, location, constraint, fields }: Refusal): WriteError {
  const relation = location.model.relations.find(
    candidate => candidate.ownsKey && candidate.from.join() === fields.map(field => field.name).join(),
  )
  const target = relation
    ? datamodel.model(relation.target).typeName
    : datamodel.models.find(model => model.table === constraint?.targetTable)?.typeName
  return danglingError(location, fields, target)
}

/** A row of the input refers to one that is not there, or not for the caller. */
export function danglingError(
  location: WriteLocation,
  fields: readonly ColumnField[],
  target: string | undefined,
): WriteError {
  const names = fields.map(field => field.graphqlName).join(' and ')
  return {
    type: 'ForeignKeyError',
    message: `Expected ${names || location.model.typeName} to refer to an existing ${target ?? 'row'}; there is none with what came.`,
    path: pathOfFields(location, fields),
  }
}

function describeReferredTo({ datamodel, access, location, constraint }: Refusal): WriteError {
  const found = datamodel.models.find(model => constraint && isOnTable(constraint, model))
  // what never exists for the caller has no name either
  const holder = found && !isNoRow(access.of(found).read) ? found : undefined
  const through = holder && constraint ? relationName(holder, constraint.columns) : null
  const change = location.action === 'delete' ? 'deleted' : 'changed so'
  return {
    type: 'ForeignKeyError',
    message:
      `This ${location.model.typeName} cannot be ${change}: expected that nothing refers to it any more, but ` +
      `${holder ? `at least one ${holder.typeName}` : 'another row'} does${through ? ` by its ${through}` : ''}.`,
    path: location.path,
  }
}

function relationName(holder: Model, columns: readonly string[]): string | null {
  const names = columns.map(column => holder.scalars.find(field => field.column === column)?.name)
  return (
    holder.relations.find(relation => relation.ownsKey && relation.from.join() === names.join())
      ?.graphqlName ?? null
  )
}
