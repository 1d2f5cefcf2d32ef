import { hasMicroseconds } from '../../datamodel/column-kind.ts'
import type { Datamodel, Model, RelationField, ScalarField } from '../../datamodel/model.ts'
import type { Row, Select, Where } from '../client.ts'
import { selectFields } from '../key.ts'
import { isSelection, mergeSelects } from './order.ts'

/** A condition of a policy that can be decided by looking at a row, if that was read with a few things more. */
export interface RowTest {
  /** What has to be read: columns, related rows, and counts of related rows that meet a condition. */
  readonly select: Select
  holds(row: Row): boolean
}

/**
 * Makes a test of a compiled condition, which is never undecided, so that it takes no statement of its own. Null where
 * JavaScript could see it differently from the database, or where it needs more than that.
 */
export function createRowTest(datamodel: Datamodel, model: Model, where: Where): RowTest | null {
  return allTests(
    Object.entries(where).map(([name, value]) => conditionTest(datamodel, model, name, value)),
    'every',
  )
}

function conditionTest(datamodel: Datamodel, model: Model, name: string, value: unknown): RowTest | null {
  if (name === 'AND' || name === 'OR') {
    const parts = (value as readonly Where[]).map(part => createRowTest(datamodel, model, part))
    return allTests(parts, name === 'AND' ? 'every' : 'some')
  }
  if (name === 'NOT') {
    const [part] = value as readonly Where[]
    const test = part && createRowTest(datamodel, model, part)
    return test ? { select: test.select, holds: row => !test.holds(row) } : null
  }
  const field = model.fields.find(candidate => candidate.name === name)
  if (field?.kind === 'scalar') return scalarTest(field, value as Row)
  if (field?.kind !== 'relation') return null
  const condition = value as Readonly<Record<string, unknown>>
  return field.isList ? countTest(field.name, condition) : relatedTest(datamodel, field, condition)
}

/** `{ is: … }`: the related row, read along in a join, meets the condition; or there is none. */
function relatedTest(
  datamodel: Datamodel,
  field: RelationField,
  condition: Readonly<Record<string, unknown>>,
): RowTest | null {
  const [[name, where] = [], ...rest] = Object.entries(condition)
  if (name !== 'is' || rest.length > 0) return null
  if (where === null) {
    if (!field.ownsKey) return null
    return {
      select: Object.fromEntries(field.from.map(column => [column, true])),
      holds: row => field.from.some(column => row[column] === null),
    }
  }
  const target = datamodel.model(field.target)
  const test = createRowTest(datamodel, target, where as Where)
  if (!test || target.scalars.some(column => test.select[column.name] && isInexactInJson(column))) return null
  const select = Object.keys(test.select).length > 0 ? test.select : selectFields(field.to)
  return {
    select: { [field.name]: { select } },
    holds: row => {
      const related = row[field.name] as Row | null
      return related !== null && test.holds(related)
    },
  }
}

/** Prisma's join puts related rows into JSON, whose numbers JavaScript takes for floats. */
function isInexactInJson(column: ScalarField): boolean {
  return column.scalar === 'BigInt'
}

function allTests(tests: readonly (RowTest | null)[], quantifier: 'every' | 'some'): RowTest | null {
  const found = tests.filter(test => test !== null)
  const selects = found.map(test => test.select)
  if (found.length < tests.length || hasConflict(selects)) return null
  return {
    select: selects.reduce(mergeSelects, {}),
    holds: row => found[quantifier](test => test.holds(row)),
  }
}

/** How many related rows there are is one number: it cannot be asked for under two conditions at once. */
export function hasConflict(selects: readonly Select[]): boolean {
  const counts = selects.flatMap(select => Object.entries(countsOf(select)))
  const isConflict = counts.some(([name, count]) =>
    counts.some(([other, otherCount]) => name === other && !isSame(count, otherCount)),
  )
  return isConflict || relationNames(selects).some(name => hasConflict(selects.map(nestedSelect(name))))
}

function relationNames(selects: readonly Select[]): readonly string[] {
  const names = selects.flatMap(select =>
    Object.entries(select).flatMap(([name, value]) =>
      name !== '_count' && isSelection(value) ? [name] : [],
    ),
  )
  return [...new Set(names)]
}

function nestedSelect(name: string): (select: Select) => Select {
  return ({ [name]: value }) => (isSelection(value) ? value.select : {})
}

function countsOf(select: Select): Select {
  return (select._count as { readonly select?: Select } | undefined)?.select ?? {}
}

function isSame(first: unknown, second: unknown): boolean {
  return JSON.stringify(first) === JSON.stringify(second)
}

/** `{ some: … }` and `{ none: … }`: the number of related rows that meet the condition. */
function countTest(name: string, condition: Readonly<Record<string, unknown>>): RowTest | null {
  const [[quantifier, where] = [], ...rest] = Object.entries(condition)
  if (rest.length > 0 || (quantifier !== 'some' && quantifier !== 'none')) return null
  // what JSON does not tell apart could be taken for the same condition
  if (hasOpaque(where)) return null
  return {
    select: { _count: { select: { [name]: { where } } } },
    holds: row => {
      const count = (row._count as Readonly<Record<string, number>> | undefined)?.[name] ?? 0
      return quantifier === 'some' ? count > 0 : count === 0
    },
  }
}

function hasOpaque(value: unknown): boolean {
  if (typeof value === 'bigint' || typeof value === 'function') return true
  if (typeof value !== 'object' || value === null || value instanceof Date) return false
  if (Array.isArray(value)) return value.some(hasOpaque)
  return Object.getPrototypeOf(value) !== Object.prototype || Object.values(value).some(hasOpaque)
}

type Comparable = number | bigint | string | boolean

const comparisons: Readonly<Record<string, (value: Comparable, operand: Comparable) => boolean>> = {
  equals: (value, operand) => value === operand,
  not: (value, operand) => value !== operand,
  lt: (value, operand) => value < operand,
  lte: (value, operand) => value <= operand,
  gt: (value, operand) => value > operand,
  gte: (value, operand) => value >= operand,
}

function scalarTest(field: ScalarField, filter: Row): RowTest | null {
  const select = { [field.name]: true }
  const [[operator, operand] = [], ...rest] = Object.entries(filter)
  if (operator === undefined || rest.length > 0 || field.isList) return null
  if (operand === null) {
    return { select, holds: row => (row[field.name] === null) === (operator === 'equals') }
  }
  const read = readerOf(field, operator)
  if (!read) return null
  if (operator === 'in' || operator === 'notIn') {
    const operands = (operand as readonly unknown[]).map(read)
    if (operands.includes(null)) return null
    const isIn = operator === 'in'
    return { select, holds: row => decide(read(row[field.name]), value => operands.includes(value) === isIn) }
  }
  const compare = comparisons[operator]
  const compared = read(operand)
  if (!compare || compared === null) return null
  return { select, holds: row => decide(read(row[field.name]), value => compare(value, compared)) }
}

/** NULL meets no condition. */
function decide(value: Comparable | null, test: (value: Comparable) => boolean): boolean {
  return value !== null && test(value)
}

const equalities: ReadonlySet<string> = new Set(['equals', 'not', 'in', 'notIn'])

/**
 * Values of the column as JavaScript compares them like PostgreSQL; null where it does not. A text is the same only where
 * its bytes are, and has an order that JavaScript does not know.
 */
function readerOf(field: ScalarField, operator: string): ((value: unknown) => Comparable | null) | null {
  const isEquality = equalities.has(operator)
  const native = field.nativeType?.name
  if (field.enumName) return isEquality ? asText : null
  switch (field.scalar) {
    case 'String':
      if (!isEquality) return null
      if (native === 'Uuid') return value => asText(value)?.toLowerCase() ?? null
      return native === undefined || native === 'Text' || native === 'VarChar' ? asText : null
    case 'Int':
      return value => (typeof value === 'number' ? value : null)
    case 'BigInt':
      return value =>
        typeof value === 'bigint' || Number.isSafeInteger(value) ? BigInt(value as number) : null
    case 'Boolean':
      return isEquality ? value => (typeof value === 'boolean' ? value : null) : null
    case 'DateTime':
      return native !== 'Date' && native !== 'Time' && native !== 'Timetz' && !hasMicroseconds(field)
        ? asTime
        : null
    default:
      return null
  }
}

function asText(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function asTime(value: unknown): number | null {
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value.getTime() : null
}
