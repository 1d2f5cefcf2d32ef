import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql'
import { RefractError } from '../../errors.ts'
import { exceeded } from '../exceeded.ts'
import type { RequestLimits } from '../request-limits.ts'

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>

/** How much a selection asks for, its fragments followed. */
interface Measure {
  readonly selections: number
  /** Levels of fields. */
  readonly depth: number
  /** Fields on its first level. */
  readonly fields: number
}

export interface SelectionMeter {
  readonly fragments: Fragments
  /** @throws RefractError GRAPHQL_VALIDATION_FAILED for a circle, and over a limit */
  measureFragment(name: string): Measure
  /** @throws RefractError GRAPHQL_VALIDATION_FAILED for a circle, and over a limit */
  assertOperation(selectionSet: SelectionSetNode): void
}

type Limits = Pick<RequestLimits, 'selections' | 'selectionDepth' | 'rootFields'>

/**
 * Selections inside one another in all, through fragments and inline fragments too: below what ends the stack, above
 * what any limit on tokens lets a document have that means well.
 */
const deepestNesting = 1_000

/**
 * Returns functions that measure the selections of a document. A fragment is measured once, however often it is spread:
 * fragments that spread each other twice would double with each of them.
 */
export function createSelectionMeter(document: DocumentNode, limits: Limits): SelectionMeter {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const known = new Map<string, Measure>()
  const open = new Set<string>()
  let level = 0

  function measureFragment(name: string): Measure {
    const seen = known.get(name)
    if (seen) return seen
    const fragment = fragments.get(name)
    // an unknown fragment has a validation rule of its own
    if (!fragment) return nothing
    if (open.has(name)) refuseCircle(name)
    open.add(name)
    const measure = measureSelection(fragment.selectionSet)
    open.delete(name)
    known.set(name, measure)
    return measure
  }

  function measureSelection(selectionSet: SelectionSetNode): Measure {
    if (++level > deepestNesting) refuseDepth(limits)
    let selections = 0
    let depth = 0
    let fields = 0
    for (const selection of selectionSet.selections) {
      const isField = selection.kind === Kind.FIELD
      const below =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? measureFragment(selection.name.value)
          : selection.selectionSet
            ? measureSelection(selection.selectionSet)
            : nothing
      selections += 1 + below.selections
      depth = Math.max(depth, isField ? below.depth + 1 : below.depth)
      fields += isField ? 1 : below.fields
      if (depth > limits.selectionDepth) refuseDepth(limits)
      if (selections > limits.selections) refuseSelections(limits)
    }
    level--
    return { selections, depth, fields }
  }

  return {
    fragments,
    measureFragment,
    assertOperation(selectionSet) {
      if (measureSelection(selectionSet).fields > limits.rootFields) refuseRootFields(limits)
    },
  }
}

const nothing: Measure = { selections: 0, depth: 0, fields: 0 }

function refuseCircle(name: string): never {
  throw new RefractError(
    'GRAPHQL_VALIDATION_FAILED',
    `The fragment ${name} spreads itself, directly or through others.`,
  )
}

function refuseDepth({ selectionDepth }: Limits): never {
  const message = `This operation nests fields deeper than ${selectionDepth} levels, the most that is accepted.`
  throw exceeded('GRAPHQL_VALIDATION_FAILED', 'selectionDepth', selectionDepth, message)
}

function refuseSelections({ selections }: Limits): never {
  const message = `This operation selects more than ${selections} fields and fragments, counted wherever a fragment is spread: the most that is accepted.`
  throw exceeded('GRAPHQL_VALIDATION_FAILED', 'selections', selections, message)
}

function refuseRootFields({ rootFields }: Limits): never {
  const message = `This operation has more than ${rootFields} fields on its first level, the most that is accepted.`
  throw exceeded('GRAPHQL_VALIDATION_FAILED', 'rootFields', rootFields, message)
}
