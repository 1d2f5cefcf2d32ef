import { type DocumentNode, Kind } from 'graphql'
import type { RequestLimits } from '../request-limits.ts'
import { assertCounts } from './assert-counts.ts'
import { assertRepeats } from './assert-repeats.ts'
import { createSelectionMeter } from './measure-selection.ts'

/**
 * Refuses a document that is over one of the limits on what it says. Takes time in proportion to the document's length
 * and to `selections`, whatever its fragments do.
 *
 * @throws RefractError GRAPHQL_VALIDATION_FAILED that names the limit
 */
export function assertDocument(document: DocumentNode, limits: RequestLimits): void {
  assertCounts(document, limits)
  const meter = createSelectionMeter(document, limits)
  // also the fragments that nothing spreads: validation follows them all
  for (const name of meter.fragments.keys()) meter.measureFragment(name)
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue
    meter.assertOperation(definition.selectionSet)
    assertRepeats(definition.selectionSet, meter.fragments, limits.repeatedFields)
  }
}
