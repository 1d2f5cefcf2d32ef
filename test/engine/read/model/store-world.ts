import type { Datamodel, Model, ScalarField } from '../../../../src/engine/datamodel/model.ts'
import type { TestEngine } from '../../../support/engine.ts'
import type { PlainRow, World } from './world.ts'

/** Replaces all rows of the database by those of a world. */
export async function storeWorld({ sql }: TestEngine, { datamodel, rows, links }: World): Promise<void> {
  const names = datamodel.models.map(model => `"${model.table}"`)
  await sql(`TRUNCATE ${names.join(', ')} CASCADE`)
  for (const name of ['box', 'thing', 'label', 'passport']) {
    await insertRows(sql, datamodel, datamodel.model(name), rows[name] ?? [])
  }
  for (const [name, pairs] of Object.entries(links)) {
    const [first, second] = [pairs.map(pair => pair[0]), pairs.map(pair => pair[1])]
    await sql(`INSERT INTO "_${name}" ("A", "B") SELECT * FROM unnest($1::uuid[], $2::int[])`, [
      first,
      second,
    ])
  }
}

async function insertRows(
  sql: TestEngine['sql'],
  datamodel: Datamodel,
  model: Model,
  rows: readonly PlainRow[],
): Promise<void> {
  const columns = model.scalars.map(field => `"${field.column}"`).join(', ')
  const records = rows.map(row =>
    Object.fromEntries(
      model.scalars.map(field => [field.column, toColumn(datamodel, field, row[field.name])]),
    ),
  )
  await sql(
    `INSERT INTO public."${model.table}" (${columns})
     SELECT ${columns} FROM jsonb_populate_recordset(NULL::public."${model.table}", $1::jsonb)`,
    [JSON.stringify(records)],
  )
  for (const field of model.scalars.filter(scalar => scalar.scalar === 'Json')) {
    const [key = ''] = model.primaryKey?.fields ?? []
    const ids = rows.filter(row => row[field.name] === null).map(row => row[key])
    await sql(`UPDATE "${model.table}" SET "${field.column}" = 'null' WHERE "${key}" = ANY($1)`, [ids])
  }
}

function toColumn(datamodel: Datamodel, field: ScalarField, value: unknown): unknown {
  if (value === undefined) return null
  if (field.isList)
    return (value as unknown[]).map(item => toColumn(datamodel, { ...field, isList: false }, item))
  if (field.enumName) {
    return datamodel.enum(field.enumName).values.find(item => item.graphqlName === value)?.column
  }
  return field.scalar === 'Bytes' ? `\\x${Buffer.from(String(value), 'base64').toString('hex')}` : value
}
