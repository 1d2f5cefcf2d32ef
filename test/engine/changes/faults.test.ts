import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasTestServer } from '../../support/database.ts'
import { ann, asAnn, policy } from '../policy/shop.ts'
import { createLibrary, type Library } from '../write/library.ts'

const kinds = (await hasTestServer()) ? (['server'] as const) : []

/** The embedded database has no connections of its own that could be ended, and its only transaction blocks all others. */
describe.each(kinds)('subscriptions on a %s', kind => {
  let library: Library
  beforeAll(async () => {
    library = await createLibrary(kind, { policies: [policy('Author', { read: true })] }, { follows: true })
  })
  afterAll(() => library.close())

  const subscribe = () => library.subscribe('subscription { authorChanged { node { name } } }', {}, asAnn)
  const nameOf = async (subscription: Awaited<ReturnType<typeof subscribe>>) =>
    (await subscription.next())?.data.authorChanged.node.name
  const add = (name: string) =>
    library.sql(`INSERT INTO authors (id, email, name) VALUES (gen_random_uuid(), $1 || '@x.org', $1)`, [
      name,
    ])
  /** Ends every connection to the database but the one that asks. */
  const endConnections = () =>
    library.sql(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    )

  test('go on when their connections are lost, with what was written meanwhile', async () => {
    const subscription = await subscribe()
    await add('Before')
    expect(await nameOf(subscription)).toBe('Before')
    await endConnections()
    await add('Meanwhile')
    expect(await nameOf(subscription)).toBe('Meanwhile')
    await add('After')
    expect(await nameOf(subscription)).toBe('After')
    await subscription.end()
  })

  test('wait for a transaction that began to write earlier, and tell of it first', async () => {
    const subscription = await subscribe()
    const early = new pg.Client({ connectionString: library.database.url })
    await early.connect()
    await early.query('BEGIN')
    await early.query(`INSERT INTO authors (id, email, name) VALUES ($1, 'early@x.org', 'Early')`, [ann])
    await add('Late')
    const first = nameOf(subscription)
    await early.query('COMMIT')
    expect([await first, await nameOf(subscription)]).toEqual(['Early', 'Late'])
    await early.end()
    await subscription.end()
  })

  test('are ended where their events are not taken, and go on after the last one that was', async () => {
    const slow = await library.subscribe('subscription { authorChanged { cursor node { name } } }', {}, asAnn)
    const quick = await subscribe()
    await add('First')
    const first = (await slow.next())?.data.authorChanged
    expect([first.node.name, await nameOf(quick)]).toEqual(['First', 'First'])
    await library.sql(
      `INSERT INTO authors (id, email, name) SELECT gen_random_uuid(), n || '@many.org', 'Many ' || n FROM generate_series(1, 6000) n`,
    )
    for (let count = 0; count < 6_000; count += 1) expect(await nameOf(quick)).toBe(`Many ${count + 1}`)
    let last = first.cursor
    let taken = 0
    for (let result = await slow.next(); result; result = await slow.next()) {
      if (result.errors) {
        expect(result.errors[0]?.message).toContain('Events came faster than they were taken')
        continue
      }
      last = result.data.authorChanged.cursor
      taken += 1
    }
    expect(taken).toBeGreaterThan(0)
    expect(taken).toBeLessThanOrEqual(5_000)
    const again = await library.subscribe(
      'subscription ($after: String) { authorChanged(after: $after) { node { name } } }',
      { after: last },
      asAnn,
    )
    expect(await nameOf(again)).toBe(`Many ${taken + 1}`)
    await Promise.all([again.end(), quick.end()])
  })
})
