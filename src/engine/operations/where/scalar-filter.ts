import { RefractError } from '../../../errors.ts'
import { ExactMoment } from '../../../lib/exact-moment.ts'
import { textFault } from '../../../lib/text-fault.ts'
import type { ScalarField } from '../../datamodel/model.ts'
import { allOf, anyOf, everyRow, noneOf, noRow } from '../../policy/logic.ts'
import type { PrismaNulls, Where } from '../client.ts'
import { exactFloat } from '../exact-float.ts'
import { jsonCondition } from './json-filter.ts'

type FilterInput = Readonly<Record<string, unknown>>

/**
 * The filter on one column, `{ gt: 3, not: 5 }`, to a Prisma `where`: every operator is a condition of its own, so
 * that none changes another's meaning.
 *
 * @throws RefractError BAD_USER_INPUT for null where the column has none, text that cannot be stored
 */
export function scalarCondition(field: ScalarField, filter: FilterInput, nulls: PrismaNulls): Where {
  if (field.isList) return allOf(operators(filter).map(([name, value]) => listCondition(field, name, value)))
  if (field.scalar === 'Json') return jsonCondition(field, filter, nulls)
  const ignoresCase = filter.mode === 'INSENSITIVE'
  return allOf(
    operators(filter)
      .filter(([name]) => name !== 'mode')
      .map(([name, value]) => operatorCondition(field, name, value, ignoresCase)),
  )
}

function operators(filter: FilterInput): [string, unknown][] {
  return Object.entries(filter).filter(([, value]) => value !== undefined)
}

function operatorCondition(
  field: ScalarField,
  operator: string,
  value: unknown,
  ignoresCase: boolean,
): Where {
  assertNullAllowed(field, operator, value)
  assertValue(field, value)
  if (ignoresCase && value !== null) {
    const insensitive = insensitiveCondition(field, operator, value)
    if (insensitive) return insensitive
  }
  if (field.scalar === 'Float') return { [field.name]: { [operator]: exactFloats(value) } }
  const isPattern = operator === 'contains' || operator === 'startsWith' || operator === 'endsWith'
  return { [field.name]: { [operator]: isPattern ? escapePattern(value as string) : value } }
}

function exactFloats(value: unknown): unknown {
  return Array.isArray(value) ? value.map(item => exactFloat(item, true)) : exactFloat(value, false)
}

/**
 * Prisma's `mode: insensitive` is ILIKE, so patterns are escaped. For lists it is LOWER on both sides: taken for single
 * values as well, since it needs no escapes and ignores the spaces that fill up a `char(n)`.
 */
function insensitiveCondition(field: ScalarField, operator: string, value: unknown): Where | null {
  const among = (values: unknown) => ({ [field.name]: { in: values, mode: 'insensitive' } })
  switch (operator) {
    case 'equals':
      return among([value])
    case 'not':
      return { NOT: [among([value])] }
    case 'in':
      return among(value)
    case 'notIn':
      return { [field.name]: { notIn: value, mode: 'insensitive' } }
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return { [field.name]: { [operator]: escapePattern(value as string), mode: 'insensitive' } }
    default:
      return null
  }
}

/** `%`, `_` and `\` are LIKE's wildcards; Prisma passes them through. */
function escapePattern(text: string): string {
  return text.replace(/[\\%_]/g, character => `\\${character}`)
}

/**
 * A list column can be NULL in the database, which Prisma reads as the empty list: so the conditions take it for one,
 * and never leave the row undecided.
 */
function listCondition(field: ScalarField, operator: string, value: unknown): Where {
  if (value === null) {
    throw new RefractError('BAD_USER_INPUT', `${field.graphqlName}.${operator} cannot be null: leave it out.`)
  }
  assertValue(field, value)
  const isNull = { [field.name]: { equals: null } }
  const isEmpty = anyOf([isNull, { [field.name]: { isEmpty: true } }])
  if (operator === 'isEmpty') return value ? isEmpty : noneOf(isEmpty)
  const given = Array.isArray(value) ? value.map(item => listItem(field, item)) : listItem(field, value)
  if (Array.isArray(given) && given.length === 0) {
    if (operator === 'equals') return isEmpty
    return operator === 'hasEvery' ? everyRow : noRow
  }
  return allOf([noneOf(isNull), { [field.name]: { [operator]: given } }])
}

/** In lists, Prisma's adapter passes a time on with its day, which PostgreSQL refuses. */
function listItem(field: ScalarField, item: unknown): unknown {
  if (field.scalar === 'Float') return exactFloat(item, true)
  const isPlainTime = field.graphqlType === 'Time' && item instanceof Date && !(item instanceof ExactMoment)
  return isPlainTime ? new ExactMoment(item.toISOString().slice(11, -1)) : item
}

function assertNullAllowed(field: ScalarField, operator: string, value: unknown): void {
  const isAllowed = !field.isRequired && (operator === 'equals' || operator === 'not')
  if (value !== null || isAllowed) return
  const reason = field.isRequired ? 'the field is never null' : 'only `equals` and `not` take null'
  throw new RefractError('BAD_USER_INPUT', `${field.graphqlName}.${operator} cannot be null: ${reason}.`)
}

/**
 * Refuses what PostgreSQL would answer with a fault of its own.
 *
 * @throws RefractError BAD_USER_INPUT for text that cannot be stored, numbers out of range
 */
export function assertValue(field: ScalarField, value: unknown): void {
  const values = Array.isArray(value) ? value : [value]
  for (const item of values) {
    const fault = typeof item === 'string' ? textFault(item) : numberFault(field, item)
    if (fault) throw new RefractError('BAD_USER_INPUT', `${field.graphqlName} expects ${fault}.`)
  }
}

function numberFault(field: ScalarField, value: unknown): string | null {
  const isTooLong =
    field.nativeType?.name === 'SmallInt' && typeof value === 'number' && (value < -32_768 || value > 32_767)
  return isTooLong ? `a number of 16 bits; ${value} came` : null
}
