import type { Model } from '../../datamodel/model.ts'
import { keyFields } from '../../operations/key.ts'
import { decodeNodeId } from '../../operations/node-id.ts'
import { visible } from '../../operations/scope.ts'
import { assertValue } from '../../operations/where/scalar-filter.ts'
import { keyCondition, toUniqueWhere, uniqueValues } from '../../operations/where/unique-where.ts'
import { isNoRow } from '../../policy/logic.ts'
import { conditionSql, type Emission, NotCompilable } from '../emission.ts'
import type { SelectedField } from '../plan/plan.ts'
import { emitConnection } from './emit-connection.ts'
import { emitRow } from './emit-row.ts'
import { andSql } from './text-sql.ts'

/** A field of the query root as a statement of one column, the JSON text of its value; no row stands for null. */
export function emitRead(emission: Emission, field: SelectedField): string {
  const { mark } = field
  switch (mark.kind) {
    case 'list':
      return `SELECT ${emitConnection(emission, field, mark.model, null)}`
    case 'unique':
      return emitUnique(emission, mark.model, field)
    case 'node':
      return emitNode(emission, field)
    default:
      throw new NotCompilable(`${field.definition.name} is made by its resolver.`)
  }
}

function emitUnique(emission: Emission, model: Model, field: SelectedField): string {
  const { scope, context } = emission
  const { where: input } = emission.argumentsOf(field).values
  const given = uniqueValues(model, input as Readonly<Record<string, unknown>>)
  for (const [key, value] of given.values) assertValue(key, value)
  const found = toUniqueWhere(given)[given.key.name]
  const wanted =
    given.key.fields.length === 1 ? { [given.key.name]: found } : (found as Readonly<Record<string, unknown>>)
  return emitOne(
    emission,
    model,
    field.selection,
    wanted,
    visible(scope, model, keyCondition(scope.access, model, given.key)),
    context.nextAlias(),
  )
}

function emitOne(
  emission: Emission,
  model: Model,
  selection: SelectedField['selection'],
  key: Readonly<Record<string, unknown>>,
  condition: Readonly<Record<string, unknown>>,
  alias: string,
): string {
  const conditions = [
    isNoRow(condition) ? 'FALSE' : conditionSql(emission, model, key, alias),
    conditionSql(emission, model, condition, alias),
  ]
  const row = emitRow(emission, model, selection, alias)
  return `SELECT ${row} FROM ${emission.context.tableOf(model)} AS "${alias}" WHERE ${andSql(conditions)}`
}

/** A type that the viewer does not have is as one that there is not. */
function emitNode(emission: Emission, field: SelectedField): string {
  const { scope, context } = emission
  const { nodeId } = emission.argumentsOf(field).values
  const found = decodeNodeId(scope.datamodel, String(nodeId))
  const selection = found && field.selections.get(found.model.typeName)
  if (!found || !selection || isNoRow(scope.access.of(found.model).read)) return 'SELECT NULL WHERE FALSE'
  const key = Object.fromEntries(keyFields(found.model).map(({ name }) => [name, found.key[name]]))
  if (Object.values(key).some(value => value instanceof Date))
    throw new NotCompilable('A moment in a node id.')
  return emitOne(emission, found.model, selection, key, visible(scope, found.model), context.nextAlias())
}
