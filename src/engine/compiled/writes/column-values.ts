import { DbNull, JsonNull } from '@prisma/client/runtime/client'
import type { Datamodel, ScalarField } from '../../datamodel/model.ts'
import { columnType, valueText } from '../../operations/sql/column-type.ts'
import type { SqlContext } from '../../operations/sql/sql-context.ts'
import { quoteIdentifier } from '../../operations/sql-name.ts'
import { isPlain } from '../../policy/policy-fault.ts'
import { NotCompilable } from '../emission.ts'

/** Types whose values Prisma hands over in forms of its own. */
const unusual: ReadonlySet<string | undefined> = new Set([
  ...['Money', 'Xml', 'Bit', 'VarBit', 'Inet', 'Oid', 'Timetz'],
])

/** The PostgreSQL type that a value is given as; the column cuts and rounds it as it does with Prisma's. */
export function writtenType(datamodel: Datamodel, field: ScalarField): string {
  const native = field.nativeType?.name
  if (unusual.has(native)) throw new NotCompilable(`${field.name} is written by Prisma.`)
  // `json` keeps the text; Prisma knows floats of one size only
  if (native === 'Json') return 'json'
  return native === 'Real' ? 'float8' : columnType(datamodel, field)
}

/** A value of a column that is no list as PostgreSQL reads it; null for NULL. */
export function writtenText(datamodel: Datamodel, field: ScalarField, value: unknown): string | null {
  if (value === null || value === DbNull) return null
  if (value === JsonNull) return 'null'
  return valueText(datamodel, field, value)
}

/** A value of a column as an expression of SQL. */
export function writtenSql(context: SqlContext, field: ScalarField, value: unknown): string {
  const type = writtenType(context.datamodel, field)
  if (value === null || value === DbNull) return 'NULL'
  if (field.isList) return context.parameter(itemTexts(context.datamodel, field, value), `${type}[]`)
  return context.parameter(String(writtenText(context.datamodel, field, value)), type)
}

function itemTexts(datamodel: Datamodel, field: ScalarField, value: unknown): readonly string[] {
  const items = Array.isArray(value) ? value : isPlain(value) ? value.set : undefined
  if (!Array.isArray(items)) throw new NotCompilable(`${field.name} is given in an unusual form.`)
  return items.map(item => {
    const text = writtenText(datamodel, field, item)
    if (text === null) throw new NotCompilable(`A list for ${field.name} has a null.`)
    return text
  })
}

/** What an update gives a column, as an assignment. */
export function assignmentSql(
  context: SqlContext,
  field: ScalarField,
  value: unknown,
  alias: string,
): string {
  const name = quoteIdentifier(field.column)
  const current = `${quoteIdentifier(alias)}.${name}`
  // a JSON value is an object that means itself
  const change = field.scalar !== 'Json' && isPlain(value) ? value : null
  const [operation, ...others] = change ? Object.keys(change) : []
  if (change === null || operation === 'set') {
    const given = change && !field.isList ? change.set : value
    return `${name} = ${writtenSql(context, field, given)}`
  }
  const operand = operation === undefined ? undefined : change[operation]
  if (others.length > 0 || operand === null || operand === undefined)
    throw new NotCompilable(`${field.name} is changed in an unusual way.`)
  if (operation === 'increment') return `${name} = ${current} + ${writtenSql(context, field, operand)}`
  if (operation === 'push' && field.isList) {
    const items = writtenSql(context, field, Array.isArray(operand) ? operand : [operand])
    return `${name} = ${current} || ${items}`
  }
  throw new NotCompilable(`${field.name} is changed in an unusual way.`)
}
