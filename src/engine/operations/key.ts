import { ExactMoment } from '../../lib/exact-moment.ts'
import { hasMicroseconds, isOrderable } from '../datamodel/column-kind.ts'
import type { Model, ScalarField } from '../datamodel/model.ts'
import type { Row, Where } from './client.ts'
import { toJsonValue } from './value-codec.ts'

/**
 * The columns that name a row in cursors and node ids: the primary key, or, for a view without one, every column
 * that can be ordered by.
 */
export function keyFields(model: Model): readonly ScalarField[] {
  if (!model.primaryKey) return model.scalars.filter(isOrderable)
  return model.primaryKey.fields.map(name => scalarField(model, name))
}

/** The scalar field of a Prisma name; throws where the model has none. */
export function scalarField(model: Model, name: string): ScalarField {
  const field = model.scalars.find(scalar => scalar.name === name)
  if (!field) throw new Error(`${model.name} has no scalar field ${name}.`)
  return field
}

/** A Prisma `select` of the given fields. */
export function selectFields(names: readonly string[]): Record<string, true> {
  return Object.fromEntries(names.map(name => [name, true as const]))
}

/** The primary key's values of a row, by Prisma field name. */
export function keyOf(model: Model, row: Row): Row {
  return Object.fromEntries(keyFields(model).map(field => [field.name, row[field.name]]))
}

/** Prisma's unique `where` for a primary key's values. */
export function keyWhere(model: Model, key: Row): Where {
  const primary = model.primaryKey
  if (!primary) throw new Error(`${model.name} has no primary key.`)
  const values = Object.fromEntries(primary.fields.map(name => [name, key[name]]))
  return primary.fields.length === 1 ? values : { [primary.name]: values }
}

/** A text that two rows share if and only if they agree in the given fields. */
export function keyText(model: Model, names: readonly string[], row: Row): string {
  return JSON.stringify(names.map(name => toJsonValue(scalarField(model, name), row[name])))
}

/**
 * A `where` for the rows whose fields hold one of the given value tuples, as Prisma has read them: a moment that it has
 * cut stands for all of its millisecond.
 */
export function whereRead(
  model: Model,
  names: readonly string[],
  tuples: readonly (readonly unknown[])[],
): Where {
  const fields = names.map(name => scalarField(model, name))
  if (!fields.some(field => field.graphqlType === 'DateTime' && hasMicroseconds(field)))
    return whereIn(names, tuples)
  return {
    OR: tuples.map(tuple =>
      Object.fromEntries(fields.map((field, index) => [field.name, readValue(field, tuple[index])])),
    ),
  }
}

function readValue(field: ScalarField, value: unknown): unknown {
  const isCut = value instanceof Date && !(value instanceof ExactMoment) && hasMicroseconds(field)
  return isCut ? { gte: value, lt: new Date(value.getTime() + 1) } : { equals: value }
}

/** A `where` for the rows whose fields hold one of the given value tuples. */
export function whereIn(names: readonly string[], tuples: readonly (readonly unknown[])[]): Where {
  const [single] = names
  if (names.length === 1 && single !== undefined) return { [single]: { in: tuples.map(tuple => tuple[0]) } }
  return { OR: tuples.map(tuple => Object.fromEntries(names.map((name, index) => [name, tuple[index]]))) }
}
