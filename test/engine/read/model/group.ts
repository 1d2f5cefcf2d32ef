import type { Model, ScalarField } from '../../../../src/engine/datamodel/model.ts'
import { scalarMatches } from './evaluate.ts'
import { compareValues, type PlainRow, type World } from './world.ts'

/** A grouping to ask for; `having` and `order` of the group's key and of its count. */
export interface GroupWish {
  readonly by: readonly ScalarField[]
  readonly having: { readonly field: ScalarField; readonly filter: Readonly<Record<string, unknown>> } | null
  readonly more: number | null
  /** Groups whose sum of the field is less. */
  readonly sumBelow: readonly [ScalarField, number] | null
  readonly byCount: 'ASC' | 'DESC' | null
  readonly keySort: string
  readonly limit: number
}

/** The groups of some rows as the API answers them; written from api.md. */
export function groupRows(
  world: World,
  rows: readonly PlainRow[],
  wish: GroupWish,
  sums: readonly ScalarField[],
) {
  const groups = new Map<string, PlainRow[]>()
  for (const row of rows) {
    const key = JSON.stringify(wish.by.map(field => row[field.name] ?? null))
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  const { having, more, sumBelow } = wish
  return [...groups.values()]
    .filter(
      ([first]) =>
        !having ||
        scalarMatches(world.datamodel, having.field, having.filter, first?.[having.field.name]) === true,
    )
    .filter(members => more === null || members.length > more)
    .filter(members => {
      const sum = sumBelow && sumOf(sumBelow[0], members)
      return !sumBelow || (sum !== null && BigInt(sum) < sumBelow[1])
    })
    .toSorted((a, b) => compareGroups(world, wish, a, b))
    .slice(0, wish.limit)
    .map(members => ({
      count: members.length,
      key: Object.fromEntries(wish.by.map(field => [field.graphqlName, members[0]?.[field.name] ?? null])),
      sum: Object.fromEntries(sums.map(field => [field.graphqlName, sumOf(field, members)])),
      min: Object.fromEntries(sums.map(field => [field.graphqlName, extreme(world, field, members, -1)])),
      max: Object.fromEntries(sums.map(field => [field.graphqlName, extreme(world, field, members, 1)])),
    }))
}

function compareGroups(
  world: World,
  wish: GroupWish,
  a: readonly PlainRow[],
  b: readonly PlainRow[],
): number {
  if (wish.byCount !== null && a.length !== b.length)
    return (a.length - b.length) * (wish.byCount === 'ASC' ? 1 : -1)
  const sorts = wish.by.map((field, index) => [field, index === 0 ? wish.keySort : 'ASC'] as const)
  for (const [field, sort] of sorts) {
    const [first, second] = [a[0]?.[field.name], b[0]?.[field.name]]
    const isDescending = sort.startsWith('DESC')
    const isFirst = sort.endsWith('NULLS_FIRST') || (isDescending && !sort.endsWith('NULLS_LAST'))
    if (first === undefined && second === undefined) continue
    if (first === undefined || second === undefined) return (first === undefined) === isFirst ? -1 : 1
    const compared = compareValues(world.datamodel, field, first, second)
    if (compared !== 0) return isDescending ? -compared : compared
  }
  return 0
}

/** Sums of whole numbers are sent as text, since they can pass 32 bits. */
function sumOf(field: ScalarField, rows: readonly PlainRow[]): string | null {
  const values = rows.map(row => row[field.name]).filter(value => value !== undefined)
  return values.length === 0
    ? null
    : String(values.reduce<bigint>((sum, value) => sum + BigInt(String(value)), 0n))
}

function extreme(world: World, field: ScalarField, rows: readonly PlainRow[], sign: number): unknown {
  const values = rows.map(row => row[field.name]).filter(value => value !== undefined)
  return values.toSorted((a, b) => compareValues(world.datamodel, field, a, b) * -sign)[0] ?? null
}

/** The model's fields by GraphQL name. */
export function fieldsOf(model: Model, names: readonly string[]): readonly ScalarField[] {
  return names.flatMap(name => model.scalars.filter(field => field.graphqlName === name))
}
