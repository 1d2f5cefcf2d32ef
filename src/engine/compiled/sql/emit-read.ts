import type { Model } from '../../datamodel/model.ts'
import { visible } from '../../operations/scope.ts'
import { assertValue } from '../../operations/where/scalar-filter.ts'
import { keyCondition, toUniqueWhere, uniqueValues } from '../../operations/where/unique-where.ts'
import { conditionSql, type Emission, emitCondition, NotCompilable } from '../emission.ts'
import type { SelectedField } from '../plan/plan.ts'
import { emitConnection } from './emit-connection.ts'
import { emitNode, emitNodes } from './emit-node.ts'
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
    case 'nodes':
      return emitNodes(emission, field)
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
  const row = emission.row(model, field.selection, alias)
  return `SELECT ${row} FROM ${emission.context.tableOf(model)} AS "${alias}" WHERE ${andSql([...key.texts, condition])}`
}

type Values = Readonly<Record<string, unknown>>
