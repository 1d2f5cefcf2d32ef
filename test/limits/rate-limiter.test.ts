import { describe, expect, it, onTestFinished } from 'vitest'
import {
  type CounterStore,
  createAttemptLimiters,
  createCounterStore,
  createRateLimiter,
} from '../../src/limits/index.ts'
import { createLog, silentLog } from '../../src/observe/log.ts'
import { captureLines } from '../server/test-server.ts'
import { hasRedis, startRedis } from '../support/redis.ts'

const kinds = hasRedis ? ['memory', 'redis'] : ['memory']

async function openStore(kind: string): Promise<CounterStore> {
  const redisUrl = kind === 'redis' ? (await startRedis()).url : undefined
  const store = await createCounterStore({ redisUrl, log: silentLog })
  onTestFinished(() => store.close())
  return store
}

describe.each(kinds)('a rate limiter that counts in %s', kind => {
  const open = async (points: number, seconds = 60) =>
    createRateLimiter({ store: await openStore(kind), points, seconds })

  it('lets a caller spend what a window has', async () => {
    const limiter = await open(100)
    expect(await limiter.spend('a', 60)).toEqual({
      isAllowed: true,
      limit: 100,
      remaining: 40,
      secondsLeft: expect.any(Number),
    })
    expect(await limiter.spend('a', 40)).toMatchObject({ isAllowed: true, remaining: 0 })
    const refused = await limiter.spend('a', 1)
    expect(refused).toMatchObject({ isAllowed: false, remaining: 0 })
    expect(refused.secondsLeft).toBeGreaterThan(55)
    expect(refused.secondsLeft).toBeLessThanOrEqual(60)
  })

  it('knows callers apart', async () => {
    const limiter = await open(10)
    expect(await limiter.spend('a', 11)).toMatchObject({ isAllowed: false })
    expect(await limiter.spend('b', 10)).toMatchObject({ isAllowed: true })
  })

  it('remembers whom it refused, without counting', async () => {
    const limiter = await open(10)
    expect(limiter.refusal('a')).toBeUndefined()
    await limiter.spend('a', 11)
    expect(limiter.refusal('a')).toMatchObject({ isAllowed: false, limit: 10, remaining: 0 })
    expect(limiter.refusal('b')).toBeUndefined()
  })

  it('begins a new window when the old one has ended', async () => {
    const limiter = await open(10, 1)
    await limiter.spend('a', 11)
    await expect.poll(() => limiter.refusal('a'), { timeout: 5_000 }).toBeUndefined()
    expect(await limiter.spend('a', 1)).toMatchObject({ isAllowed: true, remaining: 9 })
  })

  it('counts what comes at once one by one', async () => {
    const limiter = await open(50)
    const states = await Promise.all(Array.from({ length: 80 }, () => limiter.spend('a', 1)))
    expect(states.filter(({ isAllowed }) => isAllowed)).toHaveLength(50)
  })
})

describe.each(kinds)('an attempt limiter that counts in %s', kind => {
  const options = { name: 'sign-in', attempts: 5, seconds: 60, blockSeconds: 300 }
  const tooMany = { code: 'RATE_LIMITED', details: { retryAfterSeconds: expect.any(Number) } }

  it('refuses the attempt after the last', async () => {
    const limiter = createAttemptLimiters(await openStore(kind))(options)
    for (let attempt = 0; attempt < 5; attempt++) await limiter.consume(['ann', '203.0.113.7'])
    await expect(limiter.consume(['ann'])).rejects.toMatchObject(tooMany)
    await expect(limiter.consume(['bob', '203.0.113.7'])).rejects.toMatchObject(tooMany)
    await limiter.consume(['bob'])
  })

  it('blocks for the time of a block', async () => {
    const limiter = createAttemptLimiters(await openStore(kind))(options)
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => limiter.consume(['ann'])))
    const [reason] = outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason] : []))
    expect(reason.details.retryAfterSeconds).toBeGreaterThan(290)
    await expect(limiter.consume(['ann'])).rejects.toMatchObject(tooMany)
  })

  it('counts 100 attempts at once as 100 (attack: brute force by alias)', async () => {
    const limiter = createAttemptLimiters(await openStore(kind))(options)
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => limiter.consume(['ann'])))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
  })

  it('counts every key, also where one of them has too many', async () => {
    const limiter = createAttemptLimiters(await openStore(kind))({ ...options, attempts: 1 })
    await limiter.consume(['ann'])
    await expect(limiter.consume(['ann', 'address'])).rejects.toMatchObject(tooMany)
    await expect(limiter.consume(['address'])).rejects.toMatchObject(tooMany)
  })

  it('forgets the attempts of keys after a success', async () => {
    const limiter = createAttemptLimiters(await openStore(kind))({ ...options, attempts: 2 })
    await limiter.consume(['ann', 'address'])
    await limiter.consume(['ann', 'address'])
    await limiter.reset(['ann'])
    await limiter.consume(['ann'])
    await expect(limiter.consume(['address'])).rejects.toMatchObject(tooMany)
  })

  it('does not share its keys with one of another name', async () => {
    const create = createAttemptLimiters(await openStore(kind))
    await create({ ...options, attempts: 1 }).consume(['ann'])
    await create({ ...options, attempts: 1, name: 'codes' }).consume(['ann'])
  })
})

describe.runIf(hasRedis)('counting in Redis', () => {
  it('is for all processes together', async () => {
    const { url } = await startRedis()
    const [first, second] = await Promise.all(
      [1, 2].map(() => createCounterStore({ redisUrl: url, log: silentLog })),
    )
    onTestFinished(async () => {
      await first?.close()
      await second?.close()
    })
    if (!first || !second) throw new Error('expected two stores')
    const limit = { points: 10, seconds: 60 }
    await createRateLimiter({ store: first, ...limit }).spend('a', 8)
    expect(await createRateLimiter({ store: second, ...limit }).spend('a', 1)).toMatchObject({ remaining: 1 })
  })

  it('goes on in memory while Redis is away, and comes back by itself', async () => {
    const redis = await startRedis()
    const { destination, line, lines } = captureLines()
    const store = await createCounterStore({
      redisUrl: redis.url,
      log: createLog({ isProduction: true, destination }),
    })
    onTestFinished(() => store.close())
    const limiter = createRateLimiter({ store, points: 10, seconds: 60 })
    expect(await limiter.spend('a', 4)).toMatchObject({ remaining: 6 })
    await redis.stop()
    await line(/Redis is away/)
    // by itself: this process knows nothing of the four
    expect(await limiter.spend('a', 1)).toMatchObject({ isAllowed: true, remaining: 9 })
    expect(await limiter.spend('a', 10)).toMatchObject({ isAllowed: false })
    await redis.start()
    await line(/Redis is back/)
    expect(await limiter.spend('b', 1)).toMatchObject({ isAllowed: true, remaining: 9 })
    expect(lines.filter(text => text.includes('Redis is'))).toHaveLength(2)
  })

  it('waits for a Redis that hangs once, not at each request', async () => {
    const redis = await startRedis()
    const { destination, line } = captureLines()
    const store = await createCounterStore({
      redisUrl: redis.url,
      log: createLog({ isProduction: true, destination }),
    })
    onTestFinished(() => store.close())
    const limiter = createRateLimiter({ store, points: 100, seconds: 60 })
    await limiter.spend('a', 1)
    redis.signal('SIGSTOP')
    expect(await limiter.spend('a', 1)).toMatchObject({ isAllowed: true, remaining: 99 })
    const start = performance.now()
    for (let request = 0; request < 50; request++) await limiter.spend('a', 1)
    expect(performance.now() - start).toBeLessThan(250)
    redis.signal('SIGCONT')
    await line(/Redis is back/)
    // the one that it hung on was counted after all
    expect(await limiter.spend('a', 1)).toMatchObject({ remaining: 97 })
  })

  it('starts without a Redis that is not there', async () => {
    const { destination, line } = captureLines()
    const store = await createCounterStore({
      redisUrl: 'redis://127.0.0.1:1',
      log: createLog({ isProduction: true, destination }),
    })
    onTestFinished(() => store.close())
    await line(/Redis is away \(connect ECONNREFUSED/)
    const limiter = createRateLimiter({ store, points: 10, seconds: 60 })
    expect(await limiter.spend('a', 1)).toMatchObject({ isAllowed: true, remaining: 9 })
    const attempts = createAttemptLimiters(store)({ name: 'x', attempts: 1, seconds: 60 })
    await attempts.consume(['ann'])
    await attempts.reset(['ann'])
    await attempts.consume(['ann'])
    await expect(attempts.consume(['ann'])).rejects.toMatchObject({ code: 'RATE_LIMITED' })
  })
})
