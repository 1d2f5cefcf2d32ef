import type { FieldNode, GraphQLCompositeType, GraphQLField } from 'graphql'
import { type Amount, multiply, saturate } from './amount.ts'
import type { Compiling } from './compiling.ts'
import { countMutationRows, isMutation } from './mutation-rows.ts'

/** A value of the answer. */
const valuePoints = 1

/** A number that PostgreSQL has to read all matching rows for, however few are on the page. */
const aggregatePoints = 10

/** A row that a mutation writes. */
const rowPoints = 10

const aggregates: ReadonlySet<string> = new Set(['totalCount', 'aggregate', 'groupBy'])

/**
 * Returns the price of a field without what is below it. A field can have one of its own in its definition:
 * `extensions: { cost: 50 }`.
 */
export function fieldWeight(
  type: GraphQLCompositeType,
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  compiling: Compiling,
): Amount {
  const { cost } = field.extensions
  if (typeof cost === 'number' && cost >= 0) return saturate(cost)
  if (isMutation(field, compiling)) return multiply(rowPoints, countMutationRows(field, node, compiling))
  return aggregates.has(field.name) && type.name.endsWith('Connection') ? aggregatePoints : valuePoints
}
