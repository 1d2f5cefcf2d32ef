import fc from 'fast-check'
import { isOrderable } from '../../../../src/engine/datamodel/column-kind.ts'
import type { Datamodel, Model } from '../../../../src/engine/datamodel/model.ts'
import type { OrderEntry } from './arrange.ts'

const placed = ['ASC_NULLS_FIRST', 'ASC_NULLS_LAST', 'DESC_NULLS_FIRST', 'DESC_NULLS_LAST']

/** Up to three entries of an `orderBy`, across to-one relations as far as `depth`. */
export function arbitraryOrder(
  datamodel: Datamodel,
  model: Model,
  depth: number,
  options: { readonly hasCounts: boolean } = { hasCounts: true },
): fc.Arbitrary<readonly OrderEntry[]> {
  return fc.array(arbitraryEntry(datamodel, model, depth, options.hasCounts), { maxLength: 3 })
}

function arbitraryEntry(
  datamodel: Datamodel,
  model: Model,
  depth: number,
  hasCounts: boolean,
): fc.Arbitrary<OrderEntry> {
  const columns = model.scalars
    .filter(isOrderable)
    .map(field =>
      fc
        .constantFrom('ASC', 'DESC', ...(field.isRequired ? [] : placed))
        .map((sort): OrderEntry => ({ [field.graphqlName]: sort })),
    )
  const related = model.relations
    .filter(field => !field.isList && depth > 0)
    .map(field =>
      arbitraryEntry(datamodel, datamodel.model(field.target), depth - 1, false).map(
        (entry): OrderEntry => ({ [field.graphqlName]: entry }),
      ),
    )
  const counts = model.relations
    .filter(field => field.isList && hasCounts)
    .map(field =>
      fc.constantFrom('ASC', 'DESC').map((count): OrderEntry => ({ [field.graphqlName]: { count } })),
    )
  return fc.oneof(
    { weight: 4, arbitrary: fc.oneof(...columns) },
    ...(related.length > 0 ? [{ weight: 2, arbitrary: fc.oneof(...related) }] : []),
    ...(counts.length > 0 ? [{ weight: 1, arbitrary: fc.oneof(...counts) }] : []),
  )
}
