import type { Row, Where } from '../client.ts'
import type { Group, GroupOrderTerm, GroupRead } from './group-read.ts'
import { parseGroupSort } from './group-sort.ts'

/**
 * `having`, order and limit of a read applied to groups in memory, as PostgreSQL would: a comparison with null is not
 * true, and nulls come last in ascending order.
 */
export function arrangeGroups(read: GroupRead, groups: readonly Group[]): readonly Group[] {
  const keyTerms = read.by.map((field): GroupOrderTerm => ({ by: 'key', field, order: 'asc' }))
  const terms = [...read.order, ...keyTerms]
  return groups
    .filter(group => holds(read.having, group) === true)
    .sort((a, b) => compareGroups(terms, a, b))
    .slice(0, read.limit)
}

function compareGroups(terms: readonly GroupOrderTerm[], a: Group, b: Group): number {
  for (const term of terms) {
    const { direction, nulls } = parseGroupSort(term.order)
    const [first, second] = [groupValue(term, a), groupValue(term, b)]
    const compared =
      first === null || second === null
        ? compareNulls(first, second, nulls)
        : compare(first, second) * (direction === 'asc' ? 1 : -1)
    if (compared !== 0) return compared
  }
  return 0
}

function compareNulls(first: unknown, second: unknown, nulls: 'first' | 'last'): number {
  if (first === second) return 0
  return (first === null) === (nulls === 'first') ? -1 : 1
}

function groupValue(term: GroupOrderTerm, group: Group): unknown {
  if (term.by === 'count') return group.count
  return group[term.by][term.field?.name ?? ''] ?? null
}

/** Below, at or above 0; numbers of any kind, moments and texts. */
function compare(first: unknown, second: unknown): number {
  const [a, b] = [comparable(first), comparable(second)]
  return a < b ? -1 : a > b ? 1 : 0
}

function comparable(value: unknown): number | string | bigint {
  if (typeof value === 'string' || typeof value === 'bigint') return value
  if (value instanceof Date) return value.getTime()
  return Number(value)
}

/** Prisma's `having` of a group: true, false, or null for unknown. */
function holds(having: Where, group: Group): boolean | null {
  return and(
    Object.entries(having).map(([name, value]) => {
      if (name === 'AND') return and((value as readonly Where[]).map(part => holds(part, group)))
      if (name === 'OR') return or((value as readonly Where[]).map(part => holds(part, group)))
      if (name === 'NOT') return not(and((value as readonly Where[]).map(part => holds(part, group))))
      return and(
        Object.entries(value as Where).map(([key, filter]) => {
          const isAggregate = key.startsWith('_')
          const actual = isAggregate ? aggregateOf(group, key, name) : (group.key[name] ?? null)
          return matches(actual, isAggregate ? (filter as Row) : { [key]: filter })
        }),
      )
    }),
  )
}

function aggregateOf(group: Group, key: string, field: string): unknown {
  return key === '_count' ? group.count : (group[key.slice(1) as 'sum'][field] ?? null)
}

function matches(actual: unknown, filter: Row): boolean | null {
  return and(Object.entries(filter).map(([operator, expected]) => compareBy(operator, actual, expected)))
}

function compareBy(operator: string, actual: unknown, expected: unknown): boolean | null {
  if (expected === null) return operator === 'equals' ? actual === null : actual !== null
  if (actual === null) return null
  switch (operator) {
    case 'equals':
      return compare(actual, expected) === 0
    case 'not':
      return compare(actual, expected) !== 0
    case 'in':
      return (expected as readonly unknown[]).some(item => compare(actual, item) === 0)
    case 'notIn':
      return (expected as readonly unknown[]).every(item => compare(actual, item) !== 0)
    case 'lt':
      return compare(actual, expected) < 0
    case 'lte':
      return compare(actual, expected) <= 0
    case 'gt':
      return compare(actual, expected) > 0
    case 'gte':
      return compare(actual, expected) >= 0
    default:
      throw new Error(`The comparison ${operator} is not one of having's.`)
  }
}

function and(parts: readonly (boolean | null)[]): boolean | null {
  return parts.includes(false) ? false : parts.includes(null) ? null : true
}

function or(parts: readonly (boolean | null)[]): boolean | null {
  return parts.includes(true) ? true : parts.includes(null) ? null : false
}

function not(part: boolean | null): boolean | null {
  return part === null ? null : !part
}
