import { hasMicroseconds } from '../../datamodel/column-kind.ts'
import type { Datamodel, Model, ScalarField } from '../../datamodel/model.ts'
import type { Row, Select } from '../../operations/client.ts'
import { keyFields } from '../../operations/key.ts'
import { valueOfText } from '../../operations/sql/value-of-text.ts'
import { NotCompilable } from '../emission.ts'
import { columnSql } from '../sql/column-sql.ts'

/** Columns that a statement returns of a row. */
export interface RowColumns {
  readonly fields: readonly ScalarField[]
  /** To be selected, as texts. */
  sql(alias: string): string
  /** The row by Prisma field name, as Prisma would read it. */
  read(datamodel: Datamodel, texts: readonly (string | null)[]): Row
}

/** Types that JavaScript has no exact value for, or that are read by Prisma in ways of its own. */
const unusual: ReadonlySet<string | undefined> = new Set([
  ...['Money', 'Xml', 'Bit', 'VarBit', 'Inet', 'Oid', 'Time', 'Timetz'],
])

/**
 * The columns that a `select` asks for, with the key.
 *
 * @throws NotCompilable for related rows, and for columns that only Prisma reads as it does
 */
export function rowColumns(model: Model, select: Select): RowColumns {
  const keys = keyFields(model)
  const fields = [...keys]
  for (const [name, wanted] of Object.entries(select)) {
    if (wanted === false || wanted === undefined) continue
    const field = model.scalars.find(candidate => candidate.name === name)
    if (!field || wanted !== true) throw new NotCompilable(`${model.name}.${name} is read by Prisma.`)
    if (!fields.includes(field)) fields.push(field)
  }
  for (const field of fields) assertReadable(model, field)
  // what is cut when it is read does not find its row again
  if (keys.some(hasMicroseconds)) throw new NotCompilable(`The key of ${model.name} is of exact moments.`)
  return new SelectedColumns(fields)
}

function assertReadable({ name: modelName }: Model, { name, isList, scalar, nativeType }: ScalarField): void {
  if (isList || scalar === 'Json' || unusual.has(nativeType?.name))
    throw new NotCompilable(`${modelName}.${name} is read by Prisma.`)
}

class SelectedColumns implements RowColumns {
  readonly fields: readonly ScalarField[]

  constructor(fields: readonly ScalarField[]) {
    this.fields = fields
  }

  sql(alias: string): string {
    return this.fields.map(field => textSql(field, columnSql(field, alias))).join(', ')
  }

  read(datamodel: Datamodel, texts: readonly (string | null)[]): Row {
    const row: Record<string, unknown> = {}
    for (const [index, field] of this.fields.entries()) {
      const text = texts[index] ?? null
      row[field.name] = text === null ? null : valueOfText(datamodel, field, text)
    }
    return row
  }
}

function textSql({ scalar, nativeType }: ScalarField, column: string): string {
  if (scalar === 'Bytes') return `'\\x' || encode(${column}, 'hex')`
  if (nativeType?.name === 'Timestamptz') return `(${column} AT TIME ZONE 'UTC')::text`
  return `${column}::text`
}
