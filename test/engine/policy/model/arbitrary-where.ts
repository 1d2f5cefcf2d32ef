import { AnyNull, DbNull, JsonNull } from '@prisma/client/runtime/client'
import fc from 'fast-check'
import type { Datamodel, Model, RelationField, ScalarField } from '../../../../src/engine/datamodel/model.ts'
import { isNull } from '../../../../src/engine/index.ts'
import { arbitraryValue } from '../../read/model/arbitrary-world.ts'
import { jsonPaths } from '../../read/model/pools.ts'

/** A Prisma `where`, in which `isNull` stands for null. */
export type Filter = Readonly<Record<string, unknown>>

/**
 * Filters of a model as the author of a policy could write them, with relations up to `depth` models away and as much AND,
 * OR and NOT. Left out is what a policy means otherwise than Prisma, or refuses: null, empty parts, wildcards, and
 * operators of JSON other than `equals` and `not`; and what Prisma itself gets wrong: `OR: []` inside of AND is dropped, and
 * `not: { not: 1 }` is the same as `not: 1`.
 */
export function arbitraryWhere(datamodel: Datamodel, model: Model, depth: number): fc.Arbitrary<Filter> {
  const column = fc.oneof(...model.scalars.map(field => one(field.name, columnFilter(datamodel, field))))
  if (depth === 0) return column
  const inner = arbitraryWhere(datamodel, model, depth - 1)
  const list = fc.array(inner, { minLength: 1, maxLength: 3 })
  const relations = model.relations.map(field => one(field.name, relationFilter(datamodel, field, depth - 1)))
  const logic = [one('AND', list), one('OR', list), one('NOT', list)]
  const single = fc.oneof(
    { weight: 3, arbitrary: column },
    { weight: 3, arbitrary: fc.oneof(...relations) },
    { weight: 2, arbitrary: fc.oneof(...logic, one('NOT', inner), one('AND', inner)) },
  )
  return fc.oneof(
    { weight: 3, arbitrary: single },
    fc.tuple(single, single).map(([a, b]) => ({ ...a, ...b })),
  )
}

function relationFilter(datamodel: Datamodel, field: RelationField, depth: number): fc.Arbitrary<Filter> {
  const inner = arbitraryWhere(datamodel, datamodel.model(field.target), depth)
  const orEmpty = fc.oneof({ weight: 5, arbitrary: inner }, fc.constant({}))
  if (field.isList) {
    const quantified = ['some', 'every', 'none'].map(name => one(name, orEmpty))
    return fc.oneof(
      ...quantified,
      fc.tuple(inner, inner).map(([some, none]) => ({ some, none })),
    )
  }
  // of half of a key Prisma says that it is not null
  const isHalf = field.ownsKey && field.from.length > 1
  const orNull =
    field.isRequired || isHalf ? orEmpty : fc.oneof({ weight: 3, arbitrary: orEmpty }, fc.constant(isNull))
  return fc.oneof(
    inner,
    one('is', orNull),
    one('isNot', orNull),
    fc.tuple(inner, orNull).map(([is, isNot]) => ({ is, isNot })),
  )
}

function columnFilter(datamodel: Datamodel, field: ScalarField): fc.Arbitrary<unknown> {
  if (field.scalar === 'Json') return jsonFilter(arbitraryValue(datamodel, field))
  const value = arbitraryValue(datamodel, field).map(made => toPrisma(datamodel, field, made))
  const list = fc.array(value, { maxLength: 3 })
  if (field.isList) {
    return fc.oneof(
      one('has', value),
      one('hasSome', list),
      one('equals', list),
      one('isEmpty', fc.boolean()),
      one('hasEvery', fc.array(value, { minLength: 1, maxLength: 3 })),
    )
  }
  const orNull = field.isRequired ? value : fc.oneof({ weight: 4, arbitrary: value }, fc.constant(isNull))
  const simple = [orNull, one('equals', orNull), one('not', orNull)]
  if (field.scalar === 'Boolean') return fc.oneof(...simple)
  simple.push(one('in', list), one('notIn', list), one('not', one('in', list)))
  if (!field.enumName && field.scalar !== 'Bytes') {
    simple.push(...['lt', 'lte', 'gt', 'gte'].map(name => one(name, value)))
    simple.push(fc.tuple(value, orNull).map(([gte, not]) => ({ gte, not })))
    simple.push(
      one(
        'not',
        fc.tuple(value, value).map(([gt, lte]) => ({ gt, lte })),
      ),
    )
  }
  if (field.scalar === 'String' && field.nativeType?.name !== 'Uuid')
    simple.push(...textFilters(field, value))
  return fc.oneof(...simple)
}

/** A `char(n)` is filled up with spaces, which Prisma compares as well where case is ignored. */
function textFilters(field: ScalarField, value: fc.Arbitrary<unknown>): fc.Arbitrary<Filter>[] {
  const plain = value.filter(text => text !== '' && !/[\\%_]/.test(String(text)))
  const isPadded = field.nativeType?.name === 'Char'
  const patterns = ['contains', 'startsWith', 'endsWith'].map(name => one(name, plain))
  const equals = isPadded ? [] : [one('equals', plain)]
  const among = ['in', 'notIn'].map(name => one(name, fc.array(plain, { minLength: 1, maxLength: 3 })))
  const all = [...patterns, ...equals, ...among]
  return [
    ...patterns,
    ...all.map(filter => filter.map((given): Filter => ({ ...given, mode: 'insensitive' }))),
    ...all.map(filter => filter.map((given): Filter => ({ not: given, mode: 'insensitive' }))),
    ...(isPadded ? [] : [plain.map((not): Filter => ({ not, mode: 'insensitive' }))]),
  ]
}

function jsonFilter(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const plain = value.filter(made => !hasNull(made))
  const nulls = fc.constantFrom(DbNull, JsonNull, AnyNull)
  const operand = fc.oneof({ weight: 5, arbitrary: plain }, nulls)
  const operator = fc.oneof(one('equals', operand), one('not', operand))
  const path = fc.constantFrom(...jsonPaths.filter(keys => keys.length > 0))
  const withPath = fc.tuple(operator, path).map(([given, at]) => ({ ...given, path: at }))
  return fc.oneof(operator, withPath, one('equals', fc.constant(isNull)), one('not', fc.constant(isNull)))
}

function hasNull(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.values(value).some(hasNull))
}

/** A value as the API writes it to one that the Prisma client takes. */
export function toPrisma(datamodel: Datamodel, field: ScalarField, value: unknown): unknown {
  if (field.enumName) {
    return datamodel.enum(field.enumName).values.find(item => item.graphqlName === value)?.name
  }
  switch (field.scalar) {
    case 'BigInt':
      return BigInt(String(value))
    case 'Bytes':
      return new Uint8Array(Buffer.from(String(value), 'base64'))
    case 'DateTime':
      return new Date(field.graphqlType === 'Time' ? `1970-01-01T${value}Z` : String(value))
    default:
      return value
  }
}

/** The same filter as Prisma takes it: null, and NULL of the database in JSON, for `isNull`. */
export function withNulls(datamodel: Datamodel, model: Model, where: Filter): Filter {
  return Object.fromEntries(
    Object.entries(where).map(([name, value]) => {
      if (name === 'AND' || name === 'OR' || name === 'NOT') {
        const inner = (part: Filter) => withNulls(datamodel, model, part)
        return [name, Array.isArray(value) ? value.map(inner) : inner(value as Filter)]
      }
      const field = model.fields.find(candidate => candidate.name === name)
      if (field?.kind === 'relation') return [name, relationNulls(datamodel, field, value)]
      return [name, columnNulls(field?.kind === 'scalar' && field.scalar === 'Json' ? DbNull : null, value)]
    }),
  )
}

function relationNulls(datamodel: Datamodel, field: RelationField, value: unknown): unknown {
  if (value === isNull) return null
  const names = Object.keys(value as Filter)
  const quantifiers = ['some', 'every', 'none', 'is', 'isNot']
  if (names.length === 0 || !names.every(name => quantifiers.includes(name))) {
    return withNulls(datamodel, datamodel.model(field.target), value as Filter)
  }
  return Object.fromEntries(
    Object.entries(value as Filter).map(([name, inner]) => [name, relationNulls(datamodel, field, inner)]),
  )
}

function columnNulls(nothing: unknown, value: unknown): unknown {
  if (value === isNull) return nothing
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, columnNulls(nothing, item)]))
}

function one(name: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<Filter> {
  return value.map(item => ({ [name]: item }))
}
