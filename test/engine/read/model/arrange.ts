import type { Datamodel, Model, ScalarField } from '../../../../src/engine/datamodel/model.ts'
import { compareValues, type PlainRow, relatedRows, rowsOf, type World } from './world.ts'

/** One entry of the API's `orderBy`. */
export type OrderEntry = Readonly<Record<string, unknown>>

/** The rows of a model in the order that `orderBy` asks for, the primary key last; written from api.md. */
export function arrange(world: World, model: Model, order: readonly OrderEntry[]): readonly PlainRow[] {
  const entries = [...order, ...keyFields(model).map(field => ({ [field.graphqlName]: 'ASC' }))]
  return rowsOf(world, model).toSorted((a, b) => {
    for (const entry of entries) {
      const compared = compareBy(world, model, entry, a, b)
      if (compared !== 0) return compared
    }
    return 0
  })
}

export function keyFields(model: Model): readonly ScalarField[] {
  return (model.primaryKey?.fields ?? []).flatMap(name => model.scalars.filter(field => field.name === name))
}

function compareBy(world: World, model: Model, entry: OrderEntry, a: PlainRow, b: PlainRow): number {
  const [first, second] = [orderedBy(world, model, entry, a), orderedBy(world, model, entry, b)]
  const isDescending = first.sort.startsWith('DESC')
  if (first.value === undefined || second.value === undefined) {
    if (first.value === second.value) return 0
    const isFirst = first.sort.endsWith('NULLS_FIRST') || (isDescending && !first.sort.endsWith('NULLS_LAST'))
    return (first.value === undefined) === isFirst ? -1 : 1
  }
  const compared = first.field
    ? compareValues(world.datamodel, first.field, first.value, second.value)
    : Number(first.value) - Number(second.value)
  return isDescending ? -compared : compared
}

/** What an entry orders a row by: a column's value, or a number of rows. */
function orderedBy(
  world: World,
  model: Model,
  entry: OrderEntry,
  row: PlainRow | undefined,
): { sort: string; field: ScalarField | null; value: unknown } {
  const [name = '', inner] = Object.entries(entry)[0] ?? []
  const field = model.fields.find(candidate => candidate.graphqlName === name)
  if (field?.kind === 'scalar') return { sort: String(inner), field, value: row?.[field.name] }
  if (field?.kind !== 'relation') throw new Error(`${model.name} has no order ${name}.`)
  const related = row ? relatedRows(world, model, field, row) : []
  if (!field.isList) return orderedBy(world, target(world.datamodel, field), inner as OrderEntry, related[0])
  return { sort: (inner as { count: string }).count, field: null, value: related.length }
}

function target(datamodel: Datamodel, field: { readonly target: string }): Model {
  return datamodel.model(field.target)
}
