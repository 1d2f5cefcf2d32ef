import { administrator, createViewer, type Viewer } from '../../../../src/engine/index.ts'
import { policy } from '../../policy/shop.ts'
import { createLibrary } from '../../write/library.ts'
import type { EqualWorld } from '../model/check-world.ts'

const author = (index: number) => `00000000-0000-4000-8000-00000000000${index}`
const mine = (viewer: Viewer) => ({ authorId: viewer.id })

const policies = [
  policy('Author', {
    read: true,
    update: viewer => ({ id: viewer.id }),
    fields: { email: { read: viewer => ({ id: viewer.id }) } },
  }),
  policy('Book', {
    read: viewer => ({ OR: [mine(viewer), { pages: { gt: 20 } }] }),
    update: mine,
    delete: viewer => ({ author: { edited: { some: { editorId: viewer.id } } } }),
    fields: {
      price: { read: mine },
      reviews: { read: mine },
      meta: { read: () => ({ genre: { equals: 'CRIME' } }) },
    },
  }),
  policy('Review', { read: viewer => ({ book: mine(viewer) }), update: true }),
  ...['Profile', 'Badge', 'Shelf', 'Subject', 'Reply', 'Like', 'Org', 'Member', 'Task', 'Seat'].map(model =>
    policy(model, { read: true }),
  ),
]

/** A library with keys of several columns, columns that two relations share, points, lists and JSON. */
export async function createLibraryWorld(): Promise<EqualWorld> {
  const reasons: unknown[] = []
  const library = await createLibrary(
    undefined,
    { policies },
    { reads: 'compiled', onOrdinary: reason => reasons.push(reason) },
  )
  for (const statement of rows) await library.sql(statement)
  const people = [1, 2, 3, 9].map(index => createViewer({ id: author(index) }))
  return {
    name: 'library',
    api: library,
    reasons,
    renew: async () => undefined,
    viewer: random => random.one([administrator, ...people]),
    close: library.close,
  }
}

/** One of a few values of a list, told by `i`. */
const pick = (values: readonly string[], step: number) =>
  `(ARRAY[${values.join(', ')}])[1 + (i * ${step}) % ${values.length}]`
const id = (sql: string) => `('00000000-0000-4000-8000-00000000000' || ${sql})::uuid`

const rows = [
  `INSERT INTO authors (id, email, name, version) SELECT ${id('i')}, 'a' || i || '@x.org', 'Author ' || i, i FROM generate_series(1, 5) i`,
  `INSERT INTO "Profile" (bio, home, author_id) SELECT 'Bio ' || i, ${pick(['point(i, -i)', 'NULL', 'point(0.1, 1e21)'], 1)}, ${id('i')} FROM generate_series(1, 4) i`,
  `INSERT INTO "Badge" (code, "authorId") VALUES ('a', ${id('1')}), ('bcde', NULL), ('é', ${id('3')})`,
  `INSERT INTO "Shelf" (room, number, label) VALUES ('A', 1, 'low'), ('A', 2, NULL), ('B "x"', 1, 'high')`,
  `INSERT INTO books (title, isbn, price, pages, stock, sold, rating, tags, genres, genre, meta, extra, cover, published,
                      opens_at, updated_at, author_id, editor_id, shelf_room, shelf_number, prequel_id)
   SELECT 'Book ' || i, ${pick(["'i' || i", 'NULL'], 1)}, ${pick(['1.50', '0', 'NULL', '999.99'], 3)}, ${pick(['10', '20', '30', 'NULL'], 3)},
     i, i * 7, ${pick(['0.5', 'NULL', '-1.25'], 2)}, CASE i % 3 WHEN 0 THEN ARRAY['a', 'b"c'] WHEN 1 THEN '{}' END,
     CASE i % 3 WHEN 0 THEN ARRAY['CRIME', 'POETRY']::"Genre"[] WHEN 1 THEN '{}' END, ${pick(["'CRIME'", "'POETRY'", "'SCIENCE'"], 1)}::"Genre",
     ${pick([`'{"b": [1, null], "a": 1.50}'`, 'NULL', `'null'`, `'"x"'`], 1)}::jsonb, ${pick([`'{}'`, `'[1, 2]'`], 1)}::jsonb,
     ${pick([`'\\x00ff'`, 'NULL', `''`], 1)}::bytea, '2024-01-30'::date + i, ${pick([`'09:00'`, 'NULL'], 1)}::time,
     '2024-01-01T00:00:00.123456Z'::timestamptz + (i % 4) * interval '1 microsecond', ${id('1 + i % 5')}, CASE WHEN i % 3 > 0 THEN ${id('1 + i % 3')} END,
     ${pick(["'A'", 'NULL', `'B "x"'`], 1)}, ${pick(['1', 'NULL', '1'], 1)}, NULLIF(i / 3, 0)
   FROM generate_series(1, 14) i`,
  `INSERT INTO "Subject" (name) VALUES ('Hills'), ('Sea'), ('')`,
  `INSERT INTO "_BookToSubject" ("A", "B") SELECT i, 1 + i % 3 FROM generate_series(1, 14) i UNION SELECT i, 1 FROM generate_series(3, 9) i`,
  `INSERT INTO "Review" (stars, text, book_id, reviewer_id, "updatedAt")
   SELECT 1 + i % 5, ${pick(["'good'", "''", `'so "so"'`], 1)}, 1 + i % 9, CASE WHEN i % 4 > 0 THEN ${id('1 + i % 4')} END, '2024-01-01'::timestamp + i * interval '1 hour'
   FROM generate_series(1, 22) i`,
  `INSERT INTO "Reply" (text, "reviewId") SELECT 'Reply ' || i, 1 + i % 7 FROM generate_series(1, 12) i`,
  `INSERT INTO "Like" (who, "replyId") SELECT 'w' || i % 4, 1 + i % 6 FROM generate_series(1, 15) i`,
  `INSERT INTO "Org" (id) VALUES (1), (2)`,
  `INSERT INTO "Member" ("orgId", name) VALUES (1, 'ann'), (1, 'bob'), (2, 'ann')`,
  `INSERT INTO "Task" ("orgId", "ownerName", "helperName") VALUES (1, 'ann', 'bob'), (1, 'bob', NULL), (2, 'ann', NULL), (1, 'ann', 'ann')`,
  `INSERT INTO "Seat" ("row") VALUES (1), (NULL), (7)`,
]
