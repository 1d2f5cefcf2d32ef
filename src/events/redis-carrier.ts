import { describeError } from '../observe/describe-error.ts'
import type { Log } from '../observe/log.ts'

/** Carries messages over Redis: to be used as the engine's `EventCarrier`. */
export interface RedisCarrier {
  send(message: string): Promise<void>
  listen(onMessage: (message: string) => void): { readonly ready: Promise<void>; end(): void }
  close(): Promise<void>
}

const channel = 'refract:events'

/** Connects when it is used first. What is sent while Redis is away is refused; what others send then is lost. */
export function createRedisCarrier(url: string, log: Log): RedisCarrier {
  const connect = async () => {
    // loaded only where it is needed
    const { Redis } = await import('ioredis')
    const redis = new Redis(url, { protocol: 2, maxRetriesPerRequest: 1, connectTimeout: 2_000 })
    redis.on('error', (error: Error) =>
      log.warn(`Redis is away, and events with it: ${describeError(error).message}`),
    )
    return redis
  }
  let sender: ReturnType<typeof connect> | undefined
  let receiver: ReturnType<typeof connect> | undefined
  return {
    async send(message) {
      sender ??= connect()
      await (await sender).publish(channel, message)
    },
    listen(onMessage) {
      receiver ??= connect().then(async redis => {
        await redis.subscribe(channel)
        return redis
      })
      const receive = (_channel: string, message: string) => onMessage(message)
      const listening = receiver.then(redis => redis.on('message', receive))
      listening.catch((error: unknown) => log.warn(`Events cannot be heard: ${describeError(error).message}`))
      return {
        ready: listening.then(
          () => undefined,
          () => undefined,
        ),
        end() {
          listening.then(redis => redis.off('message', receive)).catch(() => undefined)
        },
      }
    },
    async close() {
      for (const redis of await Promise.allSettled([sender, receiver])) {
        if (redis.status === 'fulfilled') redis.value?.disconnect()
      }
    },
  }
}
