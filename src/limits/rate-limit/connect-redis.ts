import type { Redis } from 'ioredis'
import { describeError } from '../../observe/describe-error.ts'
import type { Log } from '../../observe/log.ts'

/** How long a command may take: counting takes a fraction of a millisecond, and requests wait for it. */
const commandMilliseconds = 250

/** How long a start waits for the first answer. */
const firstMilliseconds = 1_000

const longestPause = 2_000 // milliseconds between two attempts to connect

export interface RedisConnection {
  readonly redis: Redis
  /** To be called when a command failed though the connection is there: it is given up for a new one. */
  leave(): void
}

/**
 * Connects to Redis for as long as the process runs. Commands fail at once while it is away; its going and coming is
 * logged once each. Resolves when it answers, or does not: the caller need not know.
 */
export async function connectRedis(url: string, log: Log): Promise<RedisConnection> {
  // loaded only where it is needed
  const { Redis } = await import('ioredis')
  const redis = new Redis(url, {
    protocol: 2,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: commandMilliseconds,
    connectTimeout: 2_000,
    retryStrategy: attempts => Math.min(attempts * 100, longestPause),
  })
  let isAway = false
  let isLeaving = false
  redis.on('ready', () => {
    if (isAway) log.info('Redis is back: requests are counted for all processes together again.')
    isAway = false
    isLeaving = false
  })
  const noteAbsence = (reason: string) => {
    if (isAway || redis.status === 'end') return
    isAway = true
    log.warn(`Redis is away (${reason}): until it is back, each process counts its requests for itself.`)
  }
  redis.on('error', (error: Error) => noteAbsence(describeError(error).message))
  redis.on('reconnecting', () => noteAbsence('it does not answer'))
  await firstOutcome(redis)
  return {
    redis,
    leave() {
      if (isLeaving || redis.status !== 'ready') return
      isLeaving = true
      redis.disconnect(true)
    },
  }
}

function firstOutcome(redis: Redis): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, firstMilliseconds)
    for (const event of ['ready', 'error']) {
      redis.once(event, () => {
        clearTimeout(timer)
        resolve()
      })
    }
  })
}
