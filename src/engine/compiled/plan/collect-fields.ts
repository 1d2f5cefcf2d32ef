import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

/** What decides which of an operation's fields are asked for. */
export interface SelectionSource {
  readonly schema: GraphQLSchema
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>
  /** The values of the variables that `@include` and `@skip` look at. */
  readonly conditions: Readonly<Record<string, boolean>>
}

/**
 * The fields that selection sets ask of an object, by their name in the answer and in its order, as CollectFields of the
 * GraphQL specification (6.3.2).
 */
export function collectFields(
  source: SelectionSource,
  type: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
): ReadonlyMap<string, readonly FieldNode[]> {
  const fields = new Map<string, FieldNode[]>()
  const seen = new Set<string>()
  for (const { selections } of selectionSets) collect(source, type, selections, fields, seen)
  return fields
}

function collect(
  source: SelectionSource,
  type: GraphQLObjectType,
  selections: readonly SelectionNode[],
  fields: Map<string, FieldNode[]>,
  seen: Set<string>,
): void {
  for (const node of selections) {
    if (!isIncluded(source, node)) continue
    if (node.kind === 'Field') {
      const name = node.alias?.value ?? node.name.value
      const known = fields.get(name)
      if (known) known.push(node)
      else fields.set(name, [node])
    } else if (node.kind === 'InlineFragment') {
      if (!node.typeCondition || applies(source, node.typeCondition.name.value, type))
        collect(source, type, node.selectionSet.selections, fields, seen)
    } else if (!seen.has(node.name.value)) {
      seen.add(node.name.value)
      const fragment = source.fragments[node.name.value]
      if (fragment && applies(source, fragment.typeCondition.name.value, type))
        collect(source, type, fragment.selectionSet.selections, fields, seen)
    }
  }
}

function applies({ schema }: SelectionSource, condition: string, type: GraphQLObjectType): boolean {
  if (condition === type.name) return true
  const named = schema.getType(condition)
  return isAbstractType(named) && schema.isSubType(named, type)
}

function isIncluded(source: SelectionSource, { directives = [] }: SelectionNode): boolean {
  return directives.every(({ name, arguments: given = [] }) => {
    if (name.value !== 'include' && name.value !== 'skip') return true
    const value = given[0]?.value
    const holds =
      value?.kind === 'Variable'
        ? source.conditions[value.name.value] === true
        : value?.kind === 'BooleanValue' && value.value
    return holds === (name.value === 'include')
  })
}
