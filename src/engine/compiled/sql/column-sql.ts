import type { ScalarField } from '../../datamodel/model.ts'
import { quoteIdentifier } from '../../operations/sql-name.ts'

/** A column of a row that has the alias. */
export function columnSql(field: ScalarField, alias: string): string {
  return `${quoteIdentifier(alias)}.${quoteIdentifier(field.column)}`
}
