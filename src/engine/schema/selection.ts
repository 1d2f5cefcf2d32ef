import { queryFromInfo } from '@pothos/plugin-prisma'
import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  type SelectionSetNode,
} from 'graphql'
import type { Select } from '../operations/client.ts'
import type { EngineContext } from './builder.ts'

/**
 * Prisma's `select` for the rows at the given paths below a field (`[['nodes'], ['edges', 'node']]`), or for the field
 * itself. Pothos reads it from the selections of generated and custom fields alike.
 *
 * @param typeName the object type to read the selection as, where the field's own type is an interface
 * @returns undefined where nothing is asked of those rows
 */
export function selectFromInfo(
  info: GraphQLResolveInfo,
  context: EngineContext,
  paths: readonly (readonly string[])[] = [],
  typeName?: string,
): Select | undefined {
  if (paths.length > 0 && paths.every(path => fieldsAt(info, path).length === 0)) return undefined
  const query = queryFromInfo({
    context,
    // Pothos ties a plan to the path object of the row it was made for; all rows at this place share it, so it is made
    // under a path object of its own and found by the place's name
    info: { ...info, path: { ...info.path } },
    paths: paths.map(path => [...path]),
    ...(typeName === undefined ? {} : { typeName }),
  })
  return (query.select as Select | undefined) ?? {}
}

/** The field nodes that an operation asks for at a path below the resolved field; an empty path means directly below. */
export function selectedFields(info: GraphQLResolveInfo, path: readonly string[] = []): readonly FieldNode[] {
  return fieldsAt(info, path).flatMap(node => collect(info, node.selectionSet))
}

function fieldsAt(info: GraphQLResolveInfo, path: readonly string[]): readonly FieldNode[] {
  return path.reduce<readonly FieldNode[]>(
    (nodes, name) =>
      nodes.flatMap(node => collect(info, node.selectionSet)).filter(node => node.name.value === name),
    info.fieldNodes,
  )
}

function collect(info: GraphQLResolveInfo, selectionSet: SelectionSetNode | undefined): FieldNode[] {
  return (selectionSet?.selections ?? []).flatMap(selection => {
    if (!isIncluded(info, selection)) return []
    if (selection.kind === 'Field') return [selection]
    const fragment: { selectionSet: SelectionSetNode } | FragmentDefinitionNode | undefined =
      selection.kind === 'InlineFragment' ? selection : info.fragments[selection.name.value]
    return collect(info, fragment?.selectionSet)
  })
}

function isIncluded(info: GraphQLResolveInfo, node: Parameters<typeof getDirectiveValues>[1]): boolean {
  const skip = getDirectiveValues(GraphQLSkipDirective, node, info.variableValues)
  const include = getDirectiveValues(GraphQLIncludeDirective, node, info.variableValues)
  return skip?.if !== true && include?.if !== false
}

/** A field's place in the answer without list positions: the same for all rows of a list. */
export function placeOf(info: GraphQLResolveInfo): string {
  const names: string[] = []
  for (let step: typeof info.path | undefined = info.path; step; step = step.prev) {
    if (typeof step.key === 'string') names.push(`${step.typename}.${step.key}`)
  }
  return names.reverse().join('/')
}
