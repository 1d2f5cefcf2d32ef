import { AnyNull, DbNull } from '@prisma/client/runtime/client'
import type { Datamodel, Model, RelationField, ScalarField } from '../datamodel/model.ts'
import { isNullMarker } from './is-null.ts'
import { allOf, anyOf, everyRow, isEveryRow, isNoRow, noneOf, noRow, type Where } from './logic.ts'
import { assertJsonOperator, assertListed, assertOperand } from './operand.ts'
import { assertDefined, assertPresent, describe, isPlain, MissingValue, PolicyFault } from './policy-fault.ts'
import { withoutRelated } from './related-row.ts'

/** Rows that conditions on related rows leave out, as if they were not there yet. */
export interface Exclusion {
  readonly model: Model
  /** Matches the rows; never undecided. */
  readonly rows: Where
}

interface Compilation {
  readonly datamodel: Datamodel
  readonly exclusion: Exclusion | null
}

type Filter = Readonly<Record<string, unknown>>

/**
 * The filter of a policy, a Prisma `where` as its author wrote it, to one that is safe to be combined with others:
 *
 * - Every condition is either true or false of a row, never undecided as SQL is about NULL. A filter inside of a NOT
 *   would otherwise tell rows that are hidden for one reason from those that are hidden for another.
 * - NOT stands at single conditions only, so that "never undecided" does not turn into "allowed".
 * - `%`, `_` and `\` in the texts of `contains` and its like, and wherever case is ignored, stand for themselves.
 * - Conditions on related rows leave out the rows of `exclusion`.
 *
 * @throws PolicyFault for `undefined` anywhere, unknown fields, empty parts, which Prisma would drop, and for operators that
 *   Prisma does not negate
 * @throws MissingValue for null, and for empty texts and lists that every row would match
 */
export function compilePolicyWhere(
  datamodel: Datamodel,
  model: Model,
  where: Where,
  exclusion: Exclusion | null = null,
): Where {
  return compile({ datamodel, exclusion }, model, where, false, model.name)
}

function compile(
  compilation: Compilation,
  model: Model,
  where: unknown,
  isNegated: boolean,
  place: string,
): Where {
  if (!isPlain(where))
    throw new PolicyFault(`${place} expects an object with conditions; ${describe(where)} came.`)
  const entries = Object.entries(where)
  if (entries.length === 0) {
    throw new PolicyFault(
      `${place} has an empty filter, which every row would match. If that is meant, say true.`,
    )
  }
  const parts = entries.map(([name, value]) =>
    condition(compilation, model, name, value, isNegated, `${place}.${name}`),
  )
  return isNegated ? anyOf(parts) : allOf(parts)
}

function condition(
  compilation: Compilation,
  model: Model,
  name: string,
  value: unknown,
  isNegated: boolean,
  place: string,
): Where {
  assertDefined(value, place)
  if (name === 'AND' || name === 'OR' || name === 'NOT') {
    const items = Array.isArray(value) ? (value as unknown[]) : [value]
    if (items.length === 0 && name !== 'OR') {
      throw new PolicyFault(
        `${place} is an empty list, which every row would match. If that is meant, say true.`,
      )
    }
    const isInnerNegated = name === 'NOT' ? !isNegated : isNegated
    const parts = items.map((item, index) =>
      compile(compilation, model, item, isInnerNegated, `${place}[${index}]`),
    )
    // De Morgan: the negation of "all of them" is "one of them, negated"; Prisma's NOT of a list negates each of them
    const isAll = (name === 'OR') === isNegated
    return isAll ? allOf(parts) : anyOf(parts)
  }
  const field = model.fields.find(candidate => candidate.name === name)
  if (field?.kind === 'scalar') return scalarConditions(field, value, isNegated, place)
  if (field?.kind === 'relation') {
    return field.isList
      ? listRelation(compilation, field, value, isNegated, place)
      : toOneRelation(compilation, field, value, isNegated, place)
  }
  throw new PolicyFault(`${place}: ${model.name} has no field ${name} that could be filtered by.`)
}

function listRelation(
  compilation: Compilation,
  field: RelationField,
  value: unknown,
  isNegated: boolean,
  place: string,
): Where {
  if (!isPlain(value) || Object.keys(value).length === 0) {
    throw new PolicyFault(`${place} expects { some }, { every } or { none }; ${describe(value)} came.`)
  }
  const parts = Object.entries(value).map(([quantifier, inner]) => {
    const innerPlace = `${place}.${quantifier}`
    assertDefined(inner, innerPlace)
    // "every row matches" is "there is none that does not"
    if (quantifier === 'every') return relatedRows(compilation, field, inner, true, isNegated, innerPlace)
    if (quantifier === 'none') return relatedRows(compilation, field, inner, false, isNegated, innerPlace)
    if (quantifier === 'some') return relatedRows(compilation, field, inner, false, !isNegated, innerPlace)
    throw new PolicyFault(`${place} expects { some }, { every } or { none }; ${quantifier} came.`)
  })
  return isNegated ? anyOf(parts) : allOf(parts)
}

/** There is (`isSome`), or there is no, related row for which the inner filter holds, or does not (`isInnerNegated`). */
function relatedRows(
  compilation: Compilation,
  field: RelationField,
  inner: unknown,
  isInnerNegated: boolean,
  isSome: boolean,
  place: string,
): Where {
  const where = isEmptyFilter(inner)
    ? isInnerNegated
      ? noRow
      : everyRow
    : compile(compilation, compilation.datamodel.model(field.target), inner, isInnerNegated, place)
  const counted = withoutExcluded(compilation, field, where)
  if (isNoRow(counted)) return isSome ? noRow : everyRow
  return { [field.name]: { [isSome ? 'some' : 'none']: counted } }
}

function toOneRelation(
  compilation: Compilation,
  field: RelationField,
  value: unknown,
  isNegated: boolean,
  place: string,
): Where {
  if (isNullMarker(value)) return isAbsent(compilation, field, isNegated)
  assertPresent(value, place)
  if (!isPlain(value)) throw new PolicyFault(`${place} expects { is } or { isNot }; ${describe(value)} came.`)
  const names = Object.keys(value)
  const isExplicit = names.length > 0 && names.every(name => name === 'is' || name === 'isNot')
  if (!isExplicit) return relatedRow(compilation, field, value, isNegated, place)
  const parts = Object.entries(value).map(([operator, inner]) => {
    const innerPlace = `${place}.${operator}`
    assertDefined(inner, innerPlace)
    const isInnerNegated = operator === 'isNot' ? !isNegated : isNegated
    if (isNullMarker(inner)) return isAbsent(compilation, field, isInnerNegated)
    assertPresent(inner, innerPlace)
    return relatedRow(compilation, field, inner, isInnerNegated, innerPlace)
  })
  return isNegated ? anyOf(parts) : allOf(parts)
}

/** There is a related row, and it matches; negated: there is none, or it does not match. */
function relatedRow(
  compilation: Compilation,
  field: RelationField,
  inner: unknown,
  isNegated: boolean,
  place: string,
): Where {
  if (isEmptyFilter(inner)) return isAbsent(compilation, field, !isNegated)
  const target = compilation.datamodel.model(field.target)
  const where = withoutExcluded(compilation, field, compile(compilation, target, inner, isNegated, place))
  const related = isNoRow(where) ? noRow : { [field.name]: { is: where } }
  return isNegated ? anyOf([isAbsent(compilation, field, false), related]) : related
}

/** There is no related row, or it is one that is left out. */
function isAbsent({ exclusion }: Compilation, field: RelationField, isNegated: boolean): Where {
  const excluded = exclusion?.model.name === field.target ? { [field.name]: { is: exclusion.rows } } : noRow
  const where = anyOf([withoutRelated(field), excluded])
  return isNegated ? noneOf(where) : where
}

function withoutExcluded({ exclusion }: Compilation, field: RelationField, where: Where): Where {
  return exclusion?.model.name === field.target ? allOf([where, noneOf(exclusion.rows)]) : where
}

/** The conditions on one column; each operator is one of its own. */
function scalarConditions(field: ScalarField, value: unknown, isNegated: boolean, place: string): Where {
  if (isNullMarker(value)) return nullCondition(field, {}, isNegated)
  assertPresent(value, place)
  if (!isPlain(value)) {
    if (field.scalar === 'Json' || field.isList) {
      throw new PolicyFault(`${place} expects an object with conditions; ${describe(value)} came.`)
    }
    assertOperand(field, value, place)
    assertListed(field, 'equals', value, place)
    return literal(field, { equals: value }, isNegated)
  }
  const { mode, path, ...operators } = value
  const common = { ...(mode === undefined ? {} : { mode }), ...(path === undefined ? {} : { path }) }
  if ('mode' in value) assertDefined(mode, `${place}.mode`)
  if ('path' in value) assertOperand(field, path, `${place}.path`)
  const parts = operatorsOf(operators, place).map(([operator, operand]) =>
    operatorCondition(field, operator, operand, common, isNegated, `${place}.${operator}`),
  )
  return isNegated ? anyOf(parts) : allOf(parts)
}

function operatorsOf(filter: Filter, place: string): [string, unknown][] {
  const entries = Object.entries(filter)
  if (entries.length === 0) throw new PolicyFault(`${place} has no condition, which every row would match.`)
  return entries
}

/** `not: { gt: 1, lt: 5 }` is to Prisma none of them, not "not both of them". */
function noneOfConditions(
  field: ScalarField,
  filter: Filter,
  common: Filter,
  isNegated: boolean,
  place: string,
): Where {
  const parts = operatorsOf(filter, place).map(([operator, operand]) =>
    scalarConditions(field, { ...common, [operator]: operand }, !isNegated, place),
  )
  return isNegated ? anyOf(parts) : allOf(parts)
}

const patterns: ReadonlySet<string> = new Set(['contains', 'startsWith', 'endsWith'])

function operatorCondition(
  field: ScalarField,
  operator: string,
  operand: unknown,
  common: Filter,
  isNegated: boolean,
  place: string,
): Where {
  assertDefined(operand, place)
  if (field.scalar === 'Json') assertJsonOperator(operator, common, place)
  else if (operator === 'not' && isPlain(operand)) {
    return noneOfConditions(field, operand, common, isNegated, place)
  }
  if (isNullMarker(operand)) {
    if (operator !== 'equals' && operator !== 'not') throw new PolicyFault(`${place} cannot be isNull.`)
    return nullCondition(field, common, (operator === 'not') !== isNegated)
  }
  if (operand === DbNull || operand === AnyNull) {
    const holds = { [field.name]: { ...common, [operator]: operand } }
    return isNegated ? noneOf(holds) : holds
  }
  assertOperand(field, operand, place)
  assertListed(field, operator, operand, place)
  if (Array.isArray(operand) && operand.length === 0) {
    if (operator === 'hasEvery') throw new MissingValue(place)
    if (operator === 'in' || operator === 'notIn') {
      return (operator === 'in') === isNegated ? everyRow : noRow
    }
  }
  if (patterns.has(operator)) {
    if (operand === '') throw new MissingValue(place)
    return literal(field, { [operator]: escapePattern(operand), ...common }, isNegated)
  }
  return literal(field, { ...comparison(operator, operand, common), ...common }, isNegated)
}

/** Where case is ignored, Prisma compares one value as a pattern, but those of a list as they are. */
function comparison(operator: string, operand: unknown, { mode }: Filter): Filter {
  if (mode === 'insensitive' && operator === 'equals') return { in: [operand] }
  if (mode === 'insensitive' && operator === 'not') return { notIn: [operand] }
  return { [operator]: operand }
}

/** A condition or its negation, false where the column is NULL: SQL would leave it undecided. */
function literal(field: ScalarField, filter: Filter, isNegated: boolean): Where {
  const holds: Where = { [field.name]: filter }
  const decided = isNegated ? { NOT: [holds] } : holds
  return allOf([...hasValue(field, filter), decided])
}

function hasValue(field: ScalarField, filter: Filter): Where[] {
  if (field.scalar === 'Json') {
    return [{ [field.name]: { ...('path' in filter ? { path: filter.path } : {}), not: DbNull } }]
  }
  // a list column can be NULL whatever the schema says
  if (field.isList) return [noneOf({ [field.name]: { equals: null } })]
  return field.isRequired ? [] : [{ [field.name]: { not: null } }]
}

function nullCondition(field: ScalarField, common: Filter, isNegated: boolean): Where {
  if (field.scalar === 'Json') {
    return { [field.name]: { ...common, ...(isNegated ? { not: DbNull } : { equals: DbNull }) } }
  }
  if (field.isList) {
    const holds = { [field.name]: { equals: null } }
    return isNegated ? noneOf(holds) : holds
  }
  if (field.isRequired) return isNegated ? everyRow : noRow
  return { [field.name]: isNegated ? { not: null } : { equals: null } }
}

function escapePattern(operand: unknown): unknown {
  return typeof operand === 'string' ? operand.replace(/[\\%_]/g, character => `\\${character}`) : operand
}

function isEmptyFilter(value: unknown): boolean {
  return isPlain(value) && isEveryRow(value)
}
