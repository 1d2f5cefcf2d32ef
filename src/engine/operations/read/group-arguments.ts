import { RefractError } from '../../../errors.ts'
import type { Model, ScalarField } from '../../datamodel/model.ts'
import { allOf, anyOf, everyRow, noneOf } from '../../policy/logic.ts'
import type { Where } from '../client.ts'
import { exactFloat } from '../exact-float.ts'
import { keyFields } from '../key.ts'
import type { Scope } from '../scope.ts'
import { assertFilterDepth, assertFilterSize } from '../where/assert-filter-size.ts'
import { scalarCondition } from '../where/scalar-filter.ts'
import { assertAggregable } from './assert-aggregable.ts'
import type { GroupOrderTerm, GroupRead } from './group-read.ts'
import { parseSortOrder } from './order.ts'

type FilterInput = Readonly<Record<string, unknown>>

/** The arguments of `groupBy`, as GraphQL gives them. */
export interface GroupArguments {
  /** GraphQL names. */
  readonly by: readonly string[]
  readonly having?: FilterInput | null | undefined
  readonly orderBy?: readonly FilterInput[] | null | undefined
  readonly first?: number | null | undefined
}

/**
 * The arguments as data.
 *
 * @throws RefractError BAD_USER_INPUT for too many groups, none to group by, and comparisons that there are not
 */
export function readGroupArguments(
  scope: Scope,
  model: Model,
  args: GroupArguments,
): Pick<GroupRead, 'by' | 'limit' | 'having' | 'order'> {
  const limit = scope.settings.maximumPageSize
  const first = args.first ?? limit
  if (first < 0 || first > limit) {
    throw new RefractError(
      'BAD_USER_INPUT',
      `\`first\` is ${first}; a grouping can have 0 to ${limit} groups.`,
    )
  }
  if (args.by.length === 0) {
    throw new RefractError('BAD_USER_INPUT', '`by` is empty: name at least one field to group by.')
  }
  if (args.having) assertFilterSize(args.having)
  const by = [...new Set(args.by)].map(name => fieldOf(model, name))
  return {
    by,
    limit: first,
    having: translateHaving({ scope, model, by }, args.having ?? {}),
    order: (args.orderBy ?? []).map(entry => translateGroupOrder(model, by, entry)),
  }
}

function fieldOf(model: Model, graphqlName: string): ScalarField {
  const field = model.scalars.find(scalar => scalar.graphqlName === graphqlName)
  if (!field) throw new Error(`${model.name} has no scalar ${graphqlName}.`)
  return field
}

const comparisons: ReadonlySet<string> = new Set(['equals', 'not', 'in', 'notIn', 'lt', 'lte', 'gt', 'gte'])

interface HavingPlace {
  readonly scope: Scope
  readonly model: Model
  readonly by: readonly ScalarField[]
}

/** The GraphQL `having` to Prisma's: `{ field: { _sum: { gt: 3 } } }`. Nothing empty is in it: Prisma panics at that. */
function translateHaving(place: HavingPlace, having: FilterInput, depth = 0): Where {
  assertFilterDepth(depth)
  const inner = (value: unknown) => translateHaving(place, value as FilterInput, depth + 1)
  return allOf(
    Object.entries(having).flatMap(([name, value]): Where | readonly Where[] => {
      if (value === undefined || value === null) return []
      if (name === 'AND') return (value as FilterInput[]).map(inner)
      if (name === 'OR') return anyOf((value as FilterInput[]).map(inner))
      if (name === 'NOT') return noneOf(inner(value))
      if (name === 'count') return countCondition(place, value as FilterInput)
      return Object.entries(value as FilterInput)
        .filter(([, filter]) => filter !== undefined)
        .map(([key, filter]) => valueCondition(place, name, key, filter as FilterInput | null))
    }),
  )
}

function countCondition({ model }: HavingPlace, filter: FilterInput): Where {
  const countField = keyFields(model)[0]?.name ?? ''
  return aggregateCondition(countField, 'count', assertComparisons('count', filter, false))
}

function valueCondition(
  { scope, model, by }: HavingPlace,
  name: string,
  key: string,
  filter: FilterInput | null,
): Where {
  const field = fieldOf(model, key)
  assertAggregable(scope, model, [field.name])
  if (name === 'key' && !by.includes(field)) {
    throw new RefractError('BAD_USER_INPUT', `having.key.${key} is not grouped by: add it to \`by\`.`)
  }
  if (filter === null)
    throw new RefractError('BAD_USER_INPUT', `having.${name}.${key} cannot be null: leave it out.`)
  if (name === 'key') return scalarCondition(field, filter, scope.nulls)
  const comparisons = assertComparisons(`${name}.${key}`, filter, !field.isRequired)
  return aggregateCondition(field.name, name, aggregateFilter(field, name, comparisons))
}

function aggregateCondition(fieldName: string, name: string, filter: FilterInput): Where {
  return Object.keys(filter).length === 0 ? everyRow : { [fieldName]: { [`_${name}`]: filter } }
}

/** The comparisons of an aggregate, each with a value it can have: of a group there is at least one row. */
function assertComparisons(name: string, filter: FilterInput, canBeNull: boolean): FilterInput {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined)
  for (const [operator, value] of given) {
    if (!comparisons.has(operator)) {
      throw new RefractError(
        'BAD_USER_INPUT',
        `having.${name} cannot be compared by \`${operator}\`: use one of ${[...comparisons].join(', ')}.`,
      )
    }
    const takesNull = canBeNull && (operator === 'equals' || operator === 'not')
    if (value === null && !takesNull) {
      const reason = canBeNull ? 'only `equals` and `not` take null' : 'it is never null'
      throw new RefractError('BAD_USER_INPUT', `having.${name}.${operator} cannot be null: ${reason}.`)
    }
  }
  return Object.fromEntries(given)
}

/** A sum is served as BigInt where Prisma compares it with the numbers of its column: of 32 bits, or any fraction. */
function aggregateFilter(field: ScalarField, name: string, filter: FilterInput): FilterInput {
  const convert = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(convert)
    if (field.scalar === 'Float') return exactFloat(value, false)
    if (name !== 'sum' || field.scalar !== 'Int' || typeof value !== 'bigint') return value
    if (BigInt.asIntN(32, value) === value) return Number(value)
    throw new RefractError(
      'BAD_USER_INPUT',
      `having.sum.${field.graphqlName} can be compared with numbers of 32 bits; ${value} came.`,
    )
  }
  return Object.fromEntries(Object.entries(filter).map(([operator, value]) => [operator, convert(value)]))
}

function translateGroupOrder(model: Model, by: readonly ScalarField[], entry: FilterInput): GroupOrderTerm {
  const [name, value] = Object.entries(entry)[0] ?? []
  if (name === undefined)
    throw new RefractError('BAD_USER_INPUT', 'Each entry of orderBy names exactly one thing.')
  if (name === 'count') return { by: 'count', field: null, order: parseSortOrder(value as string).direction }
  const [graphqlName = '', order] = Object.entries(value as Readonly<Record<string, string>>)[0] ?? []
  const field = fieldOf(model, graphqlName)
  if (name === 'key' && !by.includes(field)) {
    throw new RefractError(
      'BAD_USER_INPUT',
      `orderBy.key.${graphqlName} is not grouped by: add it to \`by\`.`,
    )
  }
  const { direction, nulls } = parseSortOrder(order ?? 'ASC')
  const isPlain = name !== 'key' || field.isRequired
  return { by: name as 'key', field, order: isPlain ? direction : { sort: direction, nulls } }
}
