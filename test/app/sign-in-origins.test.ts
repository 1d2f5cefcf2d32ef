import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PrismaClient } from '../../.refract/generated/client/client.ts'
import { createClient } from '../../src/database/index.ts'
import { createWorld, password, signInMutation, type User, type World } from './sign-in-world.ts'

describe('signing in from elsewhere', () => {
  let world: World
  let bob: User

  beforeAll(async () => {
    world = await createWorld()
    bob = await world.createUser('Bob')
  })
  afterAll(() => world.close())

  describe('social sign-in', () => {
    const ask = async (settings: object) =>
      (await world.start({ settings }))
        .browser()
        .post('/sign-in/social', { provider: 'github', callbackURL: '/' })

    test('is there where it is configured', async () => {
      const { status, body } = await ask({ github: { clientId: 'our-id', clientSecret: 'our-secret' } })
      expect(status).toBe(200)
      const url = new URL(body.url)
      expect(url.origin).toBe('https://github.com')
      expect(Object.fromEntries(url.searchParams)).toMatchObject({
        client_id: 'our-id',
        redirect_uri: 'http://localhost:4000/api/auth/callback/github',
        state: expect.any(String),
      })
      expect(body.url).not.toContain('our-secret')
    })

    test('is not there where it is not', async () => {
      expect((await ask({})).status).toBe(404)
    })
  })

  describe('a page of another origin', () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const evil = { Origin: 'https://evil.example.com' }

    test.each<[string, number, string, string | undefined, Record<string, string>]>([
      ['signs nobody out', 403, '/api/auth/sign-out', '{}', { ...evil, 'Content-Type': 'application/json' }],
      [
        'makes no key',
        403,
        '/api/auth/api-key/create',
        '{"name":"x"}',
        { ...evil, 'Content-Type': 'application/json' },
      ],
      ['sends no form', 415, '/api/auth/sign-out', 'a=b', { ...evil, ...form }],
      ['sends no plain text', 415, '/api/auth/sign-out', '{}', { ...evil, 'Content-Type': 'text/plain' }],
      ['sends nothing without a type', 415, '/api/auth/api-key/create', '{"name":"x"}', evil],
      ['sends no form of our own origin', 415, '/api/auth/sign-in/email', 'email=ann', form],
      [
        'has no session by an origin that is null',
        403,
        '/api/auth/sign-out',
        '{}',
        { Origin: 'null', 'Content-Type': 'application/json' },
      ],
      [
        'sends no mutation as a form',
        403,
        '/graphql',
        'query=mutation{signOut{errors{message}}}',
        { ...evil, ...form },
      ],
      [
        'sends no mutation as plain text',
        403,
        '/graphql',
        '{"query":"mutation{signOut{errors{message}}}"}',
        { ...evil, 'Content-Type': 'text/plain' },
      ],
    ])('%s', async (_name, status, path, body, headers) => {
      const browser = (await world.start()).browser()
      await browser.signIn(bob.email)
      const keys = await world.client.apiKey.count()
      const answer = await browser.request('POST', path, body, headers)
      expect(answer.status).toBe(status)
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
      expect(await browser.viewerId()).toBe(bob.id)
      expect(await world.client.apiKey.count()).toBe(keys)
    })

    test('signs nobody out by a link', async () => {
      const browser = (await world.start()).browser()
      await browser.signIn(bob.email)
      expect((await browser.request('GET', '/api/auth/sign-out')).status).toBe(404)
      const mutation = encodeURIComponent('mutation{signOut{errors{message}}}')
      expect((await browser.request('GET', `/graphql?query=${mutation}`)).status).toBe(403)
      expect(await browser.viewerId()).toBe(bob.id)
    })

    test('that is trusted may', async () => {
      const browser = (await world.start()).browser()
      await browser.signIn(bob.email)
      const headers = { Origin: 'https://app.example.com', 'Content-Type': 'application/json' }
      expect((await browser.request('POST', '/api/auth/sign-out', '{}', headers)).status).toBe(200)
      expect(await browser.viewerId()).toBeNull()
    })
  })

  describe('without its database', () => {
    test('is unavailable, and never signs anybody out or calls a password wrong', async () => {
      const browser = (await world.start()).browser()
      await browser.signIn(bob.email)
      const broken = createClient(
        { ...world.opened, poolConfig: { ...world.opened.poolConfig, port: 1 } },
        PrismaClient,
      )
      const away = (await world.start({ client: broken, isProduction: false })).browser()
      for (const [name, value] of browser.cookies) away.cookies.set(name, value)
      const answers = [
        await away.graphql('{ viewer { id } }'),
        await away.get('/get-session'),
        await away.post('/sign-out'),
        await away.post('/change-password', { currentPassword: password, newPassword: 'another password' }),
        await away.post('/sign-in/email', { email: bob.email, password }),
        await away.graphql('{ viewer { id } }', {}, { 'X-Api-Key': 'refract_x' }),
      ]
      for (const { status, body, headers } of answers) {
        expect({ status, body }).toMatchObject({
          status: 503,
          body: { errors: [{ extensions: { code: 'UNAVAILABLE' } }] },
        })
        expect(headers.getSetCookie()).toEqual([])
      }
      away.cookies.clear()
      const signIn = await away.graphql(signInMutation, { email: bob.email, password })
      expect(signIn.body.errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }])
      const newcomer = { email: 'new@example.com', password, name: 'New' }
      expect((await away.post('/sign-up/email', newcomer)).status).toBe(503)
      await broken.$disconnect()
    })
  })
})
