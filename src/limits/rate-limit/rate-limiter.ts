import { LRUCache } from 'lru-cache'
import { addressKey } from '../../lib/ip-address.ts'
import type { CounterStore } from './counter-store.ts'

export interface RateLimiterOptions {
  readonly store: CounterStore
  /** What a caller may spend in a window. */
  readonly points: number
  /** The length of a window. */
  readonly seconds: number
}

/** What a caller has left. */
export interface RateState {
  readonly isAllowed: boolean
  readonly limit: number
  readonly remaining: number
  /** Until the window ends; at least 1. */
  readonly secondsLeft: number
}

/** Limits what callers spend. */
export interface RateLimiter {
  /** Spends points, also those of a caller who has none left. */
  spend(key: string, points: number): Promise<RateState>
  /** The state of a caller who is known to have spent everything, without asking anybody; else undefined. */
  refusal(key: string): RateState | undefined
}

/** Whose points a request spends: the viewer's, else those of the address that it came from. */
export function rateKey(viewerId: string | null, address: string | undefined): string {
  return viewerId === null ? `address ${addressKey(address)}` : `viewer ${viewerId}`
}

/** Callers who are remembered as refused; others are only found out when they spend. */
const mostRefused = 10_000

/** Returns a limiter over a store. A caller who has gone over the limit waits until the window ends. */
export function createRateLimiter({ store, points, seconds }: RateLimiterOptions): RateLimiter {
  const counter = store.createCounter({ name: 'rate', points, seconds })
  const refusedUntil = new LRUCache<string, number>({ max: mostRefused })
  const stateOf = (isAllowed: boolean, remaining: number, milliseconds: number): RateState => ({
    isAllowed,
    limit: points,
    remaining,
    secondsLeft: Math.max(1, Math.ceil(milliseconds / 1_000)),
  })
  return {
    async spend(key, spent) {
      const { isAllowed, remaining, millisecondsLeft } = await counter.consume(key, spent)
      if (!isAllowed) refusedUntil.set(key, performance.now() + millisecondsLeft)
      return stateOf(isAllowed, remaining, millisecondsLeft)
    },
    refusal(key) {
      const until = refusedUntil.get(key)
      if (until === undefined) return undefined
      const milliseconds = until - performance.now()
      if (milliseconds > 0) return stateOf(false, 0, milliseconds)
      refusedUntil.delete(key)
      return undefined
    },
  }
}
