import type { Model } from '../../datamodel/model.ts'
import type { Row } from '../../operations/client.ts'
import { keyFields } from '../../operations/key.ts'
import { decodeNodeId } from '../../operations/node-id.ts'
import { visible } from '../../operations/scope.ts'
import { columnType, valueText } from '../../operations/sql/column-type.ts'
import { isNoRow } from '../../policy/logic.ts'
import { type Decision, type Emission, emitCondition, NotCompilable, type ReadRequest } from '../emission.ts'
import type { SelectedField } from '../plan/plan.ts'
import { columnSql } from './column-sql.ts'
import { andSql } from './text-sql.ts'

/** A row of any model by its node id: a statement of one column, and of no row where there is none. */
export function emitNode(emission: Emission, field: SelectedField): string {
  const item = emitItems(emission, field, request => [String(request.argumentsOf(field).values.nodeId)])
  return item === null ? 'SELECT NULL WHERE FALSE' : `SELECT n.item FROM ${item} WHERE n.item IS NOT NULL`
}

/** Rows of any models by their node ids, in their order; `null` for those that there are not. */
export function emitNodes(emission: Emission, field: SelectedField): string {
  const { texts } = emission.decide(request => {
    const { length } = nodeIdsOf(request, field)
    return { key: '', texts: [request.context.parameter(String(length), 'int4')], data: null }
  })
  const items = emitItems(emission, field, request => nodeIdsOf(request, field))
  const join = items === null ? '' : ` LEFT JOIN ${items} ON n.place = p.place`
  const item = items === null ? `'null'` : `coalesce(n.item, 'null')`
  return (
    `SELECT '[' || coalesce(string_agg(${item}, ',' ORDER BY p.place), '') || ']' ` +
    `FROM generate_series(1, ${texts[0]}) AS p(place)${join}`
  )
}

function nodeIdsOf(request: ReadRequest, field: SelectedField): readonly string[] {
  const nodeIds = request.argumentsOf(field).values.nodeIds as readonly unknown[]
  const limit = request.scope.settings.maximumNodeIds
  if (nodeIds.length > limit) throw new NotCompilable(`${nodeIds.length} node ids are more than ${limit}.`)
  return nodeIds.map(String)
}

type NodeIds = (request: ReadRequest) => readonly string[]

/** The places and objects of the rows that there are; null where no id is one of a type that the viewer has. */
function emitItems(emission: Emission, field: SelectedField, idsOf: NodeIds): string | null {
  const { data: models, texts } = emission.decide(request => decideKeys(request, field, idsOf(request)))
  const parts = models.map((model, index) => {
    const alias = emission.context.nextAlias()
    const condition = emitCondition(emission, model, alias, ({ scope }) => visible(scope, model))
    const row = emission.row(model, field.selections.get(model.typeName) ?? [], alias)
    const keys = keyFields(model).map((key, place) => `${columnSql(key, alias)} = k.key${place}`)
    const from = `${emission.context.tableOf(model)} AS "${alias}"`
    const names = [...keys.map((_, place) => `key${place}`), 'place'].join(', ')
    const found = `SELECT ${row} FROM ${from} WHERE ${andSql([...keys, condition])}`
    return `SELECT k.place, (${found}) AS item FROM unnest(${texts[index]}) AS k(${names})`
  })
  return parts.length === 0 ? null : `(${parts.join(' UNION ALL ')}) AS n`
}

/**
 * The models that the ids name, with the keys and places of each as lists. A type that the viewer does not have is as one
 * that there is not.
 */
function decideKeys(
  request: ReadRequest,
  field: SelectedField,
  nodeIds: readonly string[],
): Decision<readonly Model[]> {
  const { scope } = request
  const byModel = new Map<Model, { readonly key: Row; readonly place: number }[]>()
  nodeIds.forEach((nodeId, index) => {
    const found = decodeNodeId(scope.datamodel, nodeId)
    const isThere = found && field.selections.has(found.model.typeName)
    if (!isThere || isNoRow(scope.access.of(found.model).read)) return
    const known = byModel.get(found.model) ?? []
    known.push({ key: found.key, place: index + 1 })
    byModel.set(found.model, known)
  })
  return {
    key: [...byModel.keys()].map(({ name }) => name).join(),
    texts: [...byModel].map(([model, keys]) => keyLists(request, model, keys)),
    data: [...byModel.keys()],
  }
}

function keyLists(
  { context, datamodel }: ReadRequest,
  model: Model,
  keys: readonly { readonly key: Row; readonly place: number }[],
): string {
  const lists = keyFields(model).map(field => {
    const values = keys.map(({ key }) => key[field.name])
    if (values.some(value => value instanceof Date))
      throw new NotCompilable('A moment in a node id stands for all of its millisecond.')
    const texts = values.map(value => valueText(datamodel, field, value))
    return context.parameter(texts, `${columnType(datamodel, field)}[]`)
  })
  const places = keys.map(({ place }) => String(place))
  return [...lists, context.parameter(places, 'int4[]')].join(', ')
}
