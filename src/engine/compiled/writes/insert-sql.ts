import type { Model, ScalarField } from '../../datamodel/model.ts'
import type { Row } from '../../operations/client.ts'
import type { SqlContext } from '../../operations/sql/sql-context.ts'
import { quoteIdentifier, quoteTable } from '../../operations/sql-name.ts'
import { NotCompilable } from '../emission.ts'
import { writtenSql, writtenText, writtenType } from './column-values.ts'
import type { Surround } from './row-statement.ts'

/** Parameters that PostgreSQL takes in one statement. */
const mostParameters = 65_535

/** One row; columns that it does not give are left to the database. */
export function insertRow(model: Model, row: Row): Surround {
  const fields = fieldsOf(model, [row])
  return (context, alias) => {
    const values = fields.map(field => writtenSql(context, field, row[field.name]))
    const source = values.length === 0 ? ' DEFAULT VALUES' : `${listOf(fields)} VALUES (${values.join(', ')})`
    return { before: `INSERT INTO ${quoteTable(model)} AS "${alias}"${source} RETURNING `, after: '' }
  }
}

/** Several rows in one statement, which return in their order. */
export function insertRows(model: Model, rows: readonly Row[]): Surround {
  const fields = fieldsOf(model, rows)
  const isEven = rows.every(row => fields.every(({ name }) => row[name] !== undefined))
  const canBeLists = isEven && fields.length > 0 && !fields.some(field => field.isList)
  return (context, alias) => {
    const source = canBeLists ? fromLists(context, fields, rows) : fromValues(context, fields, rows)
    return {
      before: `INSERT INTO ${quoteTable(model)} AS "${alias}"${listOf(fields)} ${source} RETURNING `,
      after: '',
    }
  }
}

/** One parameter for each column: the same statement for any number of rows. */
function fromLists(context: SqlContext, fields: readonly ScalarField[], rows: readonly Row[]): string {
  const { datamodel } = context
  const lists = fields.map(field => {
    const texts = rows.map(row => writtenText(datamodel, field, row[field.name]))
    return context.parameter(texts as readonly string[], `${writtenType(datamodel, field)}[]`)
  })
  return `SELECT * FROM unnest(${lists.join(', ')})`
}

function fromValues(context: SqlContext, fields: readonly ScalarField[], rows: readonly Row[]): string {
  if (fields.length === 0 || fields.length * rows.length > mostParameters)
    throw new NotCompilable('Prisma splits such a list of rows.')
  const tuples = rows.map(row => {
    const values = fields.map(field =>
      row[field.name] === undefined ? 'DEFAULT' : writtenSql(context, field, row[field.name]),
    )
    return `(${values.join(', ')})`
  })
  return `VALUES ${tuples.join(', ')}`
}

function fieldsOf({ name: modelName, scalars }: Model, rows: readonly Row[]): readonly ScalarField[] {
  const names = new Set(rows.flatMap(row => Object.keys(row).filter(name => row[name] !== undefined)))
  return [...names].map(name => {
    const field = scalars.find(candidate => candidate.name === name)
    if (!field) throw new NotCompilable(`${modelName}.${name} is written by Prisma.`)
    return field
  })
}

function listOf(fields: readonly ScalarField[]): string {
  return ` (${fields.map(field => quoteIdentifier(field.column)).join(', ')})`
}
