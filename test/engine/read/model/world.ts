import type { Datamodel, Model, RelationField, ScalarField } from '../../../../src/engine/datamodel/model.ts'

/** A row by Prisma's field names; the values are as the API writes them, an SQL NULL is undefined. */
export type PlainRow = Readonly<Record<string, unknown>>

/** All rows of a database, in plain JavaScript. */
export interface World extends WorldData {
  readonly datamodel: Datamodel
}

export interface WorldData {
  readonly rows: Readonly<Record<string, readonly PlainRow[]>>
  /** The pairs of the many-to-many relations, by relation: the key of the model that comes first in the alphabet first. */
  readonly links: Readonly<Record<string, readonly (readonly [unknown, unknown])[]>>
}

export function rowsOf(world: World, model: Model): readonly PlainRow[] {
  return world.rows[model.name] ?? []
}

/** The rows at the other end of a relation. */
export function relatedRows(
  world: World,
  model: Model,
  relation: RelationField,
  row: PlainRow,
): readonly PlainRow[] {
  const target = world.datamodel.model(relation.target)
  if (relation.isManyToMany) {
    const [from = '', to = ''] = [relation.from[0], relation.to[0]]
    const isFirst = model.name < target.name
    const keys = (world.links[relation.relationName] ?? [])
      .filter(pair => pair[isFirst ? 0 : 1] === row[from])
      .map(pair => pair[isFirst ? 1 : 0])
    return rowsOf(world, target).filter(other => keys.includes(other[to]))
  }
  if (relation.from.some(name => row[name] === undefined)) return []
  return rowsOf(world, target).filter(other =>
    relation.from.every((name, index) => row[name] === other[relation.to[index] ?? '']),
  )
}

/** Below, at or above 0, as PostgreSQL orders two values of a column (not null); texts in the order of their bytes. */
export function compareValues(
  datamodel: Datamodel,
  field: ScalarField,
  first: unknown,
  second: unknown,
): number {
  const [a, b] = [comparable(datamodel, field, first), comparable(datamodel, field, second)]
  if (a instanceof Buffer && b instanceof Buffer) return Buffer.compare(a, b)
  return a < b ? -1 : a > b ? 1 : 0
}

function comparable(
  datamodel: Datamodel,
  field: ScalarField,
  value: unknown,
): Buffer | bigint | number | string {
  if (field.enumName)
    return datamodel.enum(field.enumName).values.findIndex(item => item.graphqlName === value)
  switch (field.scalar) {
    case 'Int':
    case 'Float':
    case 'Boolean':
      return Number(value)
    case 'BigInt':
      return BigInt(String(value))
    case 'Decimal':
      return scaled(String(value))
    case 'DateTime':
      return digits(String(value))
    case 'Bytes':
      return Buffer.from(String(value), 'base64')
    default:
      return Buffer.from(field.nativeType?.name === 'Char' ? String(value).trimEnd() : String(value))
  }
}

/** A decimal number in units of 10^-20. */
function scaled(text: string): bigint {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.')
  const units = BigInt(whole + fraction.padEnd(20, '0'))
  return text.startsWith('-') ? -units : units
}

/** Moments of four-digit years in one form: six digits of a second. */
function digits(text: string): string {
  const [, head = '', fraction = ''] = /^([^.Z]*)(?:\.(\d+))?Z?$/.exec(text) ?? []
  return `${head}.${fraction.padEnd(6, '0')}`
}
