import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql'

/**
 * Returns a validation rule that refuses operations whose fields nest deeper than `limit`, fragments followed: the
 * executor is recursive, and fragments let a flat document nest as deep as it has fragments.
 */
export function createSelectionDepthRule(limit: number): ValidationRule {
  return function SelectionDepthRule(context: ValidationContext) {
    return {
      Document(document: DocumentNode) {
        const measure = createMeasure(context, limit)
        for (const definition of document.definitions) {
          if (definition.kind === Kind.OPERATION_DEFINITION && measure(definition.selectionSet) > limit) {
            context.reportError(
              new GraphQLError(
                `This operation nests fields deeper than ${limit} levels, the most that is accepted.`,
              ),
            )
            return false
          }
        }
        return undefined
      },
    }
  }
}

/** Measures a selection; stops counting just above the limit, so that neither depth nor cycles can run away. */
function createMeasure(context: ValidationContext, limit: number): (selection: SelectionSetNode) => number {
  const known = new Map<FragmentDefinitionNode, number>()
  const open = new Set<FragmentDefinitionNode>()

  function measureFragment(name: string): number {
    const fragment = context.getFragment(name)
    // An unknown fragment and a circle have validation rules of their own.
    if (!fragment || open.has(fragment)) {
      return 0
    }
    const seen = known.get(fragment)
    if (seen !== undefined) {
      return seen
    }
    open.add(fragment)
    const depth = measureSelection(fragment.selectionSet)
    open.delete(fragment)
    known.set(fragment, depth)
    return depth
  }

  function measureSelection(selectionSet: SelectionSetNode): number {
    let deepest = 0
    for (const selection of selectionSet.selections) {
      deepest = Math.max(deepest, measureOne(selection))
      if (deepest > limit) {
        break
      }
    }
    return deepest
  }

  function measureOne(selection: SelectionSetNode['selections'][number]): number {
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      return measureFragment(selection.name.value)
    }
    const below = selection.selectionSet ? measureSelection(selection.selectionSet) : 0
    return selection.kind === Kind.FIELD ? below + 1 : below
  }

  return measureSelection
}
