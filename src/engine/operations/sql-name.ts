import type { Model } from '../datamodel/model.ts'

/** A name as an identifier of SQL. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** The model's table, with its PostgreSQL schema where the Prisma schema names one. */
export function quoteTable(model: Model): string {
  const table = quoteIdentifier(model.table)
  return model.databaseSchema ? `${quoteIdentifier(model.databaseSchema)}.${table}` : table
}
