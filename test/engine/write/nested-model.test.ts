import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLibrary, type Library } from './library.ts'
import {
  applyVerbs,
  type Children,
  editedBy,
  Refused,
  reviewsOf,
  subjectsOf,
  type Verbs,
  type World,
} from './nested-model.ts'

let library: Library
beforeAll(async () => {
  library = await createLibrary()
  await library.sql(`
    ALTER TABLE books ADD CONSTRAINT book_rating CHECK (rating <= 5);
    DROP INDEX "Subject_name_key";
    ALTER TABLE "Subject" ADD CONSTRAINT subject_value CHECK (right(name, 1)::int <= 5)`)
})
afterAll(() => library.close())

const authors = [1, 2].map(author => `018f4e9c-7a00-7000-8000-00000000000${author}`)

interface Shape {
  readonly value: (value: number, key: number) => Record<string, unknown>
  /** The filter for values from `least` on. */
  readonly least: (least: number) => Record<string, unknown>
}

/** How the rows of each relation are written in GraphQL. */
const shapes: Record<'reviews' | 'edited' | 'subjects', Shape> = {
  reviews: {
    value: (value: number) => ({ stars: value }),
    least: (n: number) => ({ stars: { gte: n } }),
  },
  edited: {
    value: (value: number) => ({ rating: value }),
    least: (n: number) => ({ rating: { gte: n } }),
  },
  // the value is the name's last character
  subjects: {
    value: (value: number, key: number) => ({ name: `subject ${key} ${value}` }),
    least: (n: number) => ({
      OR: [0, 1, 2, 3, 4, 5].filter(v => v >= n).map(v => ({ name: { endsWith: ` ${v}` } })),
    }),
  },
}

type RelationName = keyof typeof shapes

const key = fc.integer({ min: 1, max: 6 })
const value = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 1, max: 5 }) },
  { weight: 1, arbitrary: fc.constant(9) },
)
const item = fc.record({ key, value })
function list<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value[]> {
  return fc.array(arbitrary, { minLength: 1, maxLength: 3 })
}

const lists = {
  set: fc.array(key, { maxLength: 3 }),
  disconnect: list(key),
  delete: list(key),
  deleteMany: list(fc.integer({ min: 2, max: 5 })),
  update: list(item),
  updateMany: list(fc.record({ least: fc.integer({ min: 1, max: 5 }), value })),
  upsert: list(item),
  connect: list(key),
  connectOrCreate: list(item),
  create: list(item),
}

// all ten at once nearly always fail
const verbs = fc
  .subarray(Object.keys(lists) as (keyof typeof lists)[], { minLength: 1, maxLength: 3 })
  .chain(names => fc.record(lists, { requiredKeys: names }).map(all => pick(all, names)))

function pick(all: Verbs, names: readonly (keyof Verbs)[]): Verbs {
  return Object.fromEntries(names.map(name => [name, all[name]]))
}

const operation = fc.oneof(
  fc.record({
    relation: fc.constant<RelationName>('reviews'),
    parent: fc.integer({ min: 1, max: 3 }),
    verbs,
  }),
  fc.record({
    relation: fc.constant<RelationName>('subjects'),
    parent: fc.integer({ min: 1, max: 3 }),
    verbs,
  }),
  fc.record({ relation: fc.constant<RelationName>('edited'), parent: fc.integer({ min: 1, max: 2 }), verbs }),
)

type Operation = typeof operation extends fc.Arbitrary<infer Value> ? Value : never

test('nested writes of random verbs leave the same rows and give the same errors as plain JavaScript', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 1, maxLength: 6 }), async operations => {
      let world = await startAnew()
      for (const one of operations) {
        const next = structuredClone(world)
        const code = expectedCode(next, one)
        const payload = await mutate(one)
        expect(payload.errors.map((error: { code: string }) => error.code)).toEqual(code ? [code] : [])
        world = code ? world : next
        expect(await readWorld()).toEqual(sorted(world))
      }
    }),
    { numRuns: Number(process.env.REFRACT_TEST_RUNS ?? 60) },
  )
}, 300_000)

function expectedCode(world: World, { relation, parent, verbs: given }: Operation): string | null {
  if (relation === 'reviews' && given.disconnect) return 'VALIDATION'
  // a book that an earlier operation deleted
  if (relation !== 'edited' && !world.books.has(parent)) return 'NOT_FOUND'
  try {
    applyVerbs(childrenOf(world, relation, parent), given)
    return null
  } catch (error) {
    if (error instanceof Refused) return error.code
    throw error
  }
}

function childrenOf(world: World, relation: RelationName, parent: number): Children {
  return { reviews: reviewsOf, edited: editedBy, subjects: subjectsOf }[relation](world, parent)
}

function mutate({ relation, parent, verbs: given }: Operation) {
  const data = { [relation]: toInput(relation, given) }
  if (relation === 'edited') {
    return library.mutate(
      `updateAuthor(where: { id: "${authors[parent - 1]}" }, data: $data) { errors { code path } }`,
      {
        'data: AuthorUpdateInput!': data,
      },
    )
  }
  return library.mutate(`updateBook(where: { id: ${parent} }, data: $data) { errors { code path } }`, {
    'data: BookUpdateInput!': data,
  })
}

function toInput(relation: RelationName, given: Verbs): Record<string, unknown> {
  const shape = shapes[relation]
  const extra = (id: number) => (relation === 'edited' ? { title: `Book ${id}`, authorId: authors[0] } : {})
  const where = (id: number) => ({ id })
  const create = (one: { key: number; value: number }) => ({
    id: one.key,
    ...shape.value(one.value, one.key),
    ...extra(one.key),
  })
  const input = {
    set: given.set?.map(where),
    disconnect: given.disconnect?.map(where),
    delete: given.delete?.map(where),
    deleteMany: given.deleteMany?.map(least => shape.least(least)),
    update: given.update?.map(one => ({ where: where(one.key), data: shape.value(one.value, one.key) })),
    updateMany: given.updateMany?.map(one => ({
      where: shape.least(one.least),
      data: shape.value(one.value, 0),
    })),
    upsert: given.upsert?.map(one => ({
      where: where(one.key),
      create: create(one),
      update: shape.value(one.value, one.key),
    })),
    connect: given.connect?.map(where),
    connectOrCreate: given.connectOrCreate?.map(one => ({ where: where(one.key), create: create(one) })),
    create: given.create?.map(create),
  }
  return Object.fromEntries(Object.entries(input).filter(([, list]) => list !== undefined))
}

async function startAnew(): Promise<World> {
  await library.clear()
  await library.sql(`
    INSERT INTO authors (id, email, name) VALUES ('${authors[0]}', 'a', 'A'), ('${authors[1]}', 'b', 'B');
    INSERT INTO books (id, title, author_id, editor_id, rating, updated_at) VALUES
      (1, 'Book 1', '${authors[0]}', '${authors[0]}', 1, now()), (2, 'Book 2', '${authors[0]}', '${authors[1]}', 2, now()),
      (3, 'Book 3', '${authors[0]}', NULL, 3, now());
    INSERT INTO "Review" (id, stars, book_id, "updatedAt") VALUES (1, 1, 1, now()), (2, 2, 1, now()), (3, 3, 2, now());
    INSERT INTO "Subject" (id, name) VALUES (1, 'subject 1 1'), (2, 'subject 2 2'), (3, 'subject 3 3');
    INSERT INTO "_BookToSubject" VALUES (1, 1), (1, 2), (2, 3)`)
  return readWorld()
}

async function readWorld(): Promise<World> {
  const books = await library.sql<{ id: number; rating: number; editor: string | null }>(
    'SELECT id, rating, editor_id AS editor FROM books',
  )
  const reviews = await library.sql<{ id: number; stars: number; book: number }>(
    'SELECT id, stars, book_id AS book FROM "Review"',
  )
  const subjects = await library.sql<{ id: number; name: string }>('SELECT id, name FROM "Subject"')
  const links = await library.sql<{ A: number; B: number }>('SELECT * FROM "_BookToSubject"')
  return sorted({
    books: new Map(
      books.map(({ id, rating, editor }) => [
        id,
        { value: rating, parent: editor === null ? null : authors.indexOf(editor) + 1 },
      ]),
    ),
    reviews: new Map(reviews.map(({ id, stars, book }) => [id, { value: stars, parent: book }])),
    subjects: new Map(subjects.map(({ id, name }) => [id, { value: Number(name.slice(-1)) }])),
    links: new Set(links.map(({ A, B }) => `${A}:${B}`)),
    badges: new Map(),
  })
}

function sorted(world: World): World {
  return {
    ...world,
    books: new Map([...world.books].sort(([a], [b]) => a - b)),
    reviews: new Map([...world.reviews].sort(([a], [b]) => a - b)),
    subjects: new Map([...world.subjects].sort(([a], [b]) => a - b)),
    links: new Set([...world.links].sort()),
  }
}
