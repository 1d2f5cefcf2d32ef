import { JsonNull } from '@prisma/client/runtime/client'
import { ExactMoment } from '../../../lib/exact-moment.ts'
import type { Datamodel, ScalarField } from '../../datamodel/model.ts'
import { toColumn } from '../sql-keys.ts'
import { quoteIdentifier } from '../sql-name.ts'
import { toJsonValue } from '../value-codec.ts'

/** Without lengths and precisions: a cast would cut and round what the comparison has to see as it is. */
const nativeTypes: Readonly<Record<string, string>> = {
  Text: 'text',
  VarChar: 'varchar',
  Char: 'bpchar',
  Citext: 'citext',
  Uuid: 'uuid',
  Inet: 'inet',
  // the keyword would be bit(1)
  Bit: 'pg_catalog."bit"',
  VarBit: 'varbit',
  Xml: 'xml',
  Boolean: 'bool',
  Integer: 'int4',
  SmallInt: 'int2',
  Oid: 'oid',
  BigInt: 'int8',
  DoublePrecision: 'float8',
  Real: 'float4',
  Decimal: 'numeric',
  Money: 'money',
  Timestamp: 'timestamp',
  Timestamptz: 'timestamptz',
  Date: 'date',
  Time: 'time',
  Timetz: 'timetz',
  // `json` has no equality: such columns are compared as jsonb
  Json: 'jsonb',
  JsonB: 'jsonb',
  ByteA: 'bytea',
}

const defaultTypes: Readonly<Record<NonNullable<ScalarField['scalar']>, string>> = {
  String: 'text',
  Boolean: 'bool',
  Int: 'int4',
  BigInt: 'int8',
  Float: 'float8',
  Decimal: 'numeric',
  DateTime: 'timestamp',
  Json: 'jsonb',
  Bytes: 'bytea',
}

/** The PostgreSQL type that values of a column are compared as; of a list, that of its elements. */
export function columnType(datamodel: Datamodel, field: ScalarField): string {
  const { enumName, scalar, nativeType } = field
  if (enumName !== null) {
    const { databaseName, databaseSchema } = datamodel.enum(enumName)
    const name = quoteIdentifier(databaseName)
    return databaseSchema === null ? name : `${quoteIdentifier(databaseSchema)}.${name}`
  }
  const type = nativeType ? nativeTypes[nativeType.name] : scalar && defaultTypes[scalar]
  if (!type) throw new Error(`${field.name} is of a type that is not known here: ${nativeType?.name}.`)
  return type
}

/**
 * A value as Prisma takes it for the column to the text that PostgreSQL reads as the column's type; for a list, one of
 * its elements.
 *
 * @throws Error for null and undefined
 */
export function valueText(datamodel: Datamodel, field: ScalarField, value: unknown): string {
  if (value === null || value === undefined) throw new Error(`${field.name} is compared with ${value}.`)
  switch (field.scalar) {
    case null:
      return String(toColumn(datamodel, field, value))
    case 'Json':
      return value === JsonNull ? 'null' : JSON.stringify(value)
    case 'Bytes':
      return `\\x${Buffer.from(value as Uint8Array).toString('hex')}`
    case 'DateTime':
      return momentText(field, value as Date | string)
    default:
      return String(toJsonValue(field, value))
  }
}

/** Like Prisma, which makes a Date of every text; all moments are in UTC. */
function momentText({ nativeType }: ScalarField, value: Date | string): string {
  if (value instanceof ExactMoment) return String(value.toISOString())
  // PostgreSQL knows no sign before a year
  const [day = '', time = ''] = new Date(value).toISOString().replace(/^\+0?/, '').slice(0, -1).split('T')
  switch (nativeType?.name) {
    case 'Date':
      return day
    case 'Time':
      return time
    case 'Timetz':
      return `${time}+00`
    default:
      return `${day} ${time}+00`
  }
}
