import { describe, expect, it, onTestFinished } from 'vitest'
import { administrator, anonymous, createViewer, type Viewer } from '../../src/engine/index.ts'
import { RefractError } from '../../src/errors.ts'
import { parseAddressRanges } from '../../src/lib/ip-address.ts'
import { createAddressReader, createCounterStore, createRateLimiter } from '../../src/limits/index.ts'
import { silentLog } from '../../src/observe/log.ts'
import type { ServerOptions } from '../../src/server/index.ts'
import { graphqlFetch, readAnswer } from '../support/http.ts'
import { startTestServer } from './test-server.ts'

/** A server whose callers are who the header `X-User` says, and come from where `X-Forwarded-For` says. */
async function startLimited(points: number, options: Partial<ServerOptions> = {}) {
  const store = await createCounterStore({ log: silentLog })
  onTestFinished(() => store.close())
  return await startTestServer({
    rateLimiter: createRateLimiter({ store, points, seconds: 60 }),
    readAddress: createAddressReader({ trustedProxies: parseAddressRanges('loopback') ?? [] }),
    identify: async ({ requestHeaders }) => readViewer(requestHeaders.get('x-user')),
    ...options,
  })
}

function readViewer(name: string | null): Viewer {
  if (name === null) return anonymous
  if (name === 'admin') return administrator
  if (name === 'nobody') throw new RefractError('FORBIDDEN', 'This token is not known.')
  return createViewer({ id: name })
}

const from = (address: string) => ({ 'X-Forwarded-For': address })

describe('the rate limit', () => {
  it('is said in each answer', async () => {
    const { url } = await startLimited(100)
    await graphqlFetch(url, '{ hello }', {}, from('203.0.113.7'))
    const { headers } = await graphqlFetch(url, '{ hello a: hello b: hello }', {}, from('203.0.113.7'))
    expect(headers.get('ratelimit-limit')).toBe('100')
    expect(headers.get('ratelimit-remaining')).toBe('96')
    expect(Number(headers.get('ratelimit-reset'))).toBeGreaterThan(50)
    expect(headers.get('retry-after')).toBeNull()
  })

  it('answers a caller who has spent everything with 429, and says when to come again', async () => {
    const server = await startLimited(25)
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const headers = { ...from('203.0.113.7'), Accept: accept }
      // ten points each
      for (let request = 0; request < 2; request++)
        await graphqlFetch(server.url, 'mutation { count }', {}, headers)
      const refused = await graphqlFetch(server.url, 'mutation { count }', {}, headers)
      expect(refused.status).toBe(429)
      expect(refused.errors).toEqual([
        {
          message: expect.stringMatching(/^Too many requests: the 25 points .* in \d+ seconds\.$/),
          extensions: { code: 'RATE_LIMITED', retryAfterSeconds: expect.any(Number) },
        },
      ])
      expect(refused.headers.get('ratelimit-remaining')).toBe('0')
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(50)
    }
    expect(server.counted()).toBe(2)
  })

  it.each([
    ['that does not parse', '{'],
    ['that is not valid', '{ nothing }'],
    ['that is too long', `{ ${'hello '.repeat(20_000)} }`],
  ])('lets a document spend a point %s', async (_name, query) => {
    const { url } = await startLimited(2)
    const send = () => graphqlFetch(url, query, {}, from('203.0.113.7'))
    expect((await send()).headers.get('ratelimit-remaining')).toBe('1')
    await send()
    await send()
    expect((await send()).status).toBe(429)
  })

  it('lets a body that is none spend a point', async () => {
    const { url } = await startLimited(2)
    const send = async () =>
      readAnswer(
        await fetch(`${url}/graphql`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', ...from('203.0.113.7') },
          body: '{',
        }),
      )
    for (let request = 0; request < 3; request++) expect((await send()).status).toBe(400)
    expect((await send()).status).toBe(429)
  })

  it('is for a viewer, wherever the requests come from', async () => {
    const { url } = await startLimited(2)
    const send = (user: string, address: string) =>
      graphqlFetch(url, '{ hello }', {}, { 'X-User': user, ...from(address) })
    await send('ann', '203.0.113.1')
    await send('ann', '203.0.113.2')
    expect((await send('ann', '203.0.113.3')).status).toBe(429)
    expect((await send('bob', '203.0.113.3')).status).toBe(200)
  })

  it('is for an address, where nobody is signed in: one bucket for all of an IPv6 /64, however it is spelt (attack: rate-key bypass)', async () => {
    const { url } = await startLimited(3)
    const send = async (address: string) => (await graphqlFetch(url, '{ hello }', {}, from(address))).status
    expect(await send('2001:db8:1:2::1')).toBe(200)
    expect(await send('2001:DB8:1:2:0:0:0:2')).toBe(200)
    expect(await send('[2001:db8:1:2:aaaa:bbbb:cccc:dddd]:443')).toBe(200)
    expect(await send('2001:db8:1:2::4')).toBe(429)
    expect(await send('2001:db8:1:3::1')).toBe(200)
  })

  it('does not believe X-Forwarded-For of a peer that is not trusted (attack: rate-key bypass)', async () => {
    const { url } = await startLimited(2, { readAddress: createAddressReader() })
    const send = async (address: string) => (await graphqlFetch(url, '{ hello }', {}, from(address))).status
    expect(await send('203.0.113.1')).toBe(200)
    expect(await send('203.0.113.2')).toBe(200)
    expect(await send('203.0.113.3')).toBe(429)
  })

  it('is not for administrators', async () => {
    const { url } = await startLimited(1)
    for (let request = 0; request < 5; request++) {
      const answer = await graphqlFetch(url, '{ hello }', {}, { 'X-User': 'admin' })
      expect(answer.status).toBe(200)
      expect(answer.headers.get('ratelimit-limit')).toBeNull()
    }
  })

  it('counts credentials that are wrong for the address, and asks nobody about them any more', async () => {
    const { url } = await startLimited(2)
    const send = () => graphqlFetch(url, '{ hello }', {}, { 'X-User': 'nobody', ...from('203.0.113.7') })
    for (let request = 0; request < 3; request++) expect((await send()).status).toBe(403)
    expect((await send()).status).toBe(429)
    // somebody else behind the same address
    expect(
      (await graphqlFetch(url, '{ hello }', {}, { 'X-User': 'ann', ...from('203.0.113.7') })).status,
    ).toBe(200)
  })

  it('counts 100 fields of one request as 100 (attack: brute force by alias)', async () => {
    const server = await startLimited(500)
    const aliased = `mutation { ${Array.from({ length: 100 }, (_, index) => `a${index}: count`).join(' ')} }`
    expect((await graphqlFetch(server.url, aliased, {}, from('203.0.113.7'))).status).toBe(429)
    expect(server.counted()).toBe(0)
  })

  it('leaves the health checks alone', async () => {
    const { url } = await startLimited(1)
    await graphqlFetch(url, '{ hello a: hello }')
    for (let request = 0; request < 3; request++)
      expect((await fetch(`${url}/health/ready`)).status).toBe(200)
  })
})
