import {
  type IRateLimiterOptions,
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible'
import type { Log } from '../../observe/log.ts'
import { connectRedis, type RedisConnection } from './connect-redis.ts'

export interface CounterOptions {
  /** Counters of different names do not share their keys. */
  readonly name: string
  /** What a key may consume in a window. */
  readonly points: number
  /** The length of a window. */
  readonly seconds: number
  /** How long a key that has consumed more has to wait. Default: to the end of the window. */
  readonly blockSeconds?: number
}

/** What is left for a key after it has consumed. */
export interface Count {
  readonly isAllowed: boolean
  readonly remaining: number
  /** Until the window ends, or the block. */
  readonly millisecondsLeft: number
}

/** Counts what keys consume. Counting is atomic: what comes at once is counted one by one. */
export interface Counter {
  consume(key: string, points: number): Promise<Count>
  /** Forgets what the key has consumed. */
  forget(key: string): Promise<void>
}

/** Where counters count: the memory of this process, or Redis for all processes together. */
export interface CounterStore {
  createCounter(options: CounterOptions): Counter
  close(): Promise<void>
}

export interface CounterStoreOptions {
  /** Without it, memory. */
  readonly redisUrl?: string | undefined
  readonly log: Log
}

/**
 * Opens the store. While Redis is away, each process counts in its own memory: callers get more than they should, and
 * no request waits or fails.
 */
export async function createCounterStore({ redisUrl, log }: CounterStoreOptions): Promise<CounterStore> {
  const connection = redisUrl === undefined ? undefined : await connectRedis(redisUrl, log)
  return {
    createCounter: options => {
      const settings = readSettings(options)
      return toCounter(
        connection ? createRedisLimiter(connection, settings) : new RateLimiterMemory(settings),
      )
    },
    close: async () => connection?.redis.disconnect(),
  }
}

function readSettings({ name, points, seconds, blockSeconds = 0 }: CounterOptions): IRateLimiterOptions {
  return { keyPrefix: `refract:${name}`, points, duration: seconds, blockDuration: blockSeconds }
}

function createRedisLimiter(connection: RedisConnection, settings: IRateLimiterOptions): RateLimiterAbstract {
  return new RateLimiterRedis({
    ...settings,
    storeClient: connection.redis,
    rejectIfRedisNotReady: true,
    insuranceLimiter: new StandIn(settings, connection),
  })
}

/** Counts in memory what Redis did not. A Redis that hangs is left until it answers again: no request waits for it twice. */
class StandIn extends RateLimiterMemory {
  readonly #connection: RedisConnection

  constructor(settings: IRateLimiterOptions, connection: RedisConnection) {
    super(settings)
    this.#connection = connection
  }

  override consume(key: string | number, points?: number): Promise<RateLimiterRes> {
    this.#connection.leave()
    return super.consume(key, points)
  }
}

function toCounter(limiter: RateLimiterAbstract): Counter {
  return {
    async consume(key, points) {
      try {
        return toCount(await limiter.consume(key, points), true)
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return toCount(refusal, false)
        throw refusal
      }
    },
    async forget(key) {
      await limiter.delete(key)
    },
  }
}

function toCount({ remainingPoints, msBeforeNext }: RateLimiterRes, isAllowed: boolean): Count {
  return {
    isAllowed,
    remaining: isAllowed ? remainingPoints : 0,
    millisecondsLeft: Math.max(0, msBeforeNext),
  }
}
