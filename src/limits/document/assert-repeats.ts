import { Kind, type SelectionSetNode } from 'graphql'
import { exceeded } from '../exceeded.ts'
import type { Fragments } from './measure-selection.ts'

/**
 * Refuses an operation in which more than `maximum` fields are selected under a name that is taken already at the same
 * place of the answer. Validation compares each two of them, and what is below each two of them: 5,000 equal fields take
 * it seconds.
 *
 * Walks the selections as they are merged for the answer, so its time is bounded by `selections`, which has to be
 * asserted before.
 *
 * @throws RefractError GRAPHQL_VALIDATION_FAILED that names the limit
 */
export function assertRepeats(operation: SelectionSetNode, fragments: Fragments, maximum: number): void {
  let repeats = 0

  function visitPlace(selectionSets: readonly SelectionSetNode[]): void {
    const places = new Map<string, SelectionSetNode[]>()
    const spread = new Set<string>()
    for (const selectionSet of selectionSets) collect(selectionSet, places, spread)
    for (const below of places.values()) {
      if (below.length > 0) visitPlace(below)
    }
  }

  function collect(
    selectionSet: SelectionSetNode,
    places: Map<string, SelectionSetNode[]>,
    spread: Set<string>,
  ): void {
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) {
        const name = selection.alias?.value ?? selection.name.value
        const below = places.get(name)
        if (below && ++repeats > maximum) refuse(maximum)
        const list = below ?? []
        if (!below) places.set(name, list)
        if (selection.selectionSet) list.push(selection.selectionSet)
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(selection.selectionSet, places, spread)
      } else {
        const fragment = fragments.get(selection.name.value)
        if (!fragment || spread.has(selection.name.value)) continue
        spread.add(selection.name.value)
        collect(fragment.selectionSet, places, spread)
      }
    }
  }

  visitPlace([operation])
}

function refuse(maximum: number): never {
  const message = `This operation selects more than ${maximum} fields again that are selected at the same place already: the most that is accepted.`
  throw exceeded('GRAPHQL_VALIDATION_FAILED', 'repeatedFields', maximum, message)
}
