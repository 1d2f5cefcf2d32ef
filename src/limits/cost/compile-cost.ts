import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isIntrospectionType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql'
import { type Amount, add, largest, multiply, onlyIf } from './amount.ts'
import { type CollectedField, collectFields } from './collect-fields.ts'
import type { Compiling, PageSettings } from './compiling.ts'
import { isListField, readSize } from './field-size.ts'
import { fieldWeight } from './field-weight.ts'

/**
 * Returns what an operation of a valid document costs: a number, or a function of the variables. All that the document
 * alone decides is worked out here, once.
 *
 * @see docs/limits.md for the formula
 */
export function compileCost(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  settings: PageSettings,
): Amount {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const root = schema.getRootType(operation.operation)
  if (!root) return 1
  return compileSelection(root, [operation.selectionSet], undefined, {
    ...settings,
    schema,
    fragments,
    operation,
  })
}

/** @param page the rows of the page that the selection stands in: what the lists of a connection hold */
function compileSelection(
  type: GraphQLCompositeType,
  selectionSets: readonly SelectionSetNode[],
  page: Amount | undefined,
  compiling: Compiling,
): Amount {
  const always: Amount[] = []
  const byType = new Map<string, Amount[]>()
  for (const field of collectFields(type, selectionSets, compiling)) {
    const amount = onlyIf(field.condition, compileField(field, page, compiling))
    // of an abstract type's objects, each has the fields of one type
    if (!isAbstractType(type) || !isObjectType(field.type)) always.push(amount)
    else byType.set(field.type.name, [...(byType.get(field.type.name) ?? []), amount])
  }
  return add([...always, largest([...byType.values()].map(add))])
}

function compileField(
  { type, nodes }: CollectedField,
  page: Amount | undefined,
  compiling: Compiling,
): Amount {
  const [node] = nodes
  const field = node && findField(type, node, compiling.schema)
  if (!node || !field) return 1
  const weight = fieldWeight(type, field, node, compiling)
  const inner = getNamedType(field.type)
  if (!isCompositeType(inner)) return weight
  const size = readSize(field, node, compiling)
  const isList = isListField(field)
  const below = compileSelection(inner, nodes.flatMap(selectionSetOf), isList ? undefined : size, compiling)
  if (!isList) return add([weight, below])
  const rows = isIntrospectionType(inner)
    ? introspectionListSize
    : (size ?? page ?? compiling.defaultPageSize)
  return add([weight, multiply(rows, add([1, below]))])
}

/**
 * Every list of an introspection counts as if it had so many entries, whatever the schema has: the introspection of a
 * large schema is no worse a request than that of a small one. It reads no database, and graphql itself bounds how deep
 * its lists may nest.
 */
const introspectionListSize = 5

function findField(
  type: GraphQLCompositeType,
  node: FieldNode,
  schema: GraphQLSchema,
): GraphQLField<unknown, unknown> | undefined {
  const name = node.name.value
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef
  if (type === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef
  }
  return 'getFields' in type ? type.getFields()[name] : undefined
}

function selectionSetOf(node: FieldNode): readonly SelectionSetNode[] {
  return node.selectionSet ? [node.selectionSet] : []
}
