import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openSocket } from '../server/sockets/socket-server.ts'
import { createTestDatabase } from '../support/database.ts'
import { graphqlFetch } from '../support/http.ts'
import { createProjectFolder, datasource } from '../support/project-folder.ts'
import { spawnRefract, startRefract } from '../support/refract-command.ts'
import { runRefract } from '../support/run-refract.ts'

const toySchema = `${datasource}model toy {
  id   Int    @id
  name String @unique
}
`
const toyTable = 'CREATE TABLE toy (id int PRIMARY KEY, name text NOT NULL UNIQUE)'

const seedConfig = `import { defineConfig } from 'refract'
import { makeName } from './src/names'

export default defineConfig({
  seed: async ({ client, progress, log }) => {
    const bar = progress('Toys', 2)
    await client.$transaction(async (inner: typeof client) => {
      await inner.toy.create({ data: { id: 1, name: makeName(1) } })
      bar.advance()
    })
    await client.toy.create({ data: { id: 2, name: process.env.SECOND_NAME ?? makeName(2) } })
    bar.done()
    log('Two toys.')
  },
})
`

const seededFiles = {
  'prisma/schema.prisma': toySchema,
  'refract.config.ts': seedConfig,
  'src/names.ts': "export const makeName = (id: number): string => 'Toy ' + id\n",
}

async function createDatabase(
  sql: string,
): Promise<{ readonly url: string; query(sql: string): Promise<unknown[]> }> {
  const database = await createTestDatabase()
  onTestFinished(() => database.drop())
  const query = async (statement: string) => {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    const { rows } = await client.query(statement)
    await client.end()
    return rows
  }
  await query(sql)
  return { url: database.url, query }
}

async function occupyPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
  })
  return (server.address() as AddressInfo).port
}

describe('refract start', () => {
  it('serves a database that is there, in a folder without node_modules, until SIGTERM', async () => {
    const { url } = await createDatabase(`${toyTable}; INSERT INTO toy VALUES (1, 'Car')`)
    const directory = createProjectFolder({ 'prisma/schema.prisma': toySchema })
    const command = startRefract(['start', '--port', '0'], { directory, environment: { DATABASE_URL: url } })
    const [, address] = await command.waitFor(/GraphiQL\s+(http:\S+)\/graphql/)
    expect(await graphqlFetch(address ?? '', '{ toys { nodes { id name } } }')).toMatchObject({
      data: { toys: { nodes: [{ id: 1, name: 'Car' }] } },
    })
    const client = await openSocket(`${address?.replace('http', 'ws')}/graphql`)
    await client.init()
    command.child.kill('SIGTERM')
    expect(await client.closed).toEqual({ code: 1012, reason: 'Service restart' })
    expect((await command.ended).exitCode).toBe(0)
  })

  it('takes its settings from .env', async () => {
    const { url } = await createDatabase(toyTable)
    const directory = createProjectFolder({
      'prisma/schema.prisma': toySchema,
      '.env': `DATABASE_URL="${url}"\nPORT=0\nREFRACT_GRAPHQL_PATH=/api\n`,
    })
    const command = startRefract(['start'], { directory })
    await command.waitFor(/GraphiQL\s+http:\/\/localhost:\d+\/api/)
  })

  it('lets nobody in in production, and says how', async () => {
    const { url } = await createDatabase(toyTable)
    const directory = createProjectFolder({ 'prisma/schema.prisma': toySchema })
    const command = startRefract(['start', '--port', '0'], {
      directory,
      environment: { DATABASE_URL: url, NODE_ENV: 'production' },
    })
    const [, address] = await command.waitFor(/Serving (http:[^"]+)"/)
    expect(command.output()).toContain('REFRACT_ACCESS=everyone')
    const answer = await fetch(address ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    })
    expect(answer.status).toBe(403)
    for (const line of command.output().trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow()
  })

  it('finds out who asks as refract.config.ts says, in a project of any models', async () => {
    const { url } = await createDatabase(toyTable)
    const secret = 'a-secret-that-nobody-guesses-in-years'
    const directory = createProjectFolder({
      'prisma/schema.prisma': toySchema,
      'refract.config.ts': `import { defineConfig, definePolicy } from 'refract'
        export default defineConfig({
          policies: [definePolicy('toy', { read: true, create: true })],
          auth: {
            jwt: { secret: process.env.TOKEN_SECRET!, algorithms: ['HS256'], issuer: 'me', audience: 'toys' },
            provider: ({ client, baseUrl }) => ({
              identify: async http => (http.requestHeaders.get('cookie') ? { id: 'cookie' } : null),
              identifyToken: async token => {
                const toy = await client.toy.findUnique({ where: { name: token } })
                return toy && { id: String(toy.id), roles: ['toy'] }
              },
              routes: { '/where': async () => Response.json({ baseUrl }) },
            }),
          },
        })
      `,
    })
    const environment = { DATABASE_URL: url, TOKEN_SECRET: secret, REFRACT_ADMIN_SECRET: secret }
    const command = startRefract(['start', '--port', '0'], { directory, environment })
    const [, address = ''] = await command.waitFor(/GraphiQL\s+(http:\S+)\/graphql/)
    const ask = async (headers: Record<string, string>) =>
      (await graphqlFetch(address, '{ viewer { id roles isAdministrator } }', {}, headers)).data
    await graphqlFetch(address, 'mutation { createToy(data: { id: 7, name: "car" }) { errors { message } } }')
    const token = await new SignJWT({ iss: 'me', aud: 'toys', sub: 'ann', roles: 'member' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime('1m')
      .sign(new TextEncoder().encode(secret))
    const viewer = (id: string | null, roles: string[] = [], isAdministrator = false) => ({
      viewer: { id, roles, isAdministrator },
    })
    expect(await ask({})).toEqual(viewer(null))
    expect(await ask({ Cookie: 'a=1' })).toEqual(viewer('cookie'))
    expect(await ask({ Authorization: `Bearer ${token}` })).toEqual(viewer('ann', ['member']))
    expect(await ask({ Authorization: 'Bearer car' })).toEqual(viewer('7', ['toy']))
    expect(await ask({ 'x-refract-admin-secret': secret })).toEqual(viewer(null, [], true))
    const where = await fetch(`${address}/where`)
    expect(await where.json()).toEqual({ baseUrl: address })
  })

  it('seeds an empty database once, all or nothing', async () => {
    const { url, query } = await createDatabase(toyTable)
    const directory = createProjectFolder(seededFiles)
    const environment = { DATABASE_URL: url }
    const failing = await spawnRefract(['start', '--port', '0'], {
      directory,
      environment: { ...environment, SECOND_NAME: 'Toy 1' },
    })
    expect(failing.exitCode).toBe(1)
    expect(failing.stderr).toContain('The seed of refract.config.ts failed and nothing of it was written')
    expect(await query('SELECT count(*)::int FROM toy')).toEqual([{ count: 0 }])

    const first = startRefract(['start', '--port', '0'], { directory, environment })
    await first.waitFor(/Ready in/)
    expect(first.output()).toMatch(/Toys +2 {2}\d+ ms\n {2}Two toys\.\nSeeded the empty database\./)
    const second = startRefract(['start', '--port', '0'], { directory, environment })
    await second.waitFor(/Ready in/)
    expect(second.output()).not.toContain('Seeded')
    expect(await query('SELECT name FROM toy ORDER BY id')).toEqual([{ name: 'Toy 1' }, { name: 'Toy 2' }])
  })

  it('refract seed refuses to touch rows unless told', async () => {
    const { url, query } = await createDatabase(`${toyTable}; INSERT INTO toy VALUES (7, 'Car')`)
    const options = { directory: createProjectFolder(seededFiles), environment: { DATABASE_URL: url } }
    const refused = await runRefract(['seed'], options)
    expect(refused.exitCode).toBe(1)
    expect(refused.stderr).toContain('The database has rows already, so nothing was seeded.')
    expect((await runRefract(['seed', '--force'], options)).exitCode).toBe(0)
    expect(await query('SELECT id FROM toy ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }, { id: 7 }])
    expect((await runRefract(['seed', '--reset'], options)).exitCode).toBe(0)
    expect(await query('SELECT id FROM toy ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }])
  })

  it('says that the port is taken, before it does anything', async () => {
    const port = await occupyPort()
    const directory = createProjectFolder({ 'prisma/schema.prisma': toySchema })
    const { exitCode, stderr } = await runRefract(['start', '--port', String(port)], { directory })
    expect(exitCode).toBe(1)
    expect(stderr).toContain(`Port ${port} is already taken`)
    expect(stderr).toContain('--port')
    expect(existsSync(join(directory, '.refract'))).toBe(false)
  })

  it('says that nobody answers at the address of the database', async () => {
    const directory = createProjectFolder({ 'prisma/schema.prisma': toySchema })
    const { exitCode, stderr } = await runRefract(['start', '--port', '0'], {
      directory,
      environment: { DATABASE_URL: 'postgresql://me:secret@127.0.0.1:1/toys' },
    })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('127.0.0.1:1')
    expect(stderr).not.toContain('secret')
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  it('says what is wrong with refract.config.ts', async () => {
    const directory = createProjectFolder({
      'prisma/schema.prisma': toySchema,
      'refract.config.ts': 'export const config = {}',
    })
    const { exitCode, stderr } = await runRefract(['start', '--port', '0'], { directory })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('refract.config.ts has no default export. Expected: import { defineConfig }')
  })
})
