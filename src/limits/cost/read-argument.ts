import {
  type FieldNode,
  type GraphQLArgument,
  Kind,
  type ObjectValueNode,
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql'
import type { Variables } from './amount.ts'

/** A plain value of an argument; `undefined` where there is none. Not coerced: the executor does that, and refuses. */
export type ArgumentReader = (variables: Variables) => unknown

/** What the document says of an argument: its value, or how to read it from the variables of a request. */
export type ArgumentValue =
  | { readonly isKnown: true; readonly value: unknown }
  | { readonly isKnown: false; readonly read: ArgumentReader }

/**
 * Returns the value of a field's argument, with the defaults of the variable and of the argument.
 *
 * @param argument the definition of the argument in the schema
 */
export function readArgument(
  node: FieldNode,
  argument: GraphQLArgument,
  operation: OperationDefinitionNode,
): ArgumentValue {
  const given = node.arguments?.find(({ name }) => name.value === argument.name)?.value
  if (given === undefined) return { isKnown: true, value: argument.defaultValue }
  if (!holdsVariable(given)) return { isKnown: true, value: toPlain(given, noVariables, operation) }
  return {
    isKnown: false,
    read: variables => {
      const value = toPlain(given, variables, operation)
      return value === undefined ? argument.defaultValue : value
    },
  }
}

/** A variable that the request gives, or else its default in the document. */
export function readVariable(
  name: string,
  variables: Variables,
  operation: OperationDefinitionNode,
): unknown {
  if (Object.hasOwn(variables, name)) return variables[name]
  const definition = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name)
  return definition?.defaultValue && toPlain(definition.defaultValue, noVariables, operation)
}

const noVariables: Variables = Object.freeze({})

function holdsVariable(node: ValueNode): boolean {
  switch (node.kind) {
    case Kind.VARIABLE:
      return true
    case Kind.LIST:
      return node.values.some(holdsVariable)
    case Kind.OBJECT:
      return node.fields.some(field => holdsVariable(field.value))
    default:
      return false
  }
}

/** Values nest as deep as a document's brackets may, so recursion has its bound. */
function toPlain(node: ValueNode, variables: Variables, operation: OperationDefinitionNode): unknown {
  switch (node.kind) {
    case Kind.VARIABLE:
      return readVariable(node.name.value, variables, operation)
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value)
    case Kind.LIST:
      return node.values.map(item => toPlain(item, variables, operation))
    case Kind.OBJECT:
      return toPlainObject(node, variables, operation)
    case Kind.NULL:
      return null
    default:
      return node.value
  }
}

function toPlainObject(
  node: ObjectValueNode,
  variables: Variables,
  operation: OperationDefinitionNode,
): unknown {
  return Object.fromEntries(
    node.fields.map(({ name, value }) => [name.value, toPlain(value, variables, operation)]),
  )
}
