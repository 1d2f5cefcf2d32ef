import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { graphql } from 'graphql'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { readSignInSettings } from '../../src/app/auth/settings.ts'
import { createTestEngine } from '../support/engine.ts'
import { createWorld, password, type World } from './sign-in-world.ts'

describe("the example's sign-in as a provider", () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld()
  })
  afterAll(() => world.close())

  test('lists who may sign in, the oldest first, for the menu of GraphiQL', async () => {
    const { provider } = await world.start()
    const ann = await world.createUser('Ann', { role: 'ADMIN' })
    const bob = await world.createUser('Bob')
    const gone = await world.createUser('Gone', { isActive: false })
    expect(await provider.developmentViewers?.()).toEqual([
      { id: ann.id, label: 'Ann – admin' },
      { id: bob.id, label: 'Bob – member' },
    ])
    expect(await provider.viewerOf?.(ann.id)).toEqual({
      id: ann.id,
      roles: ['admin'],
      isAdministrator: false,
      claims: {},
    })
    expect(await provider.viewerOf?.(gone.id)).toBeNull()
    expect(await provider.viewerOf?.('00000000-0000-7000-8000-000000000000')).toBeNull()
  })

  test('gives an administrator another password, which ends the sessions', async () => {
    const { browser, provider } = await world.start()
    const carl = await world.createUser('Carl')
    const here = browser()
    await here.signIn(carl.email)
    const created = await provider.createAdministrator?.({
      email: 'CARL@example.com ',
      name: '',
      password: 'another password',
    })
    expect(created).toEqual({ id: carl.id, isNew: false })
    expect(await here.viewerId()).toBeNull()
    expect((await here.signIn(carl.email, 'another password')).body.data.signIn.viewer.roles).toEqual([
      'admin',
    ])
  })

  test('posts mail to the webhook, and answers alike when that fails', async () => {
    const received: unknown[] = []
    const hook = createServer(async (request, response) => {
      let text = ''
      for await (const chunk of request) text += chunk
      received.push(JSON.parse(text))
      response.writeHead(received.length === 1 ? 200 : 500).end()
    })
    await new Promise<void>(resolve => hook.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      hook.close()
    })
    const mailWebhook = new URL(`http://127.0.0.1:${(hook.address() as AddressInfo).port}/send`)
    const dora = await world.createUser('Dora')
    const { browser, line, lines } = await world.start({ isProduction: true, settings: { mailWebhook } })
    const redirectTo = 'https://app.example.com/new-password?lang=en'
    const ask = () => browser().post('/request-password-reset', { email: dora.email, redirectTo })
    expect((await ask()).status).toBe(200)
    await expect.poll(() => received).toHaveLength(1)
    expect(received[0]).toEqual({
      to: 'dora@example.com',
      subject: 'A new password',
      text: expect.stringMatching(
        /^To choose a new password, open https:\/\/app\.example\.com\/new-password\?lang=en&token=\w{24} within an hour\./,
      ),
    })
    expect((await ask()).status).toBe(200)
    await line(/A message could not be sent: The mail webhook answered 500; expected 2xx\./)
    expect(lines.join('\n')).not.toMatch(/token|new-password/)
  })

  test('logs no password, token or key', async () => {
    const { browser, lines } = await world.start({ isProduction: true })
    const eve = await world.createUser('Eve')
    const here = browser()
    await here.signIn(eve.email, 'a wrong password')
    await here.signIn(eve.email)
    const { key } = (await here.post('/api-key/create', { name: 'x' })).body
    await here.graphql('{ viewer { id } }', {}, { 'X-Api-Key': key })
    await here.graphql('{ viewer { id } }', {}, { 'X-Api-Key': `${key}x` })
    const [[, cookie = ''] = []] = here.cookies
    const text = lines.join('\n')
    expect(lines.length).toBeGreaterThan(4)
    for (const secret of [password, 'a wrong password', key, cookie, decodeURIComponent(cookie)]) {
      expect(text).not.toContain(secret)
    }
  })
})

describe('the mutations without a sign-in', () => {
  test('say so', async () => {
    const api = await createTestEngine()
    const { errors } = await graphql({
      schema: api.engine.schema,
      source: 'mutation { signIn(email: "a@b.c", password: "x") { errors { message } } }',
      contextValue: api.engine.createContext(),
    })
    expect(errors?.[0]?.originalError).toMatchObject({ code: 'UNAVAILABLE' })
    await api.close()
  })
})

describe('the settings of the sign-in', () => {
  test('are none by default', () => {
    expect(readSignInSettings({})).toEqual({ google: undefined, github: undefined, mailWebhook: undefined })
  })

  test('turn a provider on by a pair', () => {
    const pair = { GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret', GOOGLE_CLIENT_ID: '' }
    expect(readSignInSettings(pair)).toMatchObject({
      github: { clientId: 'id', clientSecret: 'secret' },
      google: undefined,
    })
  })

  test.each([
    [{ GOOGLE_CLIENT_ID: 'id' }, 'Expected both GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET, or neither'],
    [{ MAIL_WEBHOOK_URL: 'mail.example.com' }, 'Expected MAIL_WEBHOOK_URL to be an address'],
  ])('refuse %j', (environment, message) => {
    expect(() => readSignInSettings(environment)).toThrow(message)
  })
})
