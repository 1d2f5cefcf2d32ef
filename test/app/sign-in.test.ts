import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { countStatements } from '../../src/database/index.ts'
import { createExchange } from '../auth/auth-server.ts'
import { adminSecret, createWorld, password, type User, type World } from './sign-in-world.ts'

describe('signing in to the example', () => {
  let world: World
  let ann: User
  let bob: User

  beforeAll(async () => {
    world = await createWorld()
    ann = await world.createUser('Ann', { role: 'ADMIN' })
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

  describe('with a password', () => {
    test('sets a cookie that scripts cannot read and other sites do not send', async () => {
      const browser = (await world.start()).browser()
      const { body, headers } = await browser.signIn(ann.email)
      expect(body.data.signIn).toEqual({
        viewer: { id: ann.id, roles: ['admin'], isAdministrator: false },
        errors: [],
      })
      expect(headers.getSetCookie()).toEqual([
        expect.stringMatching(
          /^refract\.session_token=[\w.%]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
        ),
      ])
      expect(await browser.viewerId()).toBe(ann.id)
    })

    test('sends the cookie over TLS only in production', async () => {
      const browser = (await world.start({ isProduction: true })).browser()
      const { headers } = await browser.signIn(ann.email)
      expect(headers.getSetCookie()).toEqual([
        expect.stringMatching(
          /^__Secure-refract\.session_token=[\w.%]+; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
        ),
      ])
      expect(await browser.viewerId()).toBe(ann.id)
    })

    test('works the same by HTTP, and both cookies for both', async () => {
      const browser = (await world.start()).browser()
      const answer = await browser.post('/sign-in/email', { email: 'ANN@example.com', password })
      expect(answer).toMatchObject({ status: 200, body: { user: { id: ann.id } } })
      const query = '{ viewer { id roles isAdministrator user { email } } }'
      expect((await browser.graphql(query)).body.data.viewer).toEqual({
        id: ann.id,
        roles: ['admin'],
        isAdministrator: false,
        user: { email: ann.email },
      })
      expect((await browser.get('/get-session')).body.user.id).toBe(ann.id)
    })

    test('answers an unknown account, a wrong password and an account without one alike', async () => {
      const { browser } = await world.start()
      const social = await world.createUser('Sol')
      await world.client.account.deleteMany({ where: { userId: social.id } })
      const answers = [
        await browser().signIn('nobody@example.com'),
        await browser().signIn(ann.email, 'not the password'),
        await browser().signIn(social.email),
      ]
      for (const { body, status, headers } of answers) {
        expect({ body, status }).toEqual({ status: 200, body: { data: { signIn: wrongCredentials } } })
        expect(headers.getSetCookie()).toEqual([])
      }
    })

    test('says what an e-mail address and a password look like', async () => {
      const browser = (await world.start()).browser()
      expect((await browser.signIn('ann')).body.data.signIn.errors).toMatchObject([{ path: ['email'] }])
      expect((await browser.signIn(ann.email, 'x'.repeat(129))).body.data.signIn.errors).toMatchObject([
        { path: ['password'] },
      ])
    })
  })

  describe('signing up', () => {
    const signUp = `mutation ($email: String!, $password: String!, $name: String!) {
      signUp(email: $email, password: $password, name: $name) {
        viewer { id roles }
        errors { __typename message path ... on UniqueError { fields } }
      }
    }`

    test('makes a member with a handle of the name, and signs her in', async () => {
      const browser = (await world.start()).browser()
      const variables = { email: 'Zoe@Example.com', password: 'a long password', name: 'Zoë  O’Brien' }
      const { viewer, errors } = (await browser.graphql(signUp, variables)).body.data.signUp
      expect(errors).toEqual([])
      expect(viewer.roles).toEqual(['member'])
      const seen = await browser.graphql('{ viewer { user { email name handle role } } }')
      expect(seen.body.data.viewer).toEqual({
        user: { email: 'zoe@example.com', name: 'Zoë  O’Brien', handle: 'zoe-o-brien', role: 'MEMBER' },
      })
      expect(await browser.viewerId()).toBe(viewer.id)
      expect(viewer.id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7/)
    })

    test('finds another handle where one is taken, and one where a name has no letters of ours', async () => {
      const { browser } = await world.start()
      const handleOf = async (email: string, name: string) => {
        const person = browser()
        await person.graphql(signUp, { email, name, password: 'a long password' })
        return (await person.graphql('{ viewer { user { handle } } }')).body.data.viewer.user.handle
      }
      expect(await handleOf('ann2@example.com', 'Ann')).toMatch(/^ann-[a-z0-9]{6}$/)
      expect(await handleOf('taro.yamada@example.com', '山田太郎')).toBe('taro-yamada')
      expect(await handleOf('---@example.com', '…')).toBe('user')
    })

    test('at once with the same address makes one user', async () => {
      const { browser } = await world.start()
      const variables = { email: 'twins@example.com', password: 'a long password', name: 'Twins' }
      const answers = await Promise.all(
        Array.from({ length: 5 }, async () => (await browser().graphql(signUp, variables)).body),
      )
      const outcomes = answers.map(({ data }) => data.signUp)
      expect(outcomes.filter(({ viewer }) => viewer !== null)).toHaveLength(1)
      expect(outcomes.filter(({ errors }) => errors.length === 1)).toHaveLength(4)
      expect(await world.client.user.count({ where: { email: variables.email } })).toBe(1)
    })

    test.each([
      [{ email: 'ann@example.com' }, 'UniqueError', ['email']],
      [{ email: 'ANN@example.com' }, 'UniqueError', ['email']],
      [{ email: 'not an address' }, 'ValidationError', ['email']],
      [{ password: 'nine char' }, 'ValidationError', ['password']],
      [{ password: '' }, 'ValidationError', ['password']],
      [{ name: ' \n' }, 'ValidationError', ['name']],
      [{ name: 'x'.repeat(201) }, 'ValidationError', ['name']],
    ])('refuses %j', async (wrong, __typename, path) => {
      const browser = (await world.start()).browser()
      const right = { email: 'carl@example.com', password: 'a long password', name: 'Carl' }
      const { body, headers } = await browser.graphql(signUp, { ...right, ...wrong })
      expect(body.data.signUp).toMatchObject({ viewer: null, errors: [{ __typename, path }] })
      expect(headers.getSetCookie()).toEqual([])
      expect(await world.client.user.count({ where: { email: right.email } })).toBe(0)
    })

    test.each([
      ['role', 'ADMIN'],
      ['isActive', true],
      ['handle', 'mine'],
      ['emailVerified', true],
    ])('lets nobody choose %s', async (field, value) => {
      const browser = (await world.start()).browser()
      const email = `${field.toLowerCase()}@example.com`
      const body = { email, password: 'a long password', name: 'Eve', [field]: value }
      const signedUp = await browser.post('/sign-up/email', body)
      expect([200, 400]).toContain(signedUp.status)
      if (signedUp.status === 400) await browser.post('/sign-up/email', { ...body, [field]: undefined })
      await browser.post('/update-user', { [field]: value })
      await browser.post('/update-user', { name: 'Eve', [field]: value })
      const user = await world.client.user.findUniqueOrThrow({ where: { email } })
      expect(user).toMatchObject({ role: 'MEMBER', emailVerified: false, isActive: true })
      expect(user.handle).toMatch(/^eve/)
    })
  })

  describe('signing out', () => {
    const signOut =
      'mutation ($everywhere: Boolean) { signOut(everywhere: $everywhere) { errors { message } } }'

    test('ends this session, whose cookie is worth nothing afterwards', async () => {
      const { browser } = await world.start()
      const [here, there] = [browser(), browser()]
      await here.signIn(bob.email)
      await there.signIn(bob.email)
      const cookies = new Map(here.cookies)
      expect((await here.graphql(signOut)).body.data.signOut).toEqual({ errors: [] })
      expect(here.cookies.size).toBe(0)
      for (const [name, value] of cookies) here.cookies.set(name, value)
      expect([await here.viewerId(), await there.viewerId()]).toEqual([null, bob.id])
    })

    test('everywhere ends all sessions', async () => {
      const { browser } = await world.start()
      const [here, there] = [browser(), browser()]
      await here.signIn(bob.email)
      await there.signIn(bob.email)
      await here.graphql(signOut, { everywhere: true })
      expect([await here.viewerId(), await there.viewerId()]).toEqual([null, null])
      expect(await world.client.session.count({ where: { userId: bob.id } })).toBe(0)
    })

    test('is done where nobody is signed in', async () => {
      const browser = (await world.start()).browser()
      expect((await browser.graphql(signOut, { everywhere: true })).body.data.signOut).toEqual({ errors: [] })
    })
  })

  describe('a session', () => {
    test.each([
      ['a signature that is wrong', (value: string) => `${value.slice(0, -8)}AAAAA%3D`],
      ['no signature', (value: string) => value.split('.')[0] ?? ''],
      ['nonsense', () => 'nonsense'],
    ])('with %s is none, and the cookie is taken away', async (_name, change) => {
      const browser = (await world.start()).browser()
      await browser.signIn(bob.email)
      const [[name, value] = ['', '']] = browser.cookies
      browser.cookies.set(name, change(value))
      const { body, headers, status } = await browser.graphql('{ viewer { id } }')
      expect({ status, body }).toEqual({ status: 200, body: { data: { viewer: { id: null } } } })
      expect(headers.getSetCookie().join()).toContain('refract.session_token=; Max-Age=0')
      expect(browser.cookies.size).toBe(0)
    })

    test('that has expired is none', async () => {
      const browser = (await world.start()).browser()
      await browser.signIn(bob.email)
      await world.client.session.updateMany({
        where: { userId: bob.id },
        data: { expiresAt: new Date(Date.now() - 1_000) },
      })
      expect(await browser.viewerId()).toBeNull()
      expect(browser.cookies.size).toBe(0)
    })

    test('is prolonged once a day by using it', async () => {
      const browser = (await world.start()).browser()
      await browser.signIn(bob.email)
      const inFiveDays = new Date(Date.now() + 5 * 86_400_000)
      await world.client.session.updateMany({ where: { userId: bob.id }, data: { expiresAt: inFiveDays } })
      const { headers } = await browser.graphql('{ viewer { id } }')
      expect(headers.getSetCookie()).toEqual([expect.stringContaining('Max-Age=604800')])
      const sessions = await world.client.session.findMany({ where: { userId: bob.id } })
      for (const { expiresAt } of sessions) expect(expiresAt.getTime()).toBeGreaterThan(inFiveDays.getTime())
    })

    test('costs one statement, and none where there is no cookie', async () => {
      const { browser, identify } = await world.start()
      const ours = browser()
      await ours.signIn(bob.email)
      const Cookie = [...ours.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const signedIn = await countStatements(() => identify(createExchange({ Cookie })))
      expect(signedIn.result.viewer.id).toBe(bob.id)
      expect(signedIn.statements.map(({ sql }) => sql)).toEqual([
        expect.stringMatching(/FROM "public"."sessions".*LATERAL.*"public"."users"/s),
      ])
      const free: Record<string, string>[] = [
        {},
        { Cookie: 'theme=dark' },
        { 'x-refract-admin-secret': adminSecret },
      ]
      for (const headers of free) {
        const { statements } = await countStatements(() => identify(createExchange(headers)))
        expect(statements).toEqual([])
      }
    })
  })

  describe('somebody who is deactivated', () => {
    test('is signed out everywhere at once, and cannot sign in again', async () => {
      const { browser } = await world.start()
      const dora = await world.createUser('Dora')
      const here = browser()
      await here.signIn(dora.email)
      const key = (await here.post('/api-key/create', { name: 'laptop' })).body.key
      const asKey = () => browser().graphql('{ viewer { id } }', {}, { 'X-Api-Key': key })
      expect((await asKey()).body.data.viewer.id).toBe(dora.id)

      await world.database.query('UPDATE users SET is_active = false WHERE id = $1', [dora.id])
      expect(await world.client.session.count({ where: { userId: dora.id } })).toBe(0)
      expect((await here.get('/get-session')).body).toBeNull()
      expect(await here.viewerId()).toBeNull()
      expect((await asKey()).status).toBe(401)
      const again = await here.signIn(dora.email)
      expect(again.body.data.signIn).toMatchObject({
        viewer: null,
        errors: [{ message: 'This account has been deactivated.' }],
      })
      expect((await here.signIn(dora.email, 'wrong password')).body.data.signIn).toEqual(wrongCredentials)
      expect((await here.post('/sign-in/email', { email: dora.email, password })).status).toBe(403)
      expect(await world.client.session.count({ where: { userId: dora.id } })).toBe(0)
    })

    test('has no session of one that was made at that moment', async () => {
      const { browser } = await world.start()
      const eric = await world.createUser('Eric')
      const here = browser()
      await here.signIn(eric.email)
      // As if the session had been written after the trigger ran.
      await world.database.query('ALTER TABLE users DISABLE TRIGGER user_deactivated')
      await world.database.query('UPDATE users SET is_active = false WHERE id = $1', [eric.id])
      await world.database.query('ALTER TABLE users ENABLE TRIGGER user_deactivated')
      expect(await here.viewerId()).toBeNull()
      expect(here.cookies.size).toBe(0)
    })
  })
})
