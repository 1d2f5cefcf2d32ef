import type { Model } from '../../datamodel/model.ts'
import type { Row, Where } from '../client.ts'
import { scalarField, whereIn } from '../key.ts'
import { toJsonValue } from '../value-codec.ts'

/** The columns and values of a unique `where` of Prisma, compound or not, by field name. */
export function keyValues(model: Model, where: Where): Row {
  const key = model.uniqueKeys.find(candidate => candidate.name in where)
  if (!key) throw new Error(`Expected a unique where of ${model.name}.`)
  return key.fields.length === 1 ? { [key.name]: where[key.name] } : (where[key.name] as Row)
}

/** `email "ada@example.com"`: the key as the caller wrote it, for messages. */
export function describeKey(model: Model, where: Where): string {
  return Object.entries(keyValues(model, where))
    .map(([name, value]) => {
      const field = scalarField(model, name)
      return `${field.graphqlName} ${JSON.stringify(toJsonValue(field, value))}`
    })
    .join(' and ')
}

/**
 * A `where` for the rows of the given primary keys.
 *
 * @throws Error for a model without one: the condition would be none
 */
export function keyRowsWhere(model: Model, rows: readonly Row[]): Where {
  const names = model.primaryKey?.fields ?? []
  if (names.length === 0) throw new Error(`${model.name} has no primary key.`)
  return whereIn(
    names,
    rows.map(row => names.map(name => row[name])),
  )
}
