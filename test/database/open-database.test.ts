import { createServer, type Socket } from 'node:net'
import pg from 'pg'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  explainLostConnection,
  openDatabase,
  parseDatabaseUrl,
  redactDatabaseUrl,
} from '../../src/database/index.ts'
import { createTestDatabase, findDatabaseKinds, testServerUrl } from '../support/database.ts'
import { createProjectFolder } from '../support/project-folder.ts'

const open = (url: string, options = {}) =>
  openDatabase({ url, projectDir: createProjectFolder({}), ...options })

describe('parseDatabaseUrl', () => {
  it('takes an address apart, with the parameters of Prisma', () => {
    const url =
      'postgresql://us%40er:p%23w@db.example.com/app?schema=main&connection_limit=3&connect_timeout=7&sslmode=require'
    expect(parseDatabaseUrl(url)).toEqual({
      url,
      host: 'db.example.com',
      port: 5432,
      user: 'us@er',
      password: 'p#w',
      database: 'app',
      schema: 'main',
      connectionLimit: 3,
      connectTimeoutMilliseconds: 7_000,
      ssl: { rejectUnauthorized: false },
      mayUseTls: false,
    })
  })

  it('finds Unix sockets and IPv6 addresses', () => {
    expect(parseDatabaseUrl('postgres://u@localhost/d?host=/var/run/postgresql').host).toBe(
      '/var/run/postgresql',
    )
    expect(parseDatabaseUrl('postgres://u@[::1]:5433/d')).toMatchObject({ host: '::1', port: 5433 })
  })

  it.each([
    ['mysql://a:secret@b/c', /begins with "mysql:\/\/", but only PostgreSQL is supported/],
    ['localhost', /is not a URL/],
    ['postgresql://a:se#cret@b/c', /is not a URL.*in a password are written as %23/s],
    ['postgresql://a:secret@b', /names no database/],
    ['postgresql://a:s%zz@b/c', /"%" that is not followed by two hexadecimal digits/],
    ['postgresql://a:secret@b/c?connection_limit=many', /connection_limit=many, but a whole number/],
    ['postgresql://a:secret@b/c?sslmode=often', /sslmode=often; expected disable/],
  ])('refuses %s and says why, without the password', (url, reason) => {
    expect(() => parseDatabaseUrl(url)).toThrow(reason)
    expect(() => parseDatabaseUrl(url)).not.toThrow(/secret/)
  })

  it('shows addresses without their password', () => {
    expect(redactDatabaseUrl('postgresql://a:secret@b/c?sslpassword=secret')).toBe(
      'postgresql://a:***@b/c?sslpassword=***',
    )
  })
})

describe('openDatabase', () => {
  it('says that nobody answers', async () => {
    await expect(open('postgresql://a:secret@127.0.0.1:1/d')).rejects.toThrow(
      /^No PostgreSQL server answers at 127\.0\.0\.1:1 .*ECONNREFUSED.*unset DATABASE_URL to use the embedded database\.$/,
    )
  })

  it('says that a host is unknown', async () => {
    await expect(open('postgresql://a@no-such-host.invalid/d')).rejects.toThrow(
      /host "no-such-host.invalid" is unknown/,
    )
  })

  it('gives up on a server that accepts and then says nothing', async () => {
    const sockets: Socket[] = []
    const server = createServer(socket => void sockets.push(socket))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy()
      server.close()
    })
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    await expect(
      open(`postgresql://a@127.0.0.1:${port}/d`, { connectTimeoutMilliseconds: 200 }),
    ).rejects.toThrow(/did not answer in time .*200 ms/)
  })

  it('tells the embedded database from a server', async () => {
    const test = await createTestDatabase('embedded')
    onTestFinished(() => test.drop())
    const database = await open(test.url)
    onTestFinished(() => database.close())
    expect(database.kind).toBe('embedded')
    expect(database.isOwner()).toBe(false)
    await expect(database.ping(5_000)).resolves.toBeUndefined()
  })

  it('closes twice without complaint', async () => {
    const test = await createTestDatabase()
    onTestFinished(() => test.drop())
    const database = await open(test.url)
    await database.close()
    await expect(database.close()).resolves.toBeUndefined()
  })
})

const servers = (await findDatabaseKinds()).filter(kind => kind === 'server')

describe.each(servers)('openDatabase on a %s', () => {
  const urlOf = (change: (url: URL) => void) => {
    const url = new URL(testServerUrl())
    change(url)
    return url.href
  }

  it('creates a database that is missing, or says so when it should not', async () => {
    const name = `refract_test_missing_${process.pid}`
    const url = urlOf(address => {
      address.pathname = `/${name}`
    })
    await expect(open(url, { createIfMissing: false })).rejects.toThrow(`has no database "${name}"`)
    const database = await open(url)
    expect(database.kind).toBe('server')
    expect(await database.query('SELECT current_database() AS name')).toEqual([{ name }])
    await database.close()
    const administrator = new pg.Client(testServerUrl())
    await administrator.connect()
    await administrator.query(`DROP DATABASE "${name}"`)
    await administrator.end()
  })

  it('says that the sign-in is refused', async () => {
    const url = urlOf(address => {
      address.username = 'no_such_user'
      address.password = 'secret'
    })
    const failure = await open(url).catch(error => error)
    expect(failure.message).toMatch(/refused the sign-in of user "no_such_user"/)
    expect(failure.message).not.toContain('secret')
  })

  it('ping gives up in time on a server that hangs, and is right again when it answers', async () => {
    const { hostname, port } = new URL(testServerUrl())
    const link = await createLink(hostname, Number(port || 5432))
    const database = await open(
      urlOf(address => {
        address.host = `127.0.0.1:${link.port}`
      }),
    )
    onTestFinished(() => database.close())
    await database.ping(1_000)
    link.setHanging(true)
    await expect(database.ping(200)).rejects.toThrow(/200 ms|timeout/)
    link.setHanging(false)
    await expect(database.ping(5_000)).resolves.toBeUndefined()
  })
})

/** A connection to the server that can be made to hang. */
async function createLink(host: string, port: number) {
  const { connect } = await import('node:net')
  let isHanging = false
  const pairs: Socket[] = []
  const server = createServer(near => {
    const far = connect(port, host)
    pairs.push(near, far)
    near.on('data', data => isHanging || far.write(data))
    far.on('data', data => isHanging || near.write(data))
    near.on('close', () => far.destroy()).on('error', () => far.destroy())
    far.on('close', () => near.destroy()).on('error', () => near.destroy())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of pairs) socket.destroy()
    server.close()
  })
  const address = server.address()
  return {
    port: typeof address === 'object' ? address?.port : 0,
    setHanging(value: boolean) {
      isHanging = value
    },
  }
}

describe.runIf((await findDatabaseKinds()).includes('server'))('explainLostConnection', () => {
  const failureOf = async (sql: string) => {
    const client = new pg.Client(testServerUrl())
    client.on('error', () => undefined)
    await client.connect()
    const failure = await client.query(sql).catch((error: unknown) => error)
    await client.end().catch(() => undefined)
    return failure
  }
  const settings = parseDatabaseUrl(testServerUrl())

  it('says that the server has ended the connection', async () => {
    const failure = await failureOf('SELECT pg_terminate_backend(pg_backend_pid())')
    expect(explainLostConnection(failure, settings)?.message).toMatch(
      /^The database server at \S+ has ended the connection .*terminating connection.*\. Try again\.$/,
    )
  })

  it('has nothing to say of a statement that is wrong', async () => {
    expect(explainLostConnection(await failureOf('SELEC 1'), settings)).toBeUndefined()
  })

  it('knows a server that is starting up', () => {
    const failure = Object.assign(new Error('the database system is starting up'), { code: '57P03' })
    expect(explainLostConnection(failure, settings)?.message).toMatch(
      / is starting up or shutting down .*Wait for it/,
    )
  })
})
