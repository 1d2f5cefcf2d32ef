import { createHash } from 'node:crypto'
import { RefractError } from '../errors.ts'
import type { CounterStore } from './rate-limit/counter-store.ts'

export interface AttemptLimiter {
  /**
   * Counts one attempt for every key. Keys that are over count on.
   *
   * @throws RefractError RATE_LIMITED (details: retryAfterSeconds) where one of the keys has too many
   */
  consume(keys: readonly string[]): Promise<void>
  /** Forgets the attempts of the keys, after a success. */
  reset(keys: readonly string[]): Promise<void>
}

export interface AttemptLimiterOptions {
  /** Limiters of different names do not share their keys. */
  readonly name: string
  /** How many attempts a key has in a window. */
  readonly attempts: number
  /** The length of a window. */
  readonly seconds: number
  /** How long a key that has had more has to wait. Default: to the end of the window. */
  readonly blockSeconds?: number
}

export type CreateAttemptLimiter = (options: AttemptLimiterOptions) => AttemptLimiter

/**
 * Returns a function that makes limiters for what somebody could guess at: sign-ins, codes, invitations. Keys are what
 * the attempts have in common, such as an account and an address (`addressKey`); they are stored as digests only. How an
 * account is spelt is the caller's business.
 */
export function createAttemptLimiters(store: CounterStore): CreateAttemptLimiter {
  return ({ name, attempts, seconds, blockSeconds }) => {
    const counter = store.createCounter({
      name: `attempts:${name}`,
      points: attempts,
      seconds,
      ...(blockSeconds === undefined ? {} : { blockSeconds }),
    })
    return {
      async consume(keys) {
        const counts = await Promise.all(keys.map(key => counter.consume(digest(key), 1)))
        const refused = counts.filter(({ isAllowed }) => !isAllowed)
        if (refused.length > 0) refuse(Math.max(...refused.map(({ millisecondsLeft }) => millisecondsLeft)))
      },
      async reset(keys) {
        await Promise.all(keys.map(key => counter.forget(digest(key))))
      },
    }
  }
}

function digest(key: string): string {
  return createHash('sha256').update(key).digest('base64url')
}

function refuse(milliseconds: number): never {
  const retryAfterSeconds = Math.max(1, Math.ceil(milliseconds / 1_000))
  throw new RefractError(
    'RATE_LIMITED',
    `Too many attempts. The next one is possible in ${retryAfterSeconds} seconds.`,
    { retryAfterSeconds },
  )
}
