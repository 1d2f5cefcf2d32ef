import { hasMicroseconds } from '../datamodel/column-kind.ts'
import type { Datamodel, Model, ScalarField } from '../datamodel/model.ts'
import type { Row } from './client.ts'
import { keyFields, keyText } from './key.ts'
import { quoteIdentifier } from './sql-name.ts'

/** The keys of some rows of a model, for a statement of our own. */
export interface SqlKeys {
  /** The key's columns under names of ours, to be selected. */
  readonly select: string
  /** Is true for the rows with these keys; its parameters begin at $1. */
  readonly condition: string
  readonly values: readonly unknown[]
  /** The text (`keyText`) of the key that a found row has. */
  textOf(found: Row): string
}

/** `table` is the table's name or alias in the statement. */
export function sqlKeys(datamodel: Datamodel, model: Model, keys: readonly Row[], table: string): SqlKeys {
  const fields = keyFields(model)
  const columns = fields.map(field => `${table}.${quoteIdentifier(field.column)}`)
  const tuples = keys.map(
    (_, row) => `(${fields.map((__, index) => `$${row * fields.length + index + 1}`).join(', ')})`,
  )
  const compared = fields.map((field, index) => comparedColumn(field, columns[index] ?? ''))
  return {
    select: columns.map((column, index) => `${column} AS "key ${index}"`).join(', '),
    condition: `(${compared.join(', ')}) IN (${tuples.join(', ')})`,
    values: keys.flatMap(key => fields.map(field => toColumn(datamodel, field, key[field.name]))),
    textOf: found => {
      const values = fields.map((field, index) => fromColumn(datamodel, field, found[`key ${index}`]))
      const names = fields.map(field => field.name)
      return keyText(model, names, Object.fromEntries(names.map((name, index) => [name, values[index]])))
    },
  }
}

/** The keys were read by Prisma, which cuts moments to milliseconds. */
function comparedColumn(field: ScalarField, column: string): string {
  const isMoment = field.graphqlType === 'DateTime' && hasMicroseconds(field)
  return isMoment ? `date_trunc('milliseconds', ${column})` : column
}

/** An enum's value has a name of its own in the database. */
export function toColumn(datamodel: Datamodel, { enumName }: ScalarField, value: unknown): unknown {
  if (!enumName) return value
  return datamodel.enum(enumName).values.find(item => item.name === value)?.column ?? value
}

/** The other way round. */
export function fromColumn(datamodel: Datamodel, { enumName }: ScalarField, value: unknown): unknown {
  if (!enumName) return value
  return datamodel.enum(enumName).values.find(item => item.column === value)?.name ?? value
}
