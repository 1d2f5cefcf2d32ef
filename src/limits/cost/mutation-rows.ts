import type { FieldNode, GraphQLField } from 'graphql'
import { type Amount, saturate, type Variables } from './amount.ts'
import type { Compiling } from './compiling.ts'
import { readArgument } from './read-argument.ts'

/** Whether a field is one that writes. */
export function isMutation(
  field: GraphQLField<unknown, unknown>,
  { schema, operation }: Pick<Compiling, 'schema' | 'operation'>,
): boolean {
  return operation.operation === 'mutation' && schema.getMutationType()?.getFields()[field.name] === field
}

/** The rows that a mutation writes: its own and those in the lists of its input, or as many as `atMost` allows. */
export function countMutationRows(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  { operation }: Compiling,
): Amount {
  const values = field.args.map(argument => ({
    name: argument.name,
    value: readArgument(node, argument, operation),
  }))
  const count = (variables: Variables): number => {
    let listed = 1
    let allowed = 0
    for (const { name, value } of values) {
      const given = value.isKnown ? value.value : value.read(variables)
      if (name === 'atMost' && typeof given === 'number') allowed = saturate(given)
      else listed += countRows(given)
    }
    return Math.max(listed, allowed)
  }
  return values.every(({ value }) => value.isKnown) ? count({}) : count
}

/** How many objects the lists of an input hold, at all depths. Reads in a flat loop. */
function countRows(input: unknown): number {
  let rows = 0
  const pending: unknown[] = [input]
  while (pending.length > 0) {
    const value = pending.pop()
    if (typeof value !== 'object' || value === null) continue
    const isList = Array.isArray(value)
    for (const item of Object.values(value)) {
      if (typeof item !== 'object' || item === null) continue
      if (isList && !Array.isArray(item)) rows++
      pending.push(item)
    }
  }
  return rows
}
