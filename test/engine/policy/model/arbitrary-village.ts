import fc from 'fast-check'
import type { Datamodel, Model, ScalarField } from '../../../../src/engine/datamodel/model.ts'
import type { PlainRow, WorldData } from '../../read/model/world.ts'
import { values } from './values.ts'
import { membership } from './village.ts'

const most = { Person: 6, House: 4, Club: 3, Card: 3 } as const

/** Villages of a few rows with nulls, relations of every kind and foreign keys of which one half is null. */
export function arbitraryVillage(datamodel: Datamodel): fc.Arbitrary<WorldData> {
  const rows = (name: keyof typeof most) =>
    fc.array(arbitraryRow(datamodel, datamodel.model(name)), {
      minLength: name === 'Person' ? 1 : 0,
      maxLength: most[name],
    })
  const pair = fc.tuple(fc.integer({ min: 1, max: most.Club }), fc.integer({ min: 1, max: most.Person }))
  return fc
    .record({
      Person: rows('Person'),
      House: rows('House'),
      Club: rows('Club'),
      Card: rows('Card'),
      pairs: fc.array(pair, { maxLength: 8 }),
    })
    .map(({ pairs, ...tables }) => repaired(tables, pairs))
}

type Tables = Readonly<Record<string, readonly PlainRow[]>>
type Pairs = readonly (readonly [unknown, unknown])[]

/** Keeps the keys unique, and lets the foreign keys refer to rows that are there. */
function repaired(tables: Tables, pairs: Pairs): WorldData {
  const count = (name: string) => tables[name]?.length ?? 0
  const reference = (name: string, value: unknown) => (Number(value) <= count(name) ? value : undefined)
  const House = (tables.House ?? []).map(
    (row, i): PlainRow => ({
      ...row,
      id: i + 1,
      number: i + 1,
      ownerId: reference('Person', row.ownerId) ?? 1,
    }),
  )
  const Person = (tables.Person ?? []).map((row, i): PlainRow => {
    const home = House[Number(row.homeNumber) - 1]
    return {
      ...row,
      id: i + 1,
      nick: row.nick === undefined ? undefined : `${row.nick}${i}`,
      bossId: reference('Person', row.bossId),
      homeStreet: home?.street ?? (row.homeNumber === undefined ? row.homeStreet : undefined),
      homeNumber: home?.number,
    }
  })
  const Club = (tables.Club ?? []).map(
    (row, i): PlainRow => ({ ...row, id: i + 1, title: `${row.title}${i}` }),
  )
  const held = new Set<unknown>()
  const Card = (tables.Card ?? []).map((row, i): PlainRow => {
    const personId = held.has(row.personId) ? undefined : reference('Person', row.personId)
    held.add(personId)
    return { ...row, id: i + 1, code: `${row.code}${i}`, personId }
  })
  const known = pairs.filter(
    ([club, person]) => Number(club) <= Club.length && Number(person) <= Person.length,
  )
  const links = new Map(known.map(pair => [pair.join(), pair]))
  return { rows: { Person, House, Club, Card }, links: { [membership]: [...links.values()] } }
}

export function arbitraryRow(datamodel: Datamodel, model: Model): fc.Arbitrary<PlainRow> {
  return fc.record(
    Object.fromEntries(model.scalars.map(field => [field.name, arbitraryColumn(datamodel, field)])),
  )
}

function arbitraryColumn(datamodel: Datamodel, field: ScalarField): fc.Arbitrary<unknown> {
  const value = fc.constantFrom(...values(datamodel, field))
  if (field.isList) return fc.array(value, { maxLength: 2 })
  return field.isRequired ? value : fc.option(value, { nil: undefined, freq: 3 })
}
