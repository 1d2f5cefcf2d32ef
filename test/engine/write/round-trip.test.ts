import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestEngine, fixture, type TestEngine } from '../../support/engine.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await createTestEngine({ project: fixture('wide') })
})
afterAll(() => engine.close())

const text = fc.string({ unit: 'binary' }).filter(value => !value.includes('\u0000') && value.isWellFormed())
const day = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
const orNull = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: null })
const colour = fc.constantFrom('red', 'dark_green', 'Blue')
// Prisma's engine can miss the last digit of a fraction inside of JSON
const leaves = [fc.boolean(), fc.integer(), text, fc.constant(null)]
const json = fc.anything({ values: leaves, key: text.filter(key => key !== '__proto__'), maxDepth: 3 })

/** As it comes over the wire, where minus zero is zero. */
function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

const thing = fc.record({
  name: text,
  note: orNull(text),
  small: orNull(fc.integer({ min: -32768, max: 32767 })),
  count: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  big: orNull(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)),
  ratio: orNull(fc.double({ noNaN: true, noDefaultInfinity: true }).filter(value => !Object.is(value, -0))),
  price: orNull(
    fc
      .tuple(fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }), fc.integer({ min: 0, max: 10 ** 12 - 1 }))
      .map(([whole, part]) => `${whole}.${String(part).padStart(12, '0')}`),
  ),
  isActive: fc.boolean(),
  isOld: orNull(fc.boolean()),
  colour: orNull(colour),
  mainColour: colour,
  createdAt: day.map(value => value.toISOString()),
  changedAt: orNull(day.map(value => value.toISOString())),
  day: orNull(day.map(value => value.toISOString().slice(0, 10))),
  time: orNull(
    day.map(value =>
      value
        .toISOString()
        .slice(11, 23)
        .replace(/\.000$/, ''),
    ),
  ),
  data: json.filter(value => value !== null),
  bytes: orNull(fc.uint8Array({ maxLength: 20 }).map(value => Buffer.from(value).toString('base64'))),
  uuid: orNull(fc.uuid()),
  tags: fc.array(text, { maxLength: 4 }),
  numbers: fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { maxLength: 4 }),
  colours: fc.array(colour, { maxLength: 4 }),
  place: orNull(
    fc.record({ x: fc.integer({ min: -180, max: 180 }), y: fc.double({ min: -90, max: 90, noNaN: true }) }),
  ),
})

const fields =
  'name note small count big ratio price isActive isOld colour mainColour createdAt changedAt day time data bytes uuid tags numbers colours place'

let counter = 0
const withCode = (values: object) => ({ ...values, code: `code ${counter++}` })

test('whatever is created, alone or in a batch, is read back as it was given', async () => {
  const source = `mutation ($one: ThingCreateInput!, $many: [ThingCreateInput!]!) {
    createThing(data: $one) { thing { ${fields} } errors { message path } }
    createThings(data: $many) { things { ${fields} } errors { message path } }
  }`
  const distinct = fc.uniqueArray(thing, {
    minLength: 2,
    maxLength: 4,
    selector: ({ name, count }) => `${name} ${count}`,
  })
  await fc.assert(
    fc.asyncProperty(distinct, async ([one, ...many]) => {
      await engine.sql('TRUNCATE thing CASCADE')
      const { data, errors } = await engine.query(source, {
        one: withCode(one ?? {}),
        many: many.map(withCode),
      })
      expect(errors).toBeUndefined()
      expect(data.createThing.errors).toEqual([])
      expect(data.createThings.errors).toEqual([])
      expect([data.createThing.thing, ...data.createThings.things]).toEqual(asJson([one, ...many]))
    }),
    { numRuns: 60 },
  )
})

test('whatever is changed is read back as it was given', async () => {
  const source = `mutation ($code: String!, $data: ThingUpdateInput!) {
    updateThing(where: { code: $code }, data: $data) { thing { ${fields} } errors { message path } }
  }`
  await engine.sql('TRUNCATE thing CASCADE')
  await engine.sql(`INSERT INTO thing (name, code) VALUES ('x', 'changing')`)
  await fc.assert(
    fc.asyncProperty(thing, async given => {
      const lists = {
        tags: { set: given.tags },
        numbers: { set: given.numbers },
        colours: { set: given.colours },
      }
      const { data, errors } = await engine.query(source, { code: 'changing', data: { ...given, ...lists } })
      expect(errors).toBeUndefined()
      expect(data.updateThing).toEqual({ thing: asJson(given), errors: [] })
    }),
    { numRuns: 60 },
  )
})
