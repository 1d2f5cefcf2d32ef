import fc from 'fast-check'
import type { Datamodel, Model } from '../../../../src/engine/datamodel/model.ts'
import { type PlainRow, rowsOf, type World } from '../../read/model/world.ts'
import { arbitraryRow } from './arbitrary-village.ts'
import type { Rules } from './rules.ts'
import { viewOf } from './view.ts'
import { membership } from './village.ts'

/** A change of a database that may be one of what is hidden. */
export type Change =
  | {
      readonly kind: 'set'
      readonly model: string
      readonly at: number
      readonly row: PlainRow
      readonly field: string
    }
  | { readonly kind: 'insert'; readonly model: string; readonly row: PlainRow }
  | { readonly kind: 'delete'; readonly model: string; readonly at: number }
  | { readonly kind: 'link'; readonly pair: readonly [number, number] }

/** Changes of any of the columns but the given ones. */
export function arbitraryChanges(
  datamodel: Datamodel,
  kept: readonly string[] = [],
): fc.Arbitrary<readonly Change[]> {
  const at = fc.nat({ max: 5 })
  const kinds = datamodel.models.flatMap(model => {
    const row = arbitraryRow(datamodel, model)
    const base = { model: fc.constant(model.name) }
    const changeable = model.scalars.map(({ name }) => name).filter(name => !kept.includes(name))
    const field = fc.constantFrom(...changeable)
    return [
      { weight: 6, arbitrary: fc.record({ ...base, kind: fc.constant('set' as const), at, row, field }) },
      { weight: 1, arbitrary: fc.record({ ...base, kind: fc.constant('insert' as const), row }) },
      { weight: 1, arbitrary: fc.record({ ...base, kind: fc.constant('delete' as const), at }) },
    ]
  })
  const pair = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 6 }))
  const link = { weight: 4, arbitrary: fc.record({ kind: fc.constant('link' as const), pair }) }
  return fc.array(fc.oneof(...kinds, link), { minLength: 60, maxLength: 60 })
}

/** The database after those of the changes that the viewer may not see, and how many they were. */
export function changeHidden(
  world: World,
  rules: Rules,
  changes: readonly Change[],
): readonly [World, number] {
  const { text } = viewOf(world, rules)
  let changed = world
  let count = 0
  for (const change of changes) {
    const candidate = apply(changed, change)
    if (!candidate || !isConsistent(candidate) || viewOf(candidate, rules).text !== text) continue
    changed = candidate
    count += 1
  }
  return [changed, count]
}

function apply(world: World, change: Change): World | null {
  if (change.kind === 'link') return toggleLink(world, change.pair)
  const rows = rowsOf(world, world.datamodel.model(change.model))
  const replaced = (made: readonly PlainRow[]) => ({
    ...world,
    rows: { ...world.rows, [change.model]: made },
  })
  if (change.kind === 'insert') return replaced([...rows, { ...change.row, id: 50 + rows.length }])
  const row = rows[change.at]
  if (!row) return null
  if (change.kind === 'delete')
    return withoutRow(replaced(rows.filter(other => other !== row)), change.model, row)
  const name = change.field
  if (name === 'id' || row[name] === change.row[name]) return null
  return replaced(rows.map(other => (other === row ? { ...row, [name]: change.row[name] } : other)))
}

function toggleLink(world: World, pair: readonly [number, number]): World {
  const links = world.links[membership] ?? []
  const others = links.filter(link => link.join() !== pair.join())
  const changed = others.length < links.length ? others : [...links, pair]
  return { ...world, links: { [membership]: changed } }
}

/** A row takes its links with it. */
function withoutRow(world: World, model: string, row: PlainRow): World {
  const side = model === 'Club' ? 0 : model === 'Person' ? 1 : null
  const links = world.links[membership] ?? []
  return side === null
    ? world
    : { ...world, links: { [membership]: links.filter(link => link[side] !== row.id) } }
}

/** The database would take it: keys are unique, and refer to rows that are there. */
function isConsistent(world: World): boolean {
  return (
    world.datamodel.models.every(model => hasUniqueKeys(world, model) && hasTargets(world, model)) &&
    hasEnds(world)
  )
}

function hasUniqueKeys(world: World, model: Model): boolean {
  return model.uniqueKeys.every(key => {
    const keys = rowsOf(world, model)
      .map(row => key.fields.map(name => row[name]))
      .filter(values => !values.includes(undefined))
      .map(values => JSON.stringify(values))
    return new Set(keys).size === keys.length
  })
}

function hasTargets(world: World, model: Model): boolean {
  const owned = model.relations.filter(relation => relation.ownsKey)
  return rowsOf(world, model).every(row =>
    owned.every(
      relation =>
        relation.from.some(name => row[name] === undefined) ||
        rowsOf(world, world.datamodel.model(relation.target)).some(target =>
          relation.from.every((name, index) => row[name] === target[relation.to[index] ?? '']),
        ),
    ),
  )
}

function hasEnds(world: World): boolean {
  const has = (name: string, id: unknown) => world.rows[name]?.some(row => row.id === id)
  return (world.links[membership] ?? []).every(([club, person]) => has('Club', club) && has('Person', person))
}
