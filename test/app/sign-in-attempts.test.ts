import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Passwords } from '../../src/app/auth/settings.ts'
import { createWorld, password, type SignInServer, type User, type World } from './sign-in-world.ts'

/** Hundreds of attempts are made here, and counting them does not depend on what one costs. */
const passwords: Passwords = {
  hash: async given => given,
  verify: async attempt => attempt.password === password,
}

describe('attempts at signing in', () => {
  let world: World
  let ann: User
  let bob: User

  beforeAll(async () => {
    world = await createWorld()
    ann = await world.createUser('Ann')
    bob = await world.createUser('Bob')
  })
  afterAll(() => world.close())

  const start = () => world.start({ settings: { passwords } })

  /** One mutation that signs in once for each of the accounts. */
  const signInAs = (emails: readonly string[], given = 'a wrong password') => {
    const fields = emails.map(
      (email, index) =>
        `a${index}: signIn(email: ${JSON.stringify(email)}, password: ${JSON.stringify(given)}) { viewer { id } errors { message } }`,
    )
    return `mutation { ${fields.join('\n')} }`
  }

  /** Tries the accounts one after another until one is refused: how many were tried, and why that one was not. */
  async function attack(server: SignInServer, emails: readonly string[], address?: string) {
    let tried = 0
    for (const email of emails) {
      const { body } = await server.browser(address).graphql(signInAs([email]))
      if (body.errors) return { tried, code: body.errors[0].extensions.code }
      tried += 1
    }
    return { tried, code: undefined }
  }

  const isBlocked = async (server: SignInServer, email: string, address?: string) => {
    const { body } = await server.browser(address).graphql(signInAs([email], password))
    return body.errors?.[0]?.extensions.code === 'RATE_LIMITED'
  }

  test('count one by one when a hundred come as aliases in one request', async () => {
    const server = await start()
    const { body } = await server.browser().graphql(signInAs(Array(100).fill(ann.email)))
    expect(body).toMatchObject({
      data: null,
      errors: [{ path: ['a10'], extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 900 } }],
    })
    expect(await isBlocked(server, ann.email)).toBe(true)
  })

  test('block an account for every address, also with the right password, and no other account', async () => {
    const server = await start()
    await server.browser('127.0.0.2').graphql(signInAs(Array(100).fill(ann.email)))
    expect(await isBlocked(server, ann.email, '127.0.0.3')).toBe(true)
    expect(await isBlocked(server, ann.email.toUpperCase(), '127.0.0.3')).toBe(true)
    expect(await isBlocked(server, ` ${ann.email}`, '127.0.0.3')).toBe(true)
    expect(await isBlocked(server, bob.email, '127.0.0.3')).toBe(false)
  })

  test('block an address that tries many accounts, and no other address', async () => {
    const server = await start()
    const emails = Array.from({ length: 60 }, (_, index) => `somebody-${index}@example.com`)
    expect(await attack(server, emails, '127.0.0.2')).toEqual({ tried: 50, code: 'RATE_LIMITED' })
    expect(await isBlocked(server, bob.email, '127.0.0.2')).toBe(true)
    expect(await isBlocked(server, bob.email, '127.0.0.3')).toBe(false)
  })

  test('count together, whether by GraphQL or by HTTP', async () => {
    const server = await start()
    for (let count = 0; count < 5; count += 1) {
      await server.browser().graphql(signInAs([ann.email]))
      const answer = await server
        .browser()
        .post('/sign-in/email', { email: ann.email, password: 'a wrong one' })
      expect(answer.status).toBe(401)
    }
    expect(await isBlocked(server, ann.email)).toBe(true)
    expect(await server.browser().post('/sign-in/email', { email: ann.email, password })).toMatchObject({
      status: 429,
      body: { errors: [{ extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 900 } }] },
    })
  })

  test('count for accounts that do not exist as for those that do', async () => {
    const server = await start()
    expect(await attack(server, Array(12).fill('nobody@example.com'))).toEqual({
      tried: 10,
      code: 'RATE_LIMITED',
    })
    expect(await attack(server, Array(12).fill(ann.email))).toEqual({ tried: 10, code: 'RATE_LIMITED' })
  })

  test('are forgotten for an account that signs in, and not for the address', async () => {
    const server = await start()
    for (let round = 0; round < 5; round += 1) {
      expect((await attack(server, Array(9).fill(bob.email))).tried).toBe(9)
      expect(await isBlocked(server, bob.email)).toBe(false)
    }
    expect(await isBlocked(server, ann.email)).toBe(true)
  })

  test('cannot be hidden behind a header that names another address', async () => {
    const server = await start()
    for (let count = 0; count < 10; count += 1) {
      const headers = { 'x-refract-address': `192.0.2.${count}`, 'X-Forwarded-For': `192.0.2.${count}` }
      const emails = Array.from({ length: 5 }, (_, index) => `hidden-${count}-${index}@example.com`)
      await server.browser().graphql(signInAs(emails), {}, headers)
    }
    expect(await isBlocked(server, ann.email)).toBe(true)
  })

  test('at signing up are limited by address', async () => {
    const server = await start()
    const signUp = (index: number) =>
      server.browser().post('/sign-up/email', {
        email: `new-${index}@example.com`,
        name: 'New',
        password: 'a long password',
      })
    const statuses = await Promise.all(Array.from({ length: 22 }, (_, index) => signUp(index)))
    expect(statuses.filter(({ status }) => status === 429)).toHaveLength(2)
  })

  test('at asking for mail are limited by account', async () => {
    const server = await start()
    const statuses: number[] = []
    for (let count = 0; count < 6; count += 1) {
      statuses.push((await server.browser().post('/request-password-reset', { email: bob.email })).status)
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429])
  })
})
