import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { graphqlFetch } from '../support/http.ts'
import { type RunningCommand, spawnRefract, startRefract } from '../support/refract-command.ts'

const dump = fileURLToPath(new URL('../../../shared/chinook/chinook.sql', import.meta.url))

/** A database that nobody here wrote: pulled, started and asked as a user would; the numbers come from plain SQL. */
describe('Chinook', () => {
  const directory = mkdtempSync(join(tmpdir(), 'refract-chinook-'))
  let database: TestDatabase
  let client: pg.Client
  let server: RunningCommand
  let url: string

  beforeAll(async () => {
    database = await createTestDatabase('server')
    client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query(readFileSync(dump, 'utf8'))
    const cleanUp = () => undefined
    const environment = { DATABASE_URL: database.url, NODE_ENV: 'development' }
    const pulled = await spawnRefract(['pull', '--project', directory], { environment, cleanUp })
    expect(pulled.stderr).toBe('')
    expect(pulled.exitCode).toBe(0)
    server = startRefract(['start', '--project', directory, '--port', '0'], { environment, cleanUp })
    url = (await server.waitFor(/http:\/\/[\d.a-z]+:\d+/))[0].replace(/\/graphql$/, '')
  })

  afterAll(async () => {
    server?.child.kill('SIGTERM')
    await server?.ended
    await client?.end()
    await database?.drop()
    rmSync(directory, { recursive: true, force: true })
  })

  async function ask(query: string, variables?: Readonly<Record<string, unknown>>) {
    const { data, errors } = await graphqlFetch(url, query, variables)
    expect(errors).toEqual([])
    // biome-ignore lint/suspicious/noExplicitAny: a test reads what its own query asked for
    return data as any
  }

  async function sql(text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    return (await client.query(text, values)).rows
  }

  test('tracks with album, artist and genre, filtered by the name of the artist', async () => {
    const { tracks } = await ask(
      `query ($artist: String!) {
         tracks(where: { album: { is: { artist: { is: { name: { equals: $artist } } } } } }, first: 100,
                orderBy: [{ album: { title: ASC } }, { trackId: ASC }]) {
           totalCount nodes { name unitPrice album { title artist { name } } genre { name } } } }`,
      { artist: 'Led Zeppelin' },
    )
    const [count] = await sql(
      `SELECT count(*)::int FROM track JOIN album USING (album_id) JOIN artist USING (artist_id) WHERE artist.name = $1`,
      ['Led Zeppelin'],
    )
    const expected = await sql(
      `SELECT track.name, unit_price, title, artist.name AS artist, genre.name AS genre
       FROM track JOIN album USING (album_id) JOIN artist USING (artist_id) LEFT JOIN genre USING (genre_id)
       WHERE artist.name = $1 ORDER BY title, track_id LIMIT 100`,
      ['Led Zeppelin'],
    )
    expect(tracks.totalCount).toBe(count?.count)
    expect(tracks.totalCount).toBeGreaterThan(100)
    expect(tracks.nodes).toEqual(
      expected.map(row => ({
        name: row.name,
        unitPrice: row.unit_price,
        album: { title: row.title, artist: { name: row.artist } },
        genre: { name: row.genre },
      })),
    )
  })

  test('the customers of each employee with the sum of their invoices', async () => {
    const { employees } = await ask(
      `{ employees(orderBy: [{ employeeId: ASC }]) { nodes { lastName
           customers(first: 100, orderBy: [{ customerId: ASC }]) {
             totalCount nodes { email invoices { aggregate { count sum { total } } } } } } } }`,
    )
    const rows = await sql(
      `SELECT employee.last_name, customer.email, count(invoice.*)::int, sum(invoice.total)
       FROM employee LEFT JOIN customer ON support_rep_id = employee_id LEFT JOIN invoice USING (customer_id)
       GROUP BY employee_id, customer_id ORDER BY employee_id, customer_id`,
    )
    const names = [...new Set(rows.map(row => row.last_name))]
    const customersOf = (name: unknown) => rows.filter(row => row.last_name === name && row.email !== null)
    expect(employees.nodes).toEqual(
      names.map(name => ({
        lastName: name,
        customers: {
          totalCount: customersOf(name).length,
          nodes: customersOf(name).map(row => ({
            email: row.email,
            invoices: { aggregate: { count: row.count, sum: { total: row.sum } } },
          })),
        },
      })),
    )
    expect(rows.filter(row => row.email !== null)).toHaveLength(59)
  })

  test('genres with the number and the average length of their tracks', async () => {
    const { tracks } = await ask(
      `{ tracks { groupBy(by: [genreId], orderBy: [{ count: DESC }]) { count avg { milliseconds } key { genre { name } } } } }`,
    )
    const expected = await sql(
      `SELECT genre.name, count(*)::int, avg(milliseconds)::float8
       FROM track JOIN genre USING (genre_id) GROUP BY genre.genre_id ORDER BY count(*) DESC, genre.genre_id`,
    )
    expect(expected).toHaveLength(25)
    expect(
      tracks.groupBy.map((group: { key: { genre: unknown }; count: number }) => [
        group.key.genre,
        group.count,
      ]),
    ).toEqual(expected.map(row => [{ name: row.name }, row.count]))
    for (const [index, row] of expected.entries()) {
      expect(tracks.groupBy[index].avg.milliseconds).toBeCloseTo(Number(row.avg), 6)
    }
  })

  test('a playlist created with tracks, and a second one with its id', async () => {
    const create = `mutation ($data: PlaylistCreateInput!) { createPlaylist(data: $data) {
      playlist { name playlistTracks { totalCount nodes { track { name } } } }
      errors { __typename code path message } } }`
    const data = {
      playlistId: 1000,
      name: 'Three',
      playlistTracks: { create: [1, 2, 3].map(trackId => ({ track: { connect: { trackId } } })) },
    }
    const names = await sql('SELECT name FROM track WHERE track_id <= 3 ORDER BY track_id')
    expect((await ask(create, { data })).createPlaylist).toEqual({
      playlist: { name: 'Three', playlistTracks: { totalCount: 3, nodes: names.map(track => ({ track })) } },
      errors: [],
    })
    expect(await sql('SELECT track_id FROM playlist_track WHERE playlist_id = 1000 ORDER BY 1')).toEqual(
      [1, 2, 3].map(track_id => ({ track_id })),
    )
    const second = {
      playlistId: 1000,
      name: 'Again',
      playlistTracks: { create: [{ track: { connect: { trackId: 9 } } }] },
    }
    const { createPlaylist } = await ask(create, { data: second })
    expect(createPlaylist.playlist).toBeNull()
    expect(createPlaylist.errors).toMatchObject([
      { __typename: 'UniqueError', code: 'UNIQUE', path: ['data', 'playlistId'] },
    ])
    expect(await sql('SELECT name FROM playlist WHERE playlist_id = 1000')).toEqual([{ name: 'Three' }])
    expect(await sql('SELECT 1 FROM playlist_track WHERE track_id = 9 AND playlist_id = 1000')).toEqual([])
  })
})
