import type { Model } from '../../datamodel/model.ts'
import { decodeNodeId } from '../../operations/node-id.ts'
import { visible } from '../../operations/scope.ts'
import { assertValue } from '../../operations/where/scalar-filter.ts'
import { keyCondition, toUniqueWhere, uniqueValues } from '../../operations/where/unique-where.ts'
import { isNoRow } from '../../policy/logic.ts'
import { conditionSql, type Emission, emitCondition, NotCompilable } from '../emission.ts'
import type { SelectedField, Selection } from '../plan/plan.ts'
import { emitConnection } from './emit-connection.ts'
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
  const alias = emission.context.nextAlias()
  const key = emission.decide(request => {
    const { where: input } = request.argumentsOf(field).values
    const given = uniqueValues(model, input as Values)
    for (const [column, value] of given.values) assertValue(column, value)
    const found = toUniqueWhere(given)[given.key.name]
    const wanted = given.key.fields.length === 1 ? { [given.key.name]: found } : (found as Values)
    const { name } = given.key
    return { key: name, texts: [conditionSql(request, model, wanted, alias)], data: given.key }
  })
  const condition = emitCondition(emission, model, alias, ({ scope }) =>
    visible(scope, model, keyCondition(scope.access, model, key.data)),
  )
  return emitOne(emission, model, field.selection, alias, [...key.texts, condition])
}

function emitOne(
  emission: Emission,
  model: Model,
  selection: Selection,
  alias: string,
  conditions: readonly string[],
): string {
  const row = emission.row(model, selection, alias)
  return `SELECT ${row} FROM ${emission.context.tableOf(model)} AS "${alias}" WHERE ${andSql(conditions)}`
}

/** A type that the viewer does not have is as one that there is not. */
function emitNode(emission: Emission, field: SelectedField): string {
  const alias = emission.context.nextAlias()
  const { data: model, texts } = emission.decide<Model | null>(request => {
    const { nodeId } = request.argumentsOf(field).values
    const found = decodeNodeId(request.scope.datamodel, String(nodeId))
    const isThere = found && field.selections.has(found.model.typeName)
    if (!isThere || isNoRow(request.scope.access.of(found.model).read))
      return { key: '', texts: [], data: null }
    if (Object.values(found.key).some(value => value instanceof Date))
      throw new NotCompilable('A moment in a node id stands for all of its millisecond.')
    const condition = conditionSql(request, found.model, found.key, alias)
    return { key: found.model.name, texts: [condition], data: found.model }
  })
  const selection = model && field.selections.get(model.typeName)
  if (!selection) return 'SELECT NULL WHERE FALSE'
  const condition = emitCondition(emission, model, alias, ({ scope }) => visible(scope, model))
  return emitOne(emission, model, selection, alias, [...texts, condition])
}

type Values = Readonly<Record<string, unknown>>
