import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { administrator, createViewer, type EngineConfig } from '../../../src/engine/index.ts'
import { createTestEngine, fixture, type TestEngine } from '../../support/engine.ts'

/** Rules of all kinds for what may be written, some of which look at other rows. */
const policies: EngineConfig['policies'] = [
  {
    model: 'thing',
    rules: {
      read: () => ({ count: { lt: 9 } }),
      create: () => ({ is_active: true }),
      update: () => ({ NOT: { colour: 'Blue' } }),
      delete: () => ({ count: { lte: 5 } }),
      fields: {
        price: { read: () => ({ count: { gt: 0 } }) },
        small: { update: () => ({ is_old: { equals: true } }) },
      },
    },
  },
  { model: 'box', rules: { read: () => ({ id: { lt: 3 } }), create: true, update: true } },
  { model: 'label', rules: { read: true, create: true, update: () => ({ thing: { none: { id: 1 } } }) } },
  { model: 'passport', rules: { read: () => ({ thing: { is: { is_active: true } } }), create: true } },
]

const person = createViewer({ id: '1' })

let compiled: TestEngine
let ordinary: TestEngine
const reasons: unknown[] = []
beforeAll(async () => {
  const options = { project: fixture('wide'), config: { policies } }
  compiled = await createTestEngine({
    ...options,
    reads: 'compiled',
    onOrdinary: reason => reasons.push(reason),
  })
  ordinary = await createTestEngine({ ...options, reads: 'prisma' })
})
afterAll(async () => {
  await compiled?.close()
  await ordinary?.close()
})

const tables = ['thing', 'box', 'label', 'passport', '_labelTothing']

/** Things, labels and boxes, 1 to 3 of each. */
async function begin({ sql }: TestEngine): Promise<void> {
  await sql('TRUNCATE thing, box, label, passport CASCADE')
  await sql(`INSERT INTO box (id, shelf) VALUES (1, 'a'), (2, 'b'), (3, 'c')`)
  await sql(
    `INSERT INTO thing (id, name, code, count, created_at, parent_id, price)
     SELECT n, 'name ' || n, 'code ' || n, n, '2026-01-01', nullif(n - 1, 0), n FROM generate_series(1, 3) n`,
  )
  await sql(
    `INSERT INTO label SELECT ('018f4e9c-7a00-7000-8000-00000000000' || n)::uuid, 'label ' || n, n
     FROM generate_series(1, 3) n`,
  )
  await sql('INSERT INTO "_labelTothing" SELECT id, 2 FROM label')
}

const text = fc
  .string({ unit: 'binary', maxLength: 8 })
  .filter(value => !/[\0]/.test(value) && value.isWellFormed())
const moment = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map(value => value.toISOString())
const orNull = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: null, freq: 3 })
/** There are rows of these numbers, unless they were deleted; and of others only rarely. */
const known = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 3 }) },
  { weight: 1, arbitrary: fc.integer({ min: 4, max: 9 }) },
)
const fresh = fc.oneof(
  { weight: 1, arbitrary: known },
  { weight: 12, arbitrary: fc.integer({ min: 4, max: 9 }) },
)
const colour = fc.constantFrom('red', 'dark_green', 'Blue')
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), fc.nat(10 ** 6))
  .map(([whole, part]) => `${whole}.${part}`)
const json = fc.anything({
  values: [fc.boolean(), fc.integer(), text, fc.constant(null)],
  key: text.filter(key => key !== '__proto__'),
  maxDepth: 2,
})

/** Columns in all forms; each is given or left out. */
const columns = {
  note: orNull(text),
  padded: orNull(fc.constantFrom('a', 'a ', 'abcdef')),
  small: orNull(fc.integer({ min: -32768, max: 32767 })),
  count: fc.integer({ min: -3, max: 12 }),
  big: orNull(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)),
  ratio: orNull(fc.double({ noNaN: true, noDefaultInfinity: true })),
  realRatio: orNull(fc.float({ noNaN: true, noDefaultInfinity: true })),
  price: orNull(decimal),
  isActive: fc.boolean(),
  isOld: orNull(fc.boolean()),
  colour: orNull(colour),
  mainColour: colour,
  changedAt: orNull(moment),
  localMoment: orNull(moment),
  day: orNull(moment.map(value => value.slice(0, 10))),
  data: json,
  bytes: orNull(fc.uint8Array({ maxLength: 9 }).map(value => Buffer.from(value).toString('base64'))),
  uuid: orNull(fc.uuid()),
  parentId: orNull(known),
}
const lists = {
  tags: fc.array(text, { maxLength: 3 }),
  numbers: fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { maxLength: 3 }),
  colours: fc.array(colour, { maxLength: 3 }),
}

const label = fresh.map(id => ({ id: uuidOf(id), text: `label ${id}`, weight: `${id}.5` }))
const named = known.map(id => ({ text: `label ${id}` }))
const passport = fresh.map(number => ({ number: `passport ${number}` }))
const shelf = known.map(id => ({ id, shelf: ' abcdefghi'.charAt(id) }))
const newShelf = fresh.map(id => ({ id, shelf: ' abcdefghi'.charAt(id) }))
const some = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.array(arbitrary, { minLength: 1, maxLength: 2 })

const relations = {
  box: fc.oneof(
    fc.record({ connect: shelf.map(id_shelf => ({ id_shelf })) }),
    fc.record({ create: newShelf }),
  ),
  labels: fc.oneof(
    fc.record({ create: some(label) }),
    fc.record({ connect: some(named) }),
    fc.record({
      connectOrCreate: some(label.map(create => ({ where: { text: create.text }, create }))),
      connect: some(named),
    }),
  ),
  passport: fc.record({ create: passport }),
}
const others = some(known.map(id => ({ id })))
const changes = {
  labels: fc.oneof(
    fc.record({ connect: some(named) }),
    fc.record({ set: some(named) }),
    fc.record({ connect: some(named), disconnect: some(named) }),
  ),
  things: fc.oneof(fc.record({ connect: others }), fc.record({ connect: others, disconnect: others })),
}

const fixed = fresh.map(id => ({
  id,
  name: `name ${id}`,
  code: `code ${id}`,
  createdAt: '2026-01-02T03:04:05.678Z',
}))
const creation = fc
  .tuple(
    fixed,
    fc.record({ ...columns, ...lists, ...relations }, { requiredKeys: [] }),
    fc.option(fixed, { freq: 4 }),
  )
  .map(([own, rest, child]) => ({ ...own, ...rest, ...(child ? { things: { create: [child] } } : {}) }))
const listChanges = Object.fromEntries(
  Object.entries(lists).map(([name, list]) => [
    name,
    fc.oneof(
      fc.record({ set: list as fc.Arbitrary<unknown> }),
      fc.record({ push: list as fc.Arbitrary<unknown> }),
    ),
  ]),
)
const { price: _, count: __, ...changed } = columns
const change = fc.record({ ...changed, ...listChanges, ...changes }, { requiredKeys: [] })
const increment = fc.option(
  fc.record({ count: fc.integer({ min: -2, max: 2 }), price: decimal }, { requiredKeys: [] }),
)
const where = known.map(id => ({ id }))
const filter = known.map(id => ({ id: { lte: id } }))

const own = `id name note code padded small count big ratio realRatio price isActive isOld colour mainColour createdAt
  changedAt day localMoment data bytes uuid tags numbers colours parentId boxId boxShelf nodeId`
const withRelations = `${own} viewerCan { update delete } parent { name } box { title size } passport { number }
  labels(orderBy: [{ text: ASC }]) { nodes { text weight } totalCount } things(first: 2) { edges { cursor node { code } } }`
const selection = fc.constantFrom(
  'id',
  own,
  withRelations,
  'name parent { name parent { count } } box { size }',
)
const errors =
  'errors { __typename code message path ... on UniqueError { fields } ... on CheckError { constraint } }'

/** Why a mutation that succeeds is left to Prisma: what a delete answers, and its columns of the type `point`. */
const left = ['The answer shows what the delete has left.', 'The statement is one for Prisma.']

interface Mutation {
  readonly field: string
  readonly type: string
  readonly variables: Readonly<Record<string, unknown>>
}

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  {
    weight: 4,
    arbitrary: creation.map(data => one('createThing(data: $data)', 'data: ThingCreateInput!', { data })),
  },
  {
    weight: 2,
    arbitrary: fc
      .uniqueArray(creation, { minLength: 1, maxLength: 3, selector: ({ id }) => id })
      .map(data => many('createThings(data: $data)', 'data: [ThingCreateInput!]!', { data })),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({ where, data: change, increment })
      .map(given =>
        one(
          'updateThing(where: $where, data: $data, increment: $increment)',
          'where: ThingUniqueInput!, data: ThingUpdateInput!, increment: ThingIncrementInput',
          given,
        ),
      ),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ where, create: creation, update: change })
      .map(given =>
        one(
          'upsertThing(where: $where, create: $create, update: $update)',
          'where: ThingUniqueInput!, create: ThingCreateInput!, update: ThingUpdateInput!',
          given,
        ),
      ),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ where: filter, data: change })
      .map(given =>
        many(
          'updateThings(where: $where, data: $data, atMost: 9)',
          'where: ThingFilter!, data: ThingUpdateInput!',
          given,
        ),
      ),
  },
  {
    weight: 1,
    arbitrary: where.map(given =>
      one('deleteThing(where: $where)', 'where: ThingUniqueInput!', { where: given }),
    ),
  },
  {
    weight: 1,
    arbitrary: filter.map(given =>
      many('deleteThings(where: $where, atMost: 3)', 'where: ThingFilter!', { where: given }),
    ),
  },
)

function one(field: string, types: string, variables: Mutation['variables']): Mutation {
  return { field: `${field} { thing { SELECTION } ${errors} }`, type: types, variables }
}

function many(field: string, types: string, variables: Mutation['variables']): Mutation {
  return { field: `${field} { things { SELECTION } count ${errors} }`, type: types, variables }
}

function uuidOf(id: number): string {
  return `018f4e9c-7a00-7000-8000-00000000000${id}`
}

async function dump({ sql }: TestEngine) {
  const all = await Promise.all(tables.map(table => sql(`SELECT * FROM "${table}" ORDER BY 1, 2`)))
  return JSON.stringify(all, (_, value) => (typeof value === 'bigint' ? String(value) : value))
}

describe.each([
  ['everybody may do everything', administrator],
  ['policies hold', person],
])('where %s', (_, viewer) => {
  test('mutations without Prisma answer and write what those with Prisma do', {
    timeout: 300_000,
  }, async () => {
    let done = 0
    let withoutPrisma = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(mutation, selection), { minLength: 1, maxLength: 5 }),
        async mutations => {
          for (const engine of [compiled, ordinary]) await begin(engine)
          for (const [{ field, type, variables }, selected] of mutations) {
            const declared = type.replaceAll(/(\w+):/g, '$$$1:')
            const source = `mutation (${declared}) { result: ${field.replace('SELECTION', selected)} }`
            reasons.length = 0
            const answer = await compiled.query(source, variables, viewer)
            const expected = await ordinary.query(source, variables, viewer)
            expect(JSON.stringify(answer.data)).toBe(JSON.stringify(expected.data))
            expect(answer.errors?.map(({ message }) => message)).toEqual(
              expected.errors?.map(({ message }) => message),
            )
            expect(await dump(compiled)).toBe(await dump(ordinary))
            if (answer.errors || answer.data.result.errors.length > 0) continue
            done += 1
            if (reasons.length === 0) withoutPrisma += 1
            expect(
              reasons.map(reason => (reason as Error).message).filter(reason => !left.includes(reason)),
            ).toEqual([])
          }
        },
      ),
      { seed: 20261129, numRuns: Number(process.env.REFRACT_TEST_RUNS ?? 50) },
    )
    expect(done).toBeGreaterThan(20)
    expect(withoutPrisma).toBeGreaterThan(done * 0.3)
  })
})
