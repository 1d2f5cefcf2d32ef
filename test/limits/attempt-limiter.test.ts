import { describe, expect, it } from 'vitest'
import { createAttemptLimiter } from '../../src/limits/attempt-limiter.ts'

const refusal = { code: 'RATE_LIMITED', status: 429 }

describe('an attempt limiter', () => {
  it('refuses a key that has had all its attempts, and says for how long', async () => {
    const limiter = createAttemptLimiter({ name: 'a', attempts: 2, seconds: 60, blockSeconds: 600 })
    await limiter.consume(['one'])
    await limiter.consume(['one'])
    await expect(limiter.consume(['one'])).rejects.toMatchObject({
      ...refusal,
      details: { retryAfterSeconds: 600 },
    })
    await limiter.consume(['two'])
  })

  it('counts every key, also beside one that is blocked', async () => {
    const limiter = createAttemptLimiter({ name: 'b', attempts: 1, seconds: 60 })
    await limiter.consume(['one'])
    await expect(limiter.consume(['one', 'two'])).rejects.toMatchObject(refusal)
    await expect(limiter.consume(['two'])).rejects.toMatchObject(refusal)
  })

  it('forgets a key that is reset', async () => {
    const limiter = createAttemptLimiter({ name: 'c', attempts: 1, seconds: 60, blockSeconds: 600 })
    await limiter.consume(['one'])
    await expect(limiter.consume(['one'])).rejects.toMatchObject(refusal)
    await limiter.reset(['one'])
    await limiter.consume(['one'])
  })
})
