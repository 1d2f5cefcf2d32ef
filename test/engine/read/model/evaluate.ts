import type { Datamodel, Model, RelationField, ScalarField } from '../../../../src/engine/datamodel/model.ts'
import { compareValues, type PlainRow, relatedRows, type World } from './world.ts'

type Filter = Readonly<Record<string, unknown>>

/** True, false, or null for SQL's "unknown". */
export type Truth = boolean | null

/** A filter of the API on a row, by SQL's three-valued logic; written from api.md and not from the engine's code. */
export function matches(world: World, model: Model, filter: Filter, row: PlainRow): Truth {
  return and(
    Object.entries(filter).map(([name, value]) => {
      const parts = () => (value as readonly Filter[]).map(part => matches(world, model, part, row))
      if (name === 'AND') return and(parts())
      if (name === 'OR') return or(parts())
      if (name === 'NOT') return not(matches(world, model, value as Filter, row))
      const field = model.fields.find(candidate => candidate.graphqlName === name)
      if (field?.kind === 'scalar')
        return scalarMatches(world.datamodel, field, value as Filter, row[field.name])
      if (field?.kind !== 'relation') throw new Error(`${model.name} has no field ${name}.`)
      const related = relatedRows(world, model, field, row)
      return field.isList
        ? listMatches(world, field, value as Filter, related)
        : toOneMatches(world, field, value as Filter, related[0])
    }),
  )
}

function listMatches(
  world: World,
  field: RelationField,
  filter: Filter,
  related: readonly PlainRow[],
): Truth {
  const target = world.datamodel.model(field.target)
  return and(
    Object.entries(filter).map(([quantifier, value]) => {
      const truths = related.map(row => matches(world, target, value as Filter, row))
      if (quantifier === 'some') return truths.includes(true)
      if (quantifier === 'none') return !truths.includes(true)
      return !truths.includes(false)
    }),
  )
}

function toOneMatches(
  world: World,
  field: RelationField,
  filter: Filter,
  related: PlainRow | undefined,
): Truth {
  const target = world.datamodel.model(field.target)
  return and(
    Object.entries(filter).map(([operator, value]) => {
      const truth =
        value === null
          ? related === undefined
          : related !== undefined && matches(world, target, value as Filter, related)
      return operator === 'is' ? truth : not(truth)
    }),
  )
}

export function scalarMatches(
  datamodel: Datamodel,
  field: ScalarField,
  filter: Filter,
  value: unknown,
): Truth {
  if (field.isList)
    return and(Object.entries(filter).map(([name, other]) => inList(datamodel, field, name, value, other)))
  if (field.scalar === 'Json') return jsonMatches(filter, value)
  const ignoresCase = filter.mode === 'INSENSITIVE'
  return and(
    Object.entries(filter)
      .filter(([operator]) => operator !== 'mode')
      .map(([operator, other]) => operatorMatches(datamodel, field, operator, value, other, ignoresCase)),
  )
}

function operatorMatches(
  datamodel: Datamodel,
  field: ScalarField,
  operator: string,
  value: unknown,
  other: unknown,
  ignoresCase: boolean,
): Truth {
  if (other === null) return (value === undefined) === (operator === 'equals')
  if (Array.isArray(other) && other.length === 0) return operator === 'notIn'
  if (value === undefined) return null
  const folded = (item: unknown) => (ignoresCase ? String(item).toLowerCase() : item)
  const compared = (item: unknown) => compareValues(datamodel, field, folded(value), folded(item))
  const text = () => String(folded(value))
  switch (operator) {
    case 'equals':
      return compared(other) === 0
    case 'not':
      return compared(other) !== 0
    case 'in':
      return (other as unknown[]).some(item => compared(item) === 0)
    case 'notIn':
      return (other as unknown[]).every(item => compared(item) !== 0)
    case 'lt':
      return compareValues(datamodel, field, value, other) < 0
    case 'lte':
      return compareValues(datamodel, field, value, other) <= 0
    case 'gt':
      return compareValues(datamodel, field, value, other) > 0
    case 'gte':
      return compareValues(datamodel, field, value, other) >= 0
    case 'contains':
      return text().includes(String(folded(other)))
    case 'startsWith':
      return text().startsWith(String(folded(other)))
    case 'endsWith':
      return text().endsWith(String(folded(other)))
    default:
      throw new Error(`There is no operator ${operator}.`)
  }
}

function inList(
  datamodel: Datamodel,
  field: ScalarField,
  operator: string,
  value: unknown,
  other: unknown,
): Truth {
  const items = (value ?? []) as readonly unknown[]
  const has = (item: unknown) => items.some(mine => compareValues(datamodel, field, mine, item) === 0)
  switch (operator) {
    case 'has':
      return has(other)
    case 'hasEvery':
      return (other as unknown[]).every(has)
    case 'hasSome':
      return (other as unknown[]).some(has)
    case 'isEmpty':
      return (items.length === 0) === other
    case 'equals': {
      const others = other as readonly unknown[]
      return (
        items.length === others.length &&
        items.every((item, index) => compareValues(datamodel, field, item, others[index]) === 0)
      )
    }
    default:
      throw new Error(`There is no operator ${operator}.`)
  }
}

/** The value is undefined for SQL's NULL, null for the JSON value. */
function jsonMatches(filter: Filter, value: unknown): Truth {
  const { path = [], ...operators } = filter
  const at = valueAt(value, path as readonly string[])
  const equals = (other: unknown) => {
    if (other === null) return at === undefined || at === null
    return at === undefined ? null : sameJson(at, other)
  }
  return and(
    Object.entries(operators).map(([operator, other]) => {
      switch (operator) {
        case 'equals':
          return equals(other)
        case 'not':
          return not(equals(other))
        case 'contains':
          return at !== undefined && containsJson(at, other, true)
        case 'hasKey':
          return valueAt(at, [other as string]) !== undefined
        default:
          throw new Error(`There is no operator ${operator}.`)
      }
    }),
  )
}

/** PostgreSQL's `#>`: keys of objects, positions of lists, negative ones from the end. */
function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((current, step) => {
    if (Array.isArray(current)) return /^-?\d+$/.test(step) ? current.at(Number(step)) : undefined
    return typeof current === 'object' && current !== null && Object.hasOwn(current, step)
      ? (current as Readonly<Record<string, unknown>>)[step]
      : undefined
  }, value)
}

function sameJson(first: unknown, second: unknown): boolean {
  return (
    containsJson(first, second, false) && containsJson(second, first, false) && shape(first) === shape(second)
  )
}

/** Containment ignores the order and the repetition of a list's elements; equality does not. */
function shape(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

/** PostgreSQL's `@>`. As an exception a list contains a bare value, at the top only. */
function containsJson(value: unknown, part: unknown, isTop: boolean): boolean {
  if (Array.isArray(value)) {
    if (Array.isArray(part)) return part.every(item => value.some(mine => containsJson(mine, item, false)))
    return isTop && (typeof part !== 'object' || part === null) && value.includes(part)
  }
  if (typeof value !== 'object' || value === null) return value === part
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return false
  return Object.entries(part).every(
    ([key, item]) =>
      Object.hasOwn(value, key) &&
      containsJson((value as Readonly<Record<string, unknown>>)[key], item, false),
  )
}

export function and(parts: readonly Truth[]): Truth {
  return parts.includes(false) ? false : parts.includes(null) ? null : true
}

function or(parts: readonly Truth[]): Truth {
  return parts.includes(true) ? true : parts.includes(null) ? null : false
}

function not(part: Truth): Truth {
  return part === null ? null : !part
}
