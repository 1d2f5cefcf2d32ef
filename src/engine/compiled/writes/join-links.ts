import type { Datamodel, Model, RelationField, ScalarField } from '../../datamodel/model.ts'
import type { Row } from '../../operations/client.ts'
import { joinTable } from '../../operations/join-table.ts'
import { keyFields } from '../../operations/key.ts'
import type { Scope } from '../../operations/scope.ts'
import { columnType, valueText } from '../../operations/sql/column-type.ts'
import { createSqlContext } from '../../operations/sql/sql-context.ts'
import { NotCompilable } from '../emission.ts'
import type { SendStatement } from './statement-sender.ts'

/** Links and unlinks a row by its many-to-many relations, in the tables that Prisma has for them. */
export async function writeLinks(
  { access: { datamodel } }: Scope,
  model: Model,
  row: Row,
  links: ReadonlyMap<RelationField, Row>,
  send: SendStatement,
): Promise<void> {
  for (const [relation, changes] of links) {
    for (const [verb, keys] of Object.entries(changes)) {
      const { sql, values } = linkSql(datamodel, model, relation, row, verb, keys as readonly Row[])
      await send(sql, values)
    }
  }
}

function linkSql(
  datamodel: Datamodel,
  model: Model,
  relation: RelationField,
  row: Row,
  verb: string,
  keys: readonly Row[],
) {
  const near = keyFieldOf(model)
  const far = keyFieldOf(datamodel.model(relation.target))
  const context = createSqlContext(datamodel)
  const nearType = columnType(datamodel, near)
  const farType = columnType(datamodel, far)
  const nearValue = context.parameter(valueText(datamodel, near, row[near.name]), nearType)
  const farTexts = keys.map(key => valueText(datamodel, far, key[far.name]))
  const farValues = context.parameter(farTexts, `${farType}[]`)
  const { table, nearColumn, farColumn } = joinTable(datamodel, model, relation)
  return { sql: statement(), values: context.values }

  function statement(): string {
    if (verb === 'connect')
      return `INSERT INTO ${table} (${nearColumn}, ${farColumn}) SELECT ${nearValue}, far FROM unnest(${farValues}) AS far ON CONFLICT DO NOTHING`
    if (verb === 'disconnect')
      return `DELETE FROM ${table} WHERE ${nearColumn} = ${nearValue} AND ${farColumn} = ANY(${farValues})`
    throw new NotCompilable(`Prisma does ${verb}.`)
  }
}

/** Prisma has such relations between keys of one column only. */
function keyFieldOf(model: Model): ScalarField {
  const [field, ...others] = keyFields(model)
  if (!field || others.length > 0) throw new NotCompilable(`${model.name} has no key of one column.`)
  return field
}
