import { setImmediate as yieldToOthers } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { administrator, createViewer, type Viewer } from '../../../src/engine/index.ts'
import { createTestEngine, fixture, type TestEngine } from '../../support/engine.ts'
import { createRandom, type Random } from '../../support/random.ts'
import { ann, bob, policy } from '../policy/shop.ts'
import { createLibrary, type Library } from '../write/library.ts'

const policies = [
  policy('Book', { read: viewer => viewer.id !== null && { authorId: viewer.id } }),
  policy('Author', { read: true }),
]

type Image = Readonly<Record<string, unknown>>
interface Logged {
  readonly operation: 'INSERT' | 'UPDATE' | 'DELETE'
  readonly before: Image | null
  readonly after: Image | null
}

/** Somebody who listens to books, and how plain JavaScript says which ones. */
interface Listener {
  readonly viewer: Viewer
  readonly filter: string
  readonly matches: (image: Image) => boolean
}

const viewers: readonly { readonly viewer: Viewer; readonly sees: (image: Image) => boolean }[] = [
  { viewer: administrator, sees: () => true },
  { viewer: createViewer({ id: ann, roles: [] }), sees: image => image.author_id === ann },
  { viewer: createViewer({ id: bob, roles: [] }), sees: image => image.author_id === bob },
]
const filters: readonly { readonly text: string; readonly meets: (image: Image) => boolean }[] = [
  { text: '', meets: () => true },
  { text: '(where: { pages: { gte: 5 } })', meets: ({ pages }) => Number(pages) >= 5 },
]
const listeners: readonly Listener[] = Array.from({ length: 20 }, (_, index) => {
  const { viewer, sees } = viewers[index % 3] as (typeof viewers)[number]
  const { text, meets } = filters[index % 2] as (typeof filters)[number]
  return { viewer, filter: text, matches: image => sees(image) && meets(image) }
})

describe('what subscribers hear of what several writers do', () => {
  let library: Library
  let other: TestEngine
  beforeAll(async () => {
    library = await createLibrary(undefined, { policies }, { follows: true })
    other = await createTestEngine({
      project: fixture('library'),
      config: { policies },
      url: library.database.url,
      follows: true,
    })
    await library.sql(
      `INSERT INTO authors (id, email, name) VALUES ($1, 'ann@x.org', 'Ann'), ($2, 'bob@x.org', 'Bob')`,
      [ann, bob],
    )
  })
  afterAll(async () => {
    await other.close()
    await library.close()
  })

  test('is what was committed and they may see, in order, on whichever instance they go on after they were cut off', {
    timeout: 120_000,
  }, async () => {
    const states = listeners.map(listener => follow(listener, [library, other]))
    await Promise.all(states.map(state => state.begun))
    const written = Promise.all([1, 2, 3, 4].map(number => write(library.database.url, number)))
    const heard = states.map(state => state.untilMark())
    await written
    // what everybody sees ends it
    await library.sql(
      `INSERT INTO books (id, title, author_id, pages, updated_at) VALUES (9001, 'End', $1, 9, now()), (9002, 'End', $2, 9, now())`,
      [ann, bob],
    )
    const logs = await Promise.all(heard)

    const history = await library.sql<Logged>(
      `SELECT operation, before, after FROM refract.changes WHERE table_name = 'public.books' ORDER BY xid, position`,
    )
    expect(history.length).toBeGreaterThan(200)
    expect(await rowsAfter(library)).toEqual(replay(history))
    for (const [index, listener] of listeners.entries()) {
      expect(logs[index], `listener ${index}`).toEqual(expected(history, listener))
    }
  })
})

/** Writes in transactions that overlap those of others and that are rolled back now and then. */
async function write(url: string, number: number): Promise<void> {
  const random = createRandom(number)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  for (let count = 0; count < 40; count += 1) {
    await client.query('BEGIN')
    for (let statement = 0; statement < 1 + random.below(3); statement += 1) {
      await change(client, number * 1_000, random)
      for (let pause = random.below(4); pause > 0; pause -= 1) await yieldToOthers()
    }
    await client.query(random.onceIn(4) ? 'ROLLBACK' : 'COMMIT')
  }
  await client.end()
}

/** Each writer has its own rows, so that none waits for another one. */
async function change(client: pg.Client, base: number, random: Random): Promise<void> {
  const id = base + random.below(6)
  const author = random.one([ann, bob])
  if (random.onceIn(4)) await client.query('DELETE FROM books WHERE id = $1', [id])
  else
    await client.query(
      `INSERT INTO books (id, title, author_id, pages, updated_at) VALUES ($1, $2, $3, $4, now())
       ON CONFLICT (id) DO UPDATE SET author_id = excluded.author_id, pages = excluded.pages`,
      [id, `Book ${id}`, author, random.below(10)],
    )
}

/** Listens, is cut off after a while, goes on at the other instance after the last cursor, and so on. */
function follow({ viewer, filter }: Listener, instances: readonly TestEngine[]) {
  const random = createRandom(listeners.length)
  const log: string[] = []
  let turn = 0
  let after: string | null = null
  const subscribe = () =>
    (instances[turn++ % instances.length] as TestEngine).subscribe(
      `subscription ($after: String) { bookChanged${filter ? filter.replace(')', ', after: $after)') : '(after: $after)'} { type cursor nodeId } }`,
      { after },
      viewer,
    )
  const begun = subscribe()
  return {
    begun,
    async untilMark(): Promise<readonly string[]> {
      let subscription = await begun
      let left = random.below(12)
      for (let isOver = false; !isOver; left -= 1) {
        const result = await subscription.next()
        expect(result?.errors).toBeUndefined()
        const { type, cursor, nodeId } = result?.data.bookChanged ?? {}
        const id = JSON.parse(Buffer.from(nodeId, 'base64url').toString())[1]
        after = cursor
        if (id > 9_000) isOver = true
        else log.push(`${type} ${id}`)
        if (left > 0 || isOver) continue
        left = random.below(12)
        await subscription.end()
        subscription = await subscribe()
      }
      await subscription.end()
      return log
    },
  }
}

function expected(history: readonly Logged[], { matches }: Listener): readonly string[] {
  return history.flatMap(({ operation, before, after }) => {
    const [was, is] = [before !== null && matches(before), after !== null && matches(after)]
    const id = (after ?? before)?.id
    if ((!was && !is) || Number(id) > 9_000) return []
    if (operation === 'INSERT') return [`CREATED ${id}`]
    if (operation === 'DELETE') return [`DELETED ${id}`]
    return [`${was && is ? 'UPDATED' : is ? 'ENTERED' : 'LEFT'} ${id}`]
  })
}

/** The rows that there are when all of a history has happened. */
function replay(history: readonly Logged[]): readonly Image[] {
  const rows = new Map<unknown, Image>()
  for (const { before, after } of history) {
    if (before) rows.delete(before.id)
    if (after) rows.set(after.id, after)
  }
  return [...rows.values()].toSorted((one, another) => Number(one.id) - Number(another.id))
}

async function rowsAfter(library: Library): Promise<readonly Image[]> {
  const rows = await library.sql<{ image: Image }>(`SELECT to_jsonb(b) AS image FROM books b ORDER BY id`)
  return rows.map(({ image }) => image)
}
