import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  type OperationDefinitionNode,
} from 'graphql'
import { type ReadMark, readMarkOf } from '../read-mark.ts'
import { collectFields, type SelectionSource } from './collect-fields.ts'
import type { ReadPlan, SelectedField, SelectedTypeName, Selection } from './plan.ts'

/** An operation's field has no mark, so that only its resolver knows what it means. */
class NotGenerated extends Error {}

/**
 * The plan of a query or a mutation whose fields are all generated ones; null where one is not.
 *
 * @param operation has to be valid against the schema
 * @param conditions the values of the variables that `@include` and `@skip` look at
 */
export function planOperation(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Readonly<Record<string, FragmentDefinitionNode>>,
  conditions: Readonly<Record<string, boolean>>,
): ReadPlan | null {
  const root = rootOf(schema, operation)
  if (!root) return null
  const planner = new Planner({ schema, fragments, conditions })
  try {
    const selection = planner.select(root, [operation])
    return { selection, withArguments: planner.withArguments, hasJson: planner.hasJson }
  } catch (error) {
    if (error instanceof NotGenerated) return null
    throw error
  }
}

function rootOf(schema: GraphQLSchema, { operation }: OperationDefinitionNode): GraphQLObjectType | null {
  if (operation === 'query') return schema.getQueryType() ?? null
  return operation === 'mutation' ? (schema.getMutationType() ?? null) : null
}

/** The fields of objects that are no rows; Pothos makes those of PageInfo. */
const facts: Readonly<Partial<Record<ReadMark['kind'], readonly string[]>>> = {
  pageInfo: ['hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor'],
  viewerCan: ['update', 'delete'],
  viewer: ['id', 'roles', 'isAdministrator'],
}

class Planner {
  readonly withArguments: SelectedField[] = []
  hasJson = false
  readonly #source: SelectionSource

  constructor(source: SelectionSource) {
    this.#source = source
  }

  select(
    type: GraphQLObjectType,
    parents: readonly Pick<FieldNode, 'selectionSet'>[],
    mark?: ReadMark,
  ): Selection {
    const sets = parents.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : []))
    return [...collectFields(this.#source, type, sets)].map(([responseName, nodes]) =>
      this.#field(type, responseName, nodes, mark),
    )
  }

  #field(
    parent: GraphQLObjectType,
    responseName: string,
    nodes: readonly FieldNode[],
    parentMark: ReadMark | undefined,
  ): SelectedField | SelectedTypeName {
    const name = nodes[0]?.name.value ?? ''
    if (name === '__typename') return { responseName, mark: null, typeName: parent.name }
    const definition = parent.getFields()[name]
    const mark = definition && markOf(definition, parentMark)
    if (!definition || !mark) throw new NotGenerated()
    const type = getNamedType(definition.type)
    const field: SelectedField = {
      responseName,
      definition,
      mark,
      nodes,
      isNonNull: isNonNullType(definition.type),
      type,
      selection: isObjectType(type) ? this.select(type, nodes, mark) : [],
      // errors are left to resolvers, whatever is asked of them
      selections: mark.kind === 'writeErrors' ? new Map() : this.#byType(type, nodes),
    }
    if (definition.args.length > 0) this.withArguments.push(field)
    if (mark.kind === 'column' && mark.field.scalar === 'Json') this.hasJson = true
    return field
  }

  #byType(type: GraphQLNamedType, nodes: readonly FieldNode[]): ReadonlyMap<string, Selection> {
    if (!isInterfaceType(type)) return new Map()
    const { objects } = this.#source.schema.getImplementations(type)
    return new Map(objects.map(object => [object.name, this.select(object, nodes)]))
  }
}

function markOf(
  definition: GraphQLField<unknown, unknown>,
  parentMark: ReadMark | undefined,
): ReadMark | undefined {
  const { name } = definition
  if (parentMark && facts[parentMark.kind]?.includes(name)) return { kind: 'fact', name }
  return readMarkOf(definition)
}
