import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { countStatements } from '../../src/database/index.ts'
import { createExchange } from '../auth/auth-server.ts'
import { createWorld, password, type User, type World } from './sign-in-world.ts'

describe('the passwords and keys of the example', () => {
  let world: World
  let ann: User
  let bob: User

  beforeAll(async () => {
    world = await createWorld()
    ann = await world.createUser('Ann')
    bob = await world.createUser('Bob')
  })
  afterAll(() => world.close())

  const wrongCredentials = {
    viewer: null,
    errors: [
      {
        __typename: 'ValidationError',
        code: 'VALIDATION',
        message: 'The e-mail address or the password is wrong.',
        path: [],
      },
    ],
  }

  describe('a password', () => {
    test('is changed by who knows it, which ends the other sessions', async () => {
      const { browser } = await world.start()
      const fay = await world.createUser('Fay')
      const [here, there] = [browser(), browser()]
      await here.signIn(fay.email)
      await there.signIn(fay.email)
      const change = (currentPassword: string) =>
        here.post('/change-password', { currentPassword, newPassword: 'another password' })
      expect(await change('wrong password')).toMatchObject({
        status: 400,
        body: { code: 'INVALID_PASSWORD' },
      })
      expect((await change(password)).status).toBe(200)
      expect([await here.viewerId(), await there.viewerId()]).toEqual([fay.id, null])
      expect((await browser().signIn(fay.email)).body.data.signIn).toEqual(wrongCredentials)
      expect((await browser().signIn(fay.email, 'another password')).body.data.signIn.viewer.id).toBe(fay.id)
    })

    test('cannot be guessed by who has only the session', async () => {
      const { browser } = await world.start()
      const gus = await world.createUser('Gus')
      const here = browser()
      await here.signIn(gus.email)
      const guess = () =>
        here.post('/change-password', { currentPassword: 'wrong password', newPassword: 'another password' })
      for (let count = 0; count < 10; count += 1) expect((await guess()).status).toBe(400)
      expect(await guess()).toMatchObject({
        status: 429,
        body: { errors: [{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 900 } }] },
      })
    })

    test('is reset by a link that works once, which ends all sessions', async () => {
      const { browser, line } = await world.start()
      const hal = await world.createUser('Hal')
      const here = browser()
      await here.signIn(hal.email)
      const asked = await browser().post('/request-password-reset', { email: hal.email, redirectTo: '/new' })
      expect(asked.status).toBe(200)
      const mail = await line(/^Mail to hal@example\.com/)
      const token = /localhost:4000\/new\?token=(\w+) /.exec(mail)?.[1] ?? ''
      expect(
        await world.database.query('SELECT * FROM verifications WHERE identifier LIKE $1', [`%${token}%`]),
      ).toEqual([])

      const reset = (given: string) =>
        browser().post('/reset-password', { token: given, newPassword: 'a new password' })
      expect((await reset('nonsense')).status).toBe(400)
      expect((await reset(token)).status).toBe(200)
      expect((await reset(token)).status).toBe(400)
      expect(await here.viewerId()).toBeNull()
      expect((await browser().signIn(hal.email, 'a new password')).body.data.signIn.viewer.id).toBe(hal.id)
      expect((await browser().signIn(hal.email)).body.data.signIn).toEqual(wrongCredentials)
    })

    test('is asked for alike by who has an account and who has none', async () => {
      const { browser } = await world.start()
      const ask = async (email: string) => {
        const { status, body } = await browser().post('/request-password-reset', { email })
        return { status, body }
      }
      expect(await ask('nobody@example.com')).toEqual(await ask(bob.email))
    })

    test('cannot be reset where no mail can be sent, and the answer says so', async () => {
      const { browser } = await world.start({ isProduction: true })
      for (const email of [bob.email, 'nobody@example.com']) {
        const { status, body } = await browser().post('/request-password-reset', { email })
        expect({ status, body }).toMatchObject({ status: 501, body: { code: 'MAIL_NOT_CONFIGURED' } })
      }
    })
  })

  describe('an API key', () => {
    const create = async (server: Awaited<ReturnType<World['start']>>, user: User, more: object = {}) => {
      const owner = server.browser()
      await owner.signIn(user.email)
      const { body } = await owner.post('/api-key/create', { name: 'ci', ...more })
      const use = async (header = 'Authorization') =>
        await server
          .browser()
          .graphql(
            '{ viewer { id roles } }',
            {},
            { [header]: header === 'Authorization' ? `Bearer ${body.key}` : body.key },
          )
      return { owner, key: body as { id: string; key: string }, use }
    }

    test('stands for its owner, in either header, and is kept as a hash', async () => {
      const server = await world.start()
      const { key, use, owner } = await create(server, bob)
      expect(key.key).toMatch(/^refract_\w{64}$/)
      for (const header of ['Authorization', 'X-Api-Key']) {
        expect((await use(header)).body.data.viewer).toEqual({ id: bob.id, roles: ['member'] })
      }
      const [row] = await world.database.query('SELECT * FROM api_keys WHERE id = $1', [key.id])
      expect(JSON.stringify(row)).not.toContain(key.key.slice(12))
      expect(JSON.stringify((await owner.get('/api-key/list')).body)).not.toContain(key.key.slice(12))
    })

    test('costs one statement, and one more once a minute', async () => {
      const server = await world.start()
      const { key } = await create(server, bob)
      const identify = () =>
        countStatements(() => server.identify(createExchange({ Authorization: `Bearer ${key.key}` })))
      expect((await identify()).queries).toHaveLength(2)
      expect((await identify()).queries).toHaveLength(1)
    })

    test.each<[string, (id: string) => Promise<unknown>]>([
      ['disabled', id => world.client.apiKey.update({ where: { id }, data: { enabled: false } })],
      ['expired', id => world.client.apiKey.update({ where: { id }, data: { expiresAt: new Date(0) } })],
      ['deleted', id => world.client.apiKey.delete({ where: { id } })],
    ])('that is %s is refused', async (_name, change) => {
      const { key, use } = await create(await world.start(), bob)
      await change(key.id)
      expect(await use()).toMatchObject({
        status: 401,
        body: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
      })
    })

    test('is made and deleted by its owner only', async () => {
      const server = await world.start()
      const { key, owner, use } = await create(server, bob)
      expect((await server.browser().post('/api-key/create', { name: 'x' })).status).toBe(401)
      const stranger = server.browser()
      await stranger.signIn(ann.email)
      expect((await stranger.post('/api-key/delete', { keyId: key.id })).status).toBe(404)
      expect((await stranger.post('/api-key/create', { name: 'x', userId: bob.id })).status).toBe(401)
      expect((await stranger.post('/api-key/delete', { keyId: 'no uuid' })).status).toBe(400)
      expect((await use()).status).toBe(200)
      expect((await owner.post('/api-key/delete', { keyId: key.id })).status).toBe(200)
      expect((await use()).status).toBe(401)
    })
  })
})
