import fc from 'fast-check'
import type { Datamodel, Model, ScalarField } from '../../../../src/engine/datamodel/model.ts'
import { poolOf } from './pools.ts'
import type { PlainRow, WorldData } from './world.ts'

/** A value of a column, never NULL. */
export function arbitraryValue(datamodel: Datamodel, field: ScalarField): fc.Arbitrary<unknown> {
  const names = field.enumName ? datamodel.enum(field.enumName).values.map(value => value.graphqlName) : []
  return fc.constantFrom(...poolOf(field, names))
}

/** Databases of the schema test/fixtures/wide: a few dozen rows with nulls, duplicates and relations of every kind. */
export function arbitraryWorld(datamodel: Datamodel): fc.Arbitrary<WorldData> {
  const rows = (name: string, maxLength: number) =>
    fc.array(arbitraryRow(datamodel, datamodel.model(name)), { minLength: 0, maxLength })
  const thing = fc.nat({ max: 23 })
  const box = fc.nat({ max: 5 })
  const label = fc.nat({ max: 5 })
  return fc
    .record({
      thing: rows('thing', 24),
      box: rows('box', 6),
      label: rows('label', 6),
      passport: rows('passport', 10),
      parents: fc.array(fc.option(thing), { minLength: 24, maxLength: 24 }),
      boxes: fc.array(fc.option(box), { minLength: 24, maxLength: 24 }),
      spares: fc.array(fc.option(box), { minLength: 24, maxLength: 24 }),
      labels: fc.array(fc.tuple(label, thing), { maxLength: 60 }),
    })
    .map(made => link(datamodel, made))
}

interface Made {
  readonly thing: readonly PlainRow[]
  readonly box: readonly PlainRow[]
  readonly label: readonly PlainRow[]
  readonly passport: readonly PlainRow[]
  readonly parents: readonly (number | null)[]
  readonly boxes: readonly (number | null)[]
  readonly spares: readonly (number | null)[]
  readonly labels: readonly (readonly [number, number])[]
}

/** Gives the rows their keys and their relations. */
function link(datamodel: Datamodel, made: Made): WorldData {
  const box = made.box.map(
    (row, i): PlainRow => ({ ...row, id: i % 3, shelf: ['a', 'A', '%', '日'][i >> 1] }),
  )
  const things = made.thing.length
  const thing = made.thing.map((row, i): PlainRow => {
    const at = box[made.boxes[i] ?? -1]
    const spare = box[made.spares[i] ?? -1]
    const parent = made.parents[i]
    return {
      ...row,
      id: i + 1,
      code: `c${(i * 7) % 24}`,
      count: i * (i % 2 === 0 ? 1 : -1),
      box_id: at?.id,
      box_shelf: at?.shelf,
      spare_box_id: spare?.id,
      spare_shelf: spare?.shelf,
      parent_id: typeof parent === 'number' && parent < things ? parent + 1 : undefined,
    }
  })
  const label = made.label.map((row, i): PlainRow => {
    const id = `018f4e9c-7a00-7000-8000-00000000000${i}`
    return { ...row, id, text: `${String(row.text)}${i}` }
  })
  const passport = made.passport
    .slice(0, things)
    .map((row, i): PlainRow => ({ ...row, number: `${String(row.number)}${i}`, thing_id: things - i }))
  const pairs = new Map(
    made.labels
      .filter(([labelAt, thingAt]) => labelAt < label.length && thingAt < things)
      .map(([labelAt, thingAt]) => [`${labelAt} ${thingAt}`, [label[labelAt]?.id, thingAt + 1] as const]),
  )
  const relation = datamodel.model('label').relations.find(field => field.isManyToMany)?.relationName ?? ''
  return { rows: { thing, box, label, passport }, links: { [relation]: [...pairs.values()] } }
}

function arbitraryRow(datamodel: Datamodel, model: Model): fc.Arbitrary<PlainRow> {
  return fc.record(
    Object.fromEntries(model.scalars.map(field => [field.name, arbitraryColumn(datamodel, field)])),
  )
}

function arbitraryColumn(datamodel: Datamodel, field: ScalarField): fc.Arbitrary<unknown> {
  const value = arbitraryValue(datamodel, field)
  if (field.isList) return fc.option(fc.array(value, { maxLength: 3 }), { nil: undefined })
  // a JSON column can hold the JSON value null as well as NULL
  const stored =
    field.scalar === 'Json' ? fc.oneof({ weight: 8, arbitrary: value }, fc.constant(null)) : value
  return field.isRequired ? stored : fc.option(stored, { nil: undefined, freq: 4 })
}
