import fc from 'fast-check'
import type { Datamodel, Model, RelationField, ScalarField } from '../../../../src/engine/datamodel/model.ts'
import { arbitraryValue } from './arbitrary-world.ts'
import { jsonKeys, jsonPaths } from './pools.ts'

export type Filter = Readonly<Record<string, unknown>>

/** Filters of a model with relations up to `depth` models away and as much AND, OR and NOT. */
export function arbitraryFilter(datamodel: Datamodel, model: Model, depth: number): fc.Arbitrary<Filter> {
  const scalar = fc.oneof(
    ...model.scalars.map(field => one(field.graphqlName, scalarFilter(datamodel, field))),
  )
  if (depth === 0) return fc.oneof({ weight: 9, arbitrary: scalar }, fc.constant({}))
  const inner = arbitraryFilter(datamodel, model, depth - 1)
  const list = fc.array(inner, { maxLength: 3 })
  const relations = model.relations.map(field =>
    one(field.graphqlName, relationFilter(datamodel, field, depth)),
  )
  const single = fc.oneof(
    { weight: 3, arbitrary: scalar },
    { weight: 3, arbitrary: fc.oneof(...relations) },
    { weight: 3, arbitrary: fc.oneof(one('AND', list), one('OR', list), one('NOT', inner)) },
  )
  // conditions side by side
  return fc.oneof(
    { weight: 3, arbitrary: single },
    fc.tuple(single, single).map(([a, b]) => ({ ...a, ...b })),
  )
}

function relationFilter(datamodel: Datamodel, field: RelationField, depth: number): fc.Arbitrary<Filter> {
  const inner = arbitraryFilter(datamodel, datamodel.model(field.target), depth - 1)
  if (field.isList) return fc.oneof(one('some', inner), one('every', inner), one('none', inner))
  const related = fc.oneof({ weight: 4, arbitrary: inner }, fc.constant(null))
  return fc.oneof(one('is', related), one('isNot', related))
}

export function scalarFilter(datamodel: Datamodel, field: ScalarField): fc.Arbitrary<Filter> {
  const value = arbitraryValue(datamodel, field)
  if (field.isList) return listFilter(value)
  if (field.scalar === 'Json') return jsonFilter(value)
  const orNull = field.isRequired ? value : fc.option(value)
  const operators = [one('equals', orNull), one('not', orNull)]
  const list = fc.array(value, { maxLength: 4 })
  if (field.scalar !== 'Boolean') operators.push(one('in', list), one('notIn', list))
  if (!field.enumName && field.scalar !== 'Boolean' && field.scalar !== 'Bytes') {
    operators.push(...['lt', 'lte', 'gt', 'gte'].map(name => one(name, value)))
    operators.push(fc.tuple(value, value).map(([gte, lt]) => ({ gte, lt })))
  }
  const isPadded = field.nativeType?.name === 'Char'
  if (field.graphqlType === 'String' || field.graphqlType === 'ID')
    operators.push(...textFilters(value, list, isPadded))
  return fc.oneof(...operators)
}

/** How a `char(n)` ends is a matter of the spaces that fill it up: nothing to rely on. */
function textFilters(
  value: fc.Arbitrary<unknown>,
  list: fc.Arbitrary<unknown>,
  isPadded: boolean,
): fc.Arbitrary<Filter>[] {
  const names = isPadded ? ['contains', 'startsWith'] : ['contains', 'startsWith', 'endsWith']
  const patterns = names.map(name => one(name, value))
  const insensitive = [
    ...patterns,
    ...['equals', 'not'].map(name => one(name, value)),
    ...['in', 'notIn'].map(name => one(name, list)),
  ]
  return [...patterns, ...insensitive.map(filter => filter.map(given => ({ ...given, mode: 'INSENSITIVE' })))]
}

function listFilter(value: fc.Arbitrary<unknown>): fc.Arbitrary<Filter> {
  const list = fc.array(value, { maxLength: 3 })
  return fc.oneof(
    one('has', value),
    ...['hasEvery', 'hasSome', 'equals'].map(name => one(name, list)),
    one('isEmpty', fc.boolean()),
  )
}

function jsonFilter(value: fc.Arbitrary<unknown>): fc.Arbitrary<Filter> {
  const orNull = fc.option(value, { freq: 4 })
  const operator = fc.oneof(
    ...['equals', 'not'].map(name => one(name, orNull)),
    one('contains', orNull.filter(isContainable)),
    one('hasKey', fc.constantFrom(...jsonKeys)),
  )
  const path = fc.constantFrom(...jsonPaths)
  return fc.oneof(
    operator,
    fc.tuple(operator, path).map(([given, at]) => ({ ...given, path: at })),
  )
}

/** Whether a value contains an empty object or list is not a question of the API's. */
function isContainable(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  const items = Object.values(value)
  return items.length > 0 && (Array.isArray(value) || items.every(isContainable))
}

function one(name: string, value: fc.Arbitrary<unknown>): fc.Arbitrary<Filter> {
  return value.map(item => ({ [name]: item }))
}
