import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SignJWT } from 'jose'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { graphqlFetch } from '../support/http.ts'
import { type RunningCommand, spawnRefract, startRefract } from '../support/refract-command.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const secret = 'a secret of this test, which has 32 bytes or more'

/** Chinook with the policies of project/refract.config.ts, in production mode; the numbers come from plain SQL. */
describe('Chinook under policies', () => {
  const directory = mkdtempSync(join(tmpdir(), 'refract-chinook-'))
  let database: TestDatabase
  let client: pg.Client
  let server: RunningCommand
  let url: string

  beforeAll(async () => {
    database = await createTestDatabase('server')
    client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query(readFileSync(here('../../../shared/chinook/chinook.sql'), 'utf8'))
    const cleanUp = () => undefined
    const environment = {
      DATABASE_URL: database.url,
      NODE_ENV: 'production',
      CHINOOK_JWT_SECRET: secret,
    }
    const pulled = await spawnRefract(['pull', '--project', directory], { environment, cleanUp })
    expect(pulled.exitCode).toBe(0)
    copyFileSync(here('project/refract.config.ts'), join(directory, 'refract.config.ts'))
    server = startRefract(['start', '--project', directory, '--port', '0'], { environment, cleanUp })
    url = (await server.waitFor(/Serving (http:[^"]+)\/graphql"/))[1] ?? ''
  })

  afterAll(async () => {
    server?.child.kill('SIGTERM')
    await server?.ended
    await client?.end()
    await database?.drop()
    rmSync(directory, { recursive: true, force: true })
  })

  async function ask(role: 'customer' | 'agent' | null, id: number, query: string) {
    const token = await new SignJWT({ roles: role ? [role] : [] })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(String(id))
      .setIssuer('https://chinook.example')
      .setAudience('chinook')
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode(secret))
    const headers: Record<string, string> = role ? { Authorization: `Bearer ${token}` } : {}
    const { data, errors } = await graphqlFetch(url, query, {}, headers)
    // biome-ignore lint/suspicious/noExplicitAny: a test reads what its own query asked for
    return { data: data as any, errors }
  }

  const number = async (sql: string, ...values: unknown[]) =>
    Object.values((await client.query(sql, values)).rows[0] ?? {})[0]

  test('the policies have under 60 lines', () => {
    expect(readFileSync(here('project/refract.config.ts'), 'utf8').split('\n').length).toBeLessThan(60)
  })

  test('the catalogue is public, and nothing else is', async () => {
    const { data } = await ask(
      null,
      0,
      '{ tracks { totalCount } albums(first: 1) { nodes { artist { name } } } }',
    )
    expect(data.tracks.totalCount).toBe(await number('SELECT count(*)::int FROM track'))
    expect(data.albums.nodes[0].artist.name).toBe('AC/DC')
    for (const field of ['invoices', 'customers', 'employees', 'playlists']) {
      expect((await ask(null, 0, `{ ${field} { totalCount } }`)).errors).toHaveLength(1)
    }
  })

  test('a customer sees her own invoices, and what they come to', async () => {
    const query = `{ invoices { totalCount aggregate { sum { total } } nodes { customer { customerId } invoiceLines { totalCount } } } }`
    const { data } = await ask('customer', 5, query)
    expect(data.invoices.totalCount).toBe(
      await number('SELECT count(*)::int FROM invoice WHERE customer_id = 5'),
    )
    expect(data.invoices.aggregate.sum.total).toBe(
      await number('SELECT sum(total)::text FROM invoice WHERE customer_id = 5'),
    )
    expect(
      new Set(
        data.invoices.nodes.map((node: { customer: { customerId: number } }) => node.customer.customerId),
      ),
    ).toEqual(new Set([5]))
    const foreign = await number('SELECT invoice_id FROM invoice WHERE customer_id = 6 LIMIT 1')
    expect(
      (await ask('customer', 5, `{ invoice(where: { invoiceId: ${foreign} }) { total } }`)).data,
    ).toEqual({ invoice: null })
  })

  test('a support agent sees her customers, and what they bought', async () => {
    const query = `{ customers { totalCount } invoices { aggregate { count sum { total } } groupBy(by: [customerId]) { count } } tracks(where: { invoiceLines: { some: {} } }) { totalCount } }`
    const { data } = await ask('agent', 3, query)
    const own = 'FROM invoice JOIN customer USING (customer_id) WHERE support_rep_id = 3'
    expect(data.customers.totalCount).toBe(
      await number('SELECT count(*)::int FROM customer WHERE support_rep_id = 3'),
    )
    expect(data.invoices.aggregate).toEqual({
      count: await number(`SELECT count(*)::int ${own}`),
      sum: { total: await number(`SELECT sum(total)::text ${own}`) },
    })
    expect(data.invoices.groupBy).toHaveLength(data.customers.totalCount)
    expect(data.tracks.totalCount).toBe(
      await number(
        `SELECT count(DISTINCT track_id)::int FROM invoice_line WHERE invoice_id IN (SELECT invoice_id ${own})`,
      ),
    )
  })

  test('a customer changes her own data, but not who looks after her', async () => {
    const change = (id: number, data: string) =>
      ask(
        'customer',
        5,
        `mutation { updateCustomer(where: { customerId: ${id} }, data: { ${data} }) { customer { city } errors { __typename } } }`,
      )
    expect((await change(5, 'city: "Brno"')).data.updateCustomer).toEqual({
      customer: { city: 'Brno' },
      errors: [],
    })
    expect((await change(6, 'city: "Brno"')).data.updateCustomer.errors).toEqual([
      { __typename: 'NotFoundError' },
    ])
    expect((await change(5, 'supportRepId: 4')).errors).toHaveLength(1)
    expect((await change(5, 'employee: { connect: { employeeId: 4 } }')).errors).toHaveLength(1)
  })
})
