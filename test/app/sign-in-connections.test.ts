import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { countStatements } from '../../src/database/index.ts'
import { openSocket } from '../server/sockets/socket-server.ts'
import {
  type Browser,
  createWorld,
  origin,
  type SignInServer,
  type User,
  type World,
} from './sign-in-world.ts'

describe('a connection of somebody who has signed in to the example', () => {
  let world: World
  let server: SignInServer
  let user: User
  let made = 0

  beforeAll(async () => {
    world = await createWorld()
  })
  afterAll(() => world.close())

  async function open(payload?: object) {
    server = await world.start()
    user = await world.createUser(`Person${++made}`)
    const browser = server.browser()
    await browser.signIn(user.email)
    return { browser, client: await connect(browser, payload) }
  }

  async function connect(browser: Browser, payload?: object) {
    const Cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const client = await openSocket(`${server.url.replace('http', 'ws')}/graphql`, {
      headers: payload ? {} : { Cookie, Origin: origin },
    })
    await client.init(payload)
    return client
  }

  async function createKey(browser: Browser): Promise<{ id: string; key: string }> {
    const { body } = await browser.post('/api-key/create', { name: 'ci' })
    return body
  }

  const endings: [how: string, end: (browser: Browser) => Promise<unknown>][] = [
    ['by the mutation', browser => browser.graphql('mutation { signOut { errors { message } } }')],
    ['by HTTP', browser => browser.post('/sign-out')],
    ['by being deleted', () => world.client.session.deleteMany({ where: { userId: user.id } })],
    [
      'by its time',
      () => world.client.session.updateMany({ where: { userId: user.id }, data: { expiresAt: new Date() } }),
    ],
  ]

  test.each(endings)('ends with the session: %s', async (_how, end) => {
    const { browser, client } = await open()
    await end(browser)
    expect((await client.closed).code).toBe(4401)
  })

  test('ends when the user is deactivated, and begins anew when the role changes', async () => {
    const deactivated = await open()
    await world.client.user.update({ where: { id: user.id }, data: { isActive: false } })
    expect((await deactivated.client.closed).code).toBe(4401)
    const promoted = await open()
    await world.client.user.update({ where: { id: user.id }, data: { role: 'ADMIN' } })
    expect((await promoted.client.closed).code).toBe(4403)
  })

  test('ends with its API key', async () => {
    const { browser, client } = await open()
    const key = await createKey(browser)
    const byKey = await connect(browser, { authorization: `Bearer ${key.key}` })
    const byHeader = await connect(browser, { 'x-api-key': key.key })
    await browser.post('/api-key/delete', { keyId: key.id })
    expect((await byKey.closed).code).toBe(4401)
    expect((await byHeader.closed).code).toBe(4401)
    expect(client.socket.readyState).toBe(client.socket.OPEN)
  })

  test('is looked at with all others by one statement', async () => {
    const { browser } = await open()
    const { key } = await createKey(browser)
    const Cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const exchange = (headers: Record<string, string>) => ({
      requestId: 'test',
      requestHeaders: new Headers(headers),
      responseHeaders: new Headers(),
      address: '127.0.0.1',
    })
    const credentials = [
      { http: exchange({ Cookie }) },
      { http: exchange({}), token: key },
      { http: exchange({ Cookie }) },
      { http: exchange({ Cookie: 'refract.session_token=forged.signature' }) },
      { http: exchange({}), token: 'refract_nothing' },
    ]
    const { result, statements } = await countStatements(async () => server.provider.recheck?.(credentials))
    const viewer = { id: user.id, roles: ['member'], isAdministrator: false, claims: {} }
    expect(result).toEqual([viewer, viewer, viewer, null, null])
    expect(statements).toHaveLength(1)
  })
})
