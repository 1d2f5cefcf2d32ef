import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import {
  type AuthProvider,
  createAdminSecretIdentifier,
  createIdentify,
  createJwtIdentifier,
} from '../../../src/auth/index.ts'
import type { Viewer } from '../../../src/engine/index.ts'
import { silentLog } from '../../../src/observe/log.ts'
import { createAttemptLimiter } from '../../support/attempt-limiter.ts'
import { openSocket, type RawClient, type SocketServer, startSocketServer } from './socket-server.ts'

const secret = 'a-secret-of-the-tests-that-is-long-enough'
const adminSecret = 'the-operators'

/** Who has which token, and may go on. Changed by tests. */
function createPeople() {
  const people = new Map<string, Partial<Viewer>>([
    ['ann', { id: 'ann', roles: ['member'] }],
    ['bob', { id: 'bob', roles: ['member'] }],
  ])
  const asked: number[] = []
  const find = (name: string | undefined) => people.get(name ?? '') ?? null
  const provider: AuthProvider = {
    identify: async ({ requestHeaders }) =>
      find(/session=(\w+)/.exec(requestHeaders.get('cookie') ?? '')?.[1]),
    identifyToken: async token => find(token),
    recheck: async credentials => {
      asked.push(credentials.length)
      return credentials.map(({ token, http }) =>
        find(token ?? /session=(\w+)/.exec(http.requestHeaders.get('cookie') ?? '')?.[1]),
      )
    },
  }
  return { people, provider, asked }
}

interface AuthOptions {
  readonly provider?: AuthProvider
  readonly credentialMilliseconds?: number
}

async function startServer({
  provider,
  credentialMilliseconds = 60_000,
}: AuthOptions = {}): Promise<SocketServer> {
  const identify = createIdentify({
    identifyAdministrator: createAdminSecretIdentifier({ secret: adminSecret, createAttemptLimiter }),
    identifyJwt: await createJwtIdentifier(
      { secret, algorithms: ['HS256'], issuer: 'tests', audience: 'api' },
      silentLog,
    ),
    provider,
  })
  return await startSocketServer({
    identify,
    recheck: provider?.recheck,
    isCostAnnounced: false,
    connections: { credentialMilliseconds },
  })
}

async function sign(secondsLeft: number): Promise<string> {
  return await new SignJWT({ sub: 'john' })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('tests')
    .setAudience('api')
    .setExpirationTime(Math.floor(Date.now() / 1_000) + secondsLeft)
    .sign(new TextEncoder().encode(secret))
}

async function viewerOf(client: RawClient): Promise<unknown> {
  client.send({ id: 'who', type: 'subscribe', payload: { query: '{ viewer }' } })
  const { payload } = await client.message({ type: 'next', id: 'who' })
  return (payload as { data: { viewer: unknown } }).data.viewer
}

/** A socket with an open subscription. */
async function openSubscription(server: SocketServer, headers: Record<string, string>, init?: unknown) {
  const client = await openSocket(server.socketUrl, { headers })
  await client.init(init)
  client.send({ id: '1', type: 'subscribe', payload: { query: 'subscription { events }' } })
  await server.events.until(1)
  return client
}

describe('who has opened a socket', () => {
  it('is told by its cookie, its headers or its connection_init, which comes first', async () => {
    const { provider } = createPeople()
    const { socketUrl } = await startServer({ provider })
    const cookie = { Cookie: 'session=ann' }
    const token = await sign(60)
    const cases: [headers: Record<string, string>, payload: unknown, viewer: string | null][] = [
      [{}, undefined, null],
      [{}, {}, null],
      [{}, { authorization: null, headers: null }, null],
      [cookie, undefined, 'ann'],
      [{ Authorization: 'Bearer bob' }, undefined, 'bob'],
      [cookie, { Authorization: 'Bearer bob' }, 'bob'],
      [cookie, { headers: { authorization: `Bearer ${token}` } }, 'john'],
      [{}, { 'X-API-Key': 'ann' }, 'ann'],
      [{ Authorization: 'Bearer ann' }, { headers: { AUTHORIZATION: 'Bearer bob' } }, 'bob'],
      // what else a payload says is no header
      [{}, { cookie: 'session=ann', headers: { cookie: 'session=ann' } }, null],
    ]
    for (const [headers, payload, viewer] of cases) {
      const client = await openSocket(socketUrl, { headers })
      await client.init(payload)
      expect(await viewerOf(client)).toBe(viewer)
    }
  })

  it('is an administrator by the operator’s secret', async () => {
    const { socketUrl } = await startServer()
    const client = await openSocket(socketUrl)
    await client.init({ 'x-refract-admin-secret': adminSecret })
    expect(await viewerOf(client)).toBeNull()
  })

  it.each([
    ['an unknown token', { authorization: 'Bearer nobody' }, 'The bearer token or API key is not right'],
    ['no token for a header', { authorization: 1 }, 'Expected authorization in connection_init to be a text'],
    ['a line break', { 'x-api-key': 'ann\r\nCookie: session=ann' }, 'Expected x-api-key in connection_init'],
    ['a wrong secret', { headers: { 'x-refract-admin-secret': 'guess' } }, 'The secret in the header'],
    [
      'a forged JWT',
      { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' },
      'The bearer token is no JSON Web Token',
    ],
  ])('is nobody with %s: 4401 (attack: WebSocket auth)', async (_what, payload, reason) => {
    const { provider } = createPeople()
    const { socketUrl } = await startServer({ provider })
    const client = await openSocket(socketUrl, { headers: { Cookie: 'session=ann' } })
    client.send({ type: 'connection_init', payload })
    expect(await client.closed).toEqual({ code: 4401, reason: expect.stringContaining(reason) })
    expect(client.messages).toEqual([])
  })

  it('runs nothing before that is known', async () => {
    const { provider } = createPeople()
    const { socketUrl, counted } = await startServer({ provider })
    const client = await openSocket(socketUrl, { headers: { Cookie: 'session=ann' } })
    client.send({ type: 'connection_init', payload: { authorization: 'Bearer nobody' } })
    client.send({ id: '1', type: 'subscribe', payload: { query: 'mutation { count }' } })
    expect((await client.closed).code).toBe(4401)
    expect([client.messages, counted()]).toEqual([[], 0])
  })

  it('is told why: 4401 with the reason, 1013 where nobody can say, 4500 without a word of the inside', async () => {
    const { provider } = createPeople()
    const refuse = (identifyToken: AuthProvider['identifyToken']) => ({ ...provider, identifyToken })
    const outage = Object.assign(new Error("Can't reach database at db:5432"), { code: 'P1001' })
    const cases: [AuthProvider, number, RegExp][] = [
      [provider, 4401, /^The bearer token or API key is not right/],
      [refuse(() => Promise.reject(outage)), 1013, /^The database cannot be reached/],
    ]
    for (const [each, code, reason] of cases) {
      const { socketUrl } = await startServer({ provider: each })
      const client = await openSocket(socketUrl)
      client.send({ type: 'connection_init', payload: { authorization: 'Bearer nobody' } })
      expect(await client.closed).toEqual({ code, reason: expect.stringMatching(reason) })
    }
    const { socketUrl } = await startSocketServer({
      isProduction: true,
      identify: () => Promise.reject(new TypeError('cannot read /srv/app/secret.ts')),
    })
    const client = await openSocket(socketUrl)
    client.send({ type: 'connection_init' })
    expect(await client.closed).toEqual({ code: 4500, reason: 'Internal server error' })
  })
})

describe('a socket ends', () => {
  it('when its token expires, within a second, and not with one that is good for a hundred years', async () => {
    const server = await startServer()
    const long = await openSocket(server.socketUrl)
    await long.init({ authorization: `Bearer ${await sign(3_000_000_000)}` })
    const expiresAt = (Math.floor(Date.now() / 1_000) + 2) * 1_000
    const client = await openSubscription(server, {}, { authorization: `Bearer ${await sign(2)}` })
    server.events.send('before')
    await client.message({ type: 'next' })
    const { code, reason } = await client.closed
    expect(code).toBe(4403)
    expect(reason).toContain('expired')
    const late = Date.now() - expiresAt
    expect(late).toBeGreaterThan(-1_100)
    expect(late).toBeLessThan(1_000)
    expect(server.events.readers).toBe(0)
    expect(await viewerOf(long)).toBe('john')
  })

  it.each([
    ['is signed out', 4401, undefined],
    ['has other roles', 4403, { id: 'ann', roles: ['member', 'lead'] }],
    ['is somebody else', 4403, { id: 'bob', roles: ['member'] }],
  ])(
    'when its viewer %s: %i, within a second and a bit, without another event',
    async (_what, code, becomes) => {
      const { people, provider } = createPeople()
      const server = await startServer({ provider })
      const client = await openSubscription(server, { Cookie: 'session=ann' })
      const byToken = await openSocket(server.socketUrl)
      await byToken.init({ 'x-api-key': 'ann' })
      const other = await openSocket(server.socketUrl)
      await other.init({ 'x-api-key': 'bob' })
      const startedAt = performance.now()
      if (becomes) people.set('ann', becomes)
      else people.delete('ann')
      expect((await client.closed).code).toBe(code)
      expect((await byToken.closed).code).toBe(code)
      expect(performance.now() - startedAt).toBeLessThan(1_500)
      expect(server.events.readers).toBe(0)
      expect(await viewerOf(other)).toBe('bob')
    },
  )

  it('without asking for each: all open credentials are looked at together', async () => {
    const { people, provider, asked } = createPeople()
    const server = await startServer({ provider })
    const clients = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const client = await openSocket(server.socketUrl, { headers: { Cookie: 'session=ann' } })
        await client.init()
        return client
      }),
    )
    await openSocket(server.socketUrl)
    people.delete('ann')
    await Promise.all(clients.map(client => client.closed))
    expect(asked.length).toBeLessThanOrEqual(2)
    expect(asked.at(-1)).toBe(50)
  })

  it('at the longest age where nobody can look at its credentials again', async () => {
    const { provider } = createPeople()
    const { recheck: _recheck, ...plain } = provider
    const server = await startServer({ provider: plain, credentialMilliseconds: 100 })
    const nobody = await openSocket(server.socketUrl)
    await nobody.init()
    const client = await openSubscription(server, { Cookie: 'session=ann' })
    expect((await client.closed).code).toBe(1013)
    expect(await viewerOf(nobody)).toBeNull()
  })
})
