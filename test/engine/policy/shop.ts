import { createViewer, type Policy } from '../../../src/engine/index.ts'
import type { ModelPolicy } from '../../../src/engine/policy/policy.ts'
import { createLibrary, type Library } from '../write/library.ts'

export const ann = '00000000-0000-4000-8000-000000000001'
export const bob = '00000000-0000-4000-8000-000000000002'

export const asAnn = createViewer({ id: ann, roles: ['author'] })
export const asBob = createViewer({ id: bob, roles: ['author'] })

/** A policy of the library, whose models are not known to the compiler here. */
export function policy(model: string, rules: ModelPolicy): Policy {
  return { model, rules }
}

/** The library with policies, two authors and two books of each. */
export async function createGuardedLibrary(policies: readonly Policy[]): Promise<Library> {
  const library = await createLibrary(undefined, { policies })
  await refill(library)
  return library
}

/** The rows that a guarded library begins with, and no others. */
export async function refill(library: Library): Promise<void> {
  await library.clear()
  await library.sql(
    `INSERT INTO authors (id, email, name) VALUES ($1, 'ann@x.org', 'Ann'), ($2, 'bob@x.org', 'Bob')`,
    [ann, bob],
  )
  await library.sql(
    `INSERT INTO books (id, title, isbn, author_id, editor_id, pages, tags, genres, updated_at) VALUES
       (1, 'Ann one', 'a1', $1, $2, 10, '{x}', '{}', now()), (2, 'Ann two', 'a2', $1, NULL, 20, '{}', '{}', now()),
       (3, 'Bob one', 'b1', $2, $1, 30, '{x}', '{}', now()), (4, 'Bob two', 'b2', $2, NULL, 40, '{}', '{}', now())`,
    [ann, bob],
  )
  await library.sql(
    `INSERT INTO "Review" (id, stars, book_id, reviewer_id, "updatedAt") VALUES
       (1, 5, 1, $2, now()), (2, 1, 2, $2, now()), (3, 4, 3, $1, now()), (4, 2, 4, NULL, now())`,
    [ann, bob],
  )
  for (const table of ['books', '"Review"']) {
    await library.sql(`SELECT setval(pg_get_serial_sequence('${table}', 'id'), 100)`)
  }
}
