import { type DirectiveNode, type DocumentNode, Kind, type SelectionSetNode } from 'graphql'
import { exceeded } from '../exceeded.ts'
import type { RequestLimits } from '../request-limits.ts'

type CountedLimit = 'aliases' | 'directives' | 'directivesPerPlace' | 'fragments'

const phrases: Readonly<Record<CountedLimit, string>> = {
  aliases: 'aliases',
  directives: 'directives',
  directivesPerPlace: 'directives at one place',
  fragments: 'fragments',
}

/**
 * Counts what is written in a document, each thing once wherever it is used: aliases (of `__typename` like of every
 * other field), directives and fragments.
 *
 * @throws RefractError GRAPHQL_VALIDATION_FAILED that names the limit
 */
export function assertCounts(document: DocumentNode, limits: RequestLimits): void {
  const counts = { aliases: 0, directives: 0, directivesPerPlace: 0, fragments: 0 }

  const count = (limit: CountedLimit, amount: number): void => {
    counts[limit] += amount
    if (counts[limit] > limits[limit]) refuse(limit, limits[limit])
  }

  const countDirectives = (directives: readonly DirectiveNode[] | undefined): void => {
    const amount = directives?.length ?? 0
    if (amount > limits.directivesPerPlace) refuse('directivesPerPlace', limits.directivesPerPlace)
    count('directives', amount)
  }

  // a list and no recursion: the text bounds how long it gets, not how deep the document is
  const pending: SelectionSetNode[] = []
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) count('fragments', 1)
    if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION)
      continue
    countDirectives(definition.directives)
    for (const variable of definition.variableDefinitions ?? []) countDirectives(variable.directives)
    pending.push(definition.selectionSet)
  }
  for (let set = pending.pop(); set !== undefined; set = pending.pop()) {
    for (const selection of set.selections) {
      countDirectives(selection.directives)
      if (selection.kind === Kind.FIELD && selection.alias !== undefined) count('aliases', 1)
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet)
        pending.push(selection.selectionSet)
    }
  }
}

function refuse(limit: CountedLimit, maximum: number): never {
  const message = `This document has more than ${maximum} ${phrases[limit]}, the most that is accepted.`
  throw exceeded('GRAPHQL_VALIDATION_FAILED', limit, maximum, message)
}
