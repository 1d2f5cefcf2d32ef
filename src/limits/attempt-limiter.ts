import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { RefractError } from '../errors.ts'

export interface AttemptLimiterOptions {
  /** Tells the limiter from others that count the same keys. */
  readonly name: string
  /** How many attempts a key has. */
  readonly attempts: number
  /** How long they are counted, in seconds from the first one on. */
  readonly seconds: number
  /** How long a key that has had too many is blocked. Default: what is left of `seconds`. */
  readonly blockSeconds?: number
}

/** Counts attempts by who made them or what they are at. */
export interface AttemptLimiter {
  /**
   * Counts one attempt for each key.
   *
   * @throws RefractError RATE_LIMITED where a key has had too many; `details.retryAfterSeconds` says for how many seconds
   */
  consume(keys: readonly string[]): Promise<void>
  /** Forgets what was counted for the keys. */
  reset(keys: readonly string[]): Promise<void>
}

/** A limiter that counts in this process. */
export function createAttemptLimiter({
  name,
  attempts,
  seconds,
  blockSeconds = 0,
}: AttemptLimiterOptions): AttemptLimiter {
  const limiter = new RateLimiterMemory({
    keyPrefix: name,
    points: attempts,
    duration: seconds,
    blockDuration: blockSeconds,
  })
  return {
    consume: async keys => {
      // All are counted, also where the first one is blocked already.
      const outcomes = await Promise.allSettled(keys.map(key => limiter.consume(key)))
      const refusals = outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason] : []))
      const milliseconds = refusals.map(reason => {
        if (reason instanceof RateLimiterRes) return reason.msBeforeNext
        throw reason
      })
      if (milliseconds.length > 0) throw rateLimited(Math.ceil(Math.max(...milliseconds) / 1_000))
    },
    reset: async keys => {
      await Promise.all(keys.map(key => limiter.delete(key)))
    },
  }
}

function rateLimited(retryAfterSeconds: number): RefractError {
  return new RefractError(
    'RATE_LIMITED',
    `There were too many attempts. The next one can be made in ${retryAfterSeconds} seconds.`,
    { retryAfterSeconds },
  )
}
