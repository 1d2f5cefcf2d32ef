import { isOrderable } from '../datamodel/column-kind.ts'
import type { Model } from '../datamodel/model.ts'
import { once, type SchemaBuild } from './builder.ts'
import { type InputRef, inputObject } from './input-object.ts'
import { canOrder, offered } from './offers.ts'

export function sortOrder(build: SchemaBuild) {
  return once(build, 'SortOrder', name =>
    build.builder.enumType(name, {
      description:
        'Nulls come last in ascending and first in descending order, unless the order says otherwise.',
      values: [
        'ASC',
        'DESC',
        'ASC_NULLS_FIRST',
        'ASC_NULLS_LAST',
        'DESC_NULLS_FIRST',
        'DESC_NULLS_LAST',
      ] as const,
    }),
  )
}

/** There is something to order the rows by; a relation's other end always has something. */
export function hasOrder(model: Model): boolean {
  return model.relations.length > 0 || model.scalars.some(isOrderable)
}

/** `IssueOrder`: one of the model's columns, a to-one relation's order, or how many rows a list relation has. */
export function orderInput(build: SchemaBuild, model: Model): InputRef {
  return inputObject(build, build.names.derived(model, 'Order'), {
    description: `One thing to order ${model.plural} by; the next entry decides between rows that are equal in it.`,
    isOneOf: true,
    fields: t =>
      Object.fromEntries([
        ...model.scalars.filter(isOrderable).map(field => [
          field.graphqlName,
          t.field({
            type: sortOrder(build),
            extensions: offered(canOrder(build.datamodel, model, field)),
          }),
        ]),
        ...model.relations.map(field => [
          field.graphqlName,
          t.field({
            type: field.isList ? countOrder(build) : orderInput(build, build.datamodel.model(field.target)),
            extensions: offered(canOrder(build.datamodel, model, field)),
          }),
        ]),
      ]),
  })
}

function countOrder(build: SchemaBuild): InputRef {
  return inputObject(build, build.names.shared('RelationCountOrder'), {
    description: 'By how many related rows there are.',
    fields: t => ({ count: t.field({ type: sortOrder(build), required: true }) }),
  })
}
