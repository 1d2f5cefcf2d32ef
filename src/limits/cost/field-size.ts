import {
  type FieldNode,
  type GraphQLArgument,
  type GraphQLField,
  getNamedType,
  getNullableType,
  isLeafType,
  isListType,
} from 'graphql'
import { type Amount, saturate, type Variables } from './amount.ts'
import type { Compiling } from './compiling.ts'
import { countMutationRows, isMutation } from './mutation-rows.ts'
import { readArgument } from './read-argument.ts'

/** Whether a field answers with a list. */
export function isListField(field: GraphQLField<unknown, unknown>): boolean {
  return isListType(getNullableType(field.type))
}

/**
 * Returns how many rows a field's arguments ask for; undefined where they say nothing of it.
 *
 * - `first`, else `last`, else the default page; a list with `first` alone, as `groupBy`, has the largest page
 * - the length of a list of ids or other single values, as in `nodes(nodeIds:)`, for a field that answers with a list
 * - the rows that a mutation writes
 */
export function readSize(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  compiling: Compiling,
): Amount | undefined {
  const first = field.args.find(({ name }) => name === 'first')
  const last = field.args.find(({ name }) => name === 'last')
  if (first || last) return readPage([first, last], node, defaultSize(field, compiling), compiling)
  if (isMutation(field, compiling)) return countMutationRows(field, node, compiling)
  const keys = isListField(field) ? field.args.find(isListOfValues) : undefined
  return keys && readLength(keys, node, compiling)
}

function defaultSize(field: GraphQLField<unknown, unknown>, settings: Compiling): number {
  return isListField(field) ? settings.maximumPageSize : settings.defaultPageSize
}

function readPage(
  [first, last]: readonly (GraphQLArgument | undefined)[],
  node: FieldNode,
  otherwise: number,
  { operation }: Compiling,
): Amount {
  const values = [first, last].flatMap(argument =>
    argument ? [readArgument(node, argument, operation)] : [],
  )
  const sizeOf = (variables: Variables): number => {
    for (const argument of values) {
      const size = argument.isKnown ? argument.value : argument.read(variables)
      if (typeof size === 'number') return saturate(size)
    }
    return otherwise
  }
  return values.every(({ isKnown }) => isKnown) ? sizeOf({}) : sizeOf
}

function isListOfValues(argument: GraphQLArgument): boolean {
  return isListType(getNullableType(argument.type)) && isLeafType(getNamedType(argument.type))
}

function readLength(argument: GraphQLArgument, node: FieldNode, { operation }: Compiling): Amount {
  const value = readArgument(node, argument, operation)
  if (value.isKnown) return lengthOf(value.value)
  return variables => lengthOf(value.read(variables))
}

/** A single value is taken for a list of one. */
function lengthOf(value: unknown): number {
  if (Array.isArray(value)) return value.length
  return value === undefined || value === null ? 0 : 1
}
