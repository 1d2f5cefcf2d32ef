import type { ObjectRef } from '@pothos/core'
import { capitalize } from '../../lib/capitalize.ts'
import { readAs } from '../compiled/read-mark.ts'
import type { Model, ScalarField } from '../datamodel/model.ts'
import type { Row } from '../operations/client.ts'
import { type AggregateFunction, aggregateFunctions, isAggregable } from '../operations/read/aggregate.ts'
import { type EngineTypes, objectType, type SchemaBuild } from './builder.ts'
import type { ConnectionSource } from './connection-source.ts'
import { inputTypeOf } from './field-types.ts'
import { canOrder, offered } from './offers.ts'
import { printable } from './printable.ts'
import type { ScalarShapes } from './scalar-shapes.ts'

const titles: Readonly<Record<AggregateFunction, string>> = {
  sum: 'Sums; null where there is no value.',
  avg: 'Averages; null where there is no value.',
  min: 'Smallest values.',
  max: 'Largest values.',
}

/** `IssueAggregate`: the count, and sums, averages, smallest and largest values by field. */
export function aggregateRef(build: SchemaBuild, model: Model): ObjectRef<EngineTypes, ConnectionSource> {
  return objectType<ConnectionSource>(build, build.names.derived(model, 'Aggregate'), {
    fields: t => ({
      count: t.int({ extensions: readAs({ kind: 'count' }), resolve: source => source.count() }),
      ...Object.fromEntries(
        functionsOf(model).map(by => [
          by,
          t.field({
            type: aggregateFieldsRef(build, model, by),
            description: titles[by],
            extensions: readAs({ kind: 'aggregates', by }),
            resolve: async source => (await source.aggregates())[by],
          }),
        ]),
      ),
    }),
  })
}

/** The functions that at least one field of the model has. */
export function functionsOf(model: Model): readonly AggregateFunction[] {
  return aggregateFunctions.filter(by => aggregableFields(model, by).length > 0)
}

export function aggregableFields(model: Model, by: AggregateFunction): readonly ScalarField[] {
  return model.scalars.filter(field => isAggregable(field, by))
}

/** `IssueSum` and its siblings. */
export function aggregateFieldsRef(
  build: SchemaBuild,
  model: Model,
  by: AggregateFunction,
): ObjectRef<EngineTypes, Row> {
  const suffix = capitalize(by)
  return objectType<Row>(build, build.names.derived(model, suffix), {
    fields: t =>
      Object.fromEntries(
        aggregableFields(model, by).map(field => [
          field.graphqlName,
          t.field({
            type: aggregateType(build, field, by) as 'String',
            nullable: true,
            extensions: {
              ...offered(canOrder(build.datamodel, model, field)),
              ...readAs({ kind: 'aggregateValue', by, field }),
            },
            resolve: row => {
              const value = row[field.name] ?? null
              // an average has more digits than its column
              return (by === 'avg' ? value : printable(field, value)) as string | null
            },
          }),
        ]),
      ),
  })
}

/** A sum of 32-bit numbers can pass 32 bits, hence BigInt; an average of whole numbers is none. */
export function aggregateType(build: SchemaBuild, field: ScalarField, by: AggregateFunction) {
  const isWhole = field.scalar === 'Int' || field.scalar === 'BigInt'
  if (by === 'sum' && isWhole) return 'BigInt' satisfies keyof ScalarShapes
  if (by === 'avg' && isWhole) return 'Float'
  return inputTypeOf(build, field)
}
