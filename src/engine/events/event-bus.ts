import { RefractError } from '../../errors.ts'
import { createBatchQueue } from '../changes/batch-queue.ts'

/** Carries messages to all instances of an application, the one that sends among them. Nothing is stored. */
export interface EventCarrier {
  /** Rejects where the message could not be sent. */
  send(message: string): Promise<void>
  listen(onMessage: (message: string) => void): {
    /** Resolves when messages are heard. */
    readonly ready: Promise<void>
    end(): void
  }
}

/**
 * Events of the application's own: who listens at the moment hears of them, on whichever instance; nobody later.
 *
 * The parameter has the payload of each event by its name.
 */
export interface EventBus<Events extends object = Record<string, unknown>> {
  /**
   * Tells everybody who listens. A payload is JSON: what it becomes as such is what arrives.
   *
   * @throws Error where it cannot be sent, or is more than the carrier takes: without Redis 7,900 bytes
   */
  publish<Name extends keyof Events & string>(name: Name, payload: Events[Name]): Promise<void>
  /**
   * The payloads from now on that are wanted, for the `subscribe` of a field. The iterator throws SUBSCRIBER_TOO_SLOW, after what is held,
   * where they are not taken.
   */
  subscribe<Name extends keyof Events & string>(
    name: Name,
    isWanted?: (payload: Events[Name]) => boolean,
  ): Promise<AsyncIterableIterator<Events[Name]>>
}

/** Payloads that are held for who does not take them. */
const maximumHeld = 1_000

interface Message {
  readonly name: string
  readonly payload: unknown
}

type Listener = (payload: unknown) => void

/** A carrier inside of one process. */
export function createLocalCarrier(): EventCarrier {
  const listeners = new Set<(message: string) => void>()
  return {
    async send(message) {
      for (const onMessage of listeners) onMessage(message)
    },
    listen(onMessage) {
      listeners.add(onMessage)
      return { ready: Promise.resolve(), end: () => void listeners.delete(onMessage) }
    },
  }
}

export function createEventBus(carrier: EventCarrier): EventBus & { close(): void } {
  const listeners = new Map<string, Set<Listener>>()
  let listening: ReturnType<EventCarrier['listen']> | undefined

  const add = (name: string, listener: Listener) => {
    listening ??= carrier.listen(text => {
      const { name: heard, payload } = JSON.parse(text) as Message
      for (const one of listeners.get(heard) ?? []) one(payload)
    })
    const others = listeners.get(name) ?? new Set()
    listeners.set(name, others.add(listener))
    return listening.ready
  }
  const remove = (name: string, listener: Listener) => {
    const others = listeners.get(name)
    others?.delete(listener)
    if (others?.size === 0) listeners.delete(name)
  }
  const close = () => {
    listening?.end()
    listening = undefined
  }
  return {
    publish: (name, payload) => carrier.send(JSON.stringify({ name, payload })),
    async subscribe(name, isWanted = () => true) {
      const queue = createBatchQueue<never>(maximumHeld)
      const listener: Listener = payload => {
        if (!isWanted(payload as never) || queue.add([payload as never])) return
        remove(name, listener)
        queue.end(
          new RefractError(
            'SUBSCRIBER_TOO_SLOW',
            'Events came faster than they were taken, and some were lost. Subscribe again.',
          ),
        )
      }
      await add(name, listener)
      const iterator: AsyncIterableIterator<never> = {
        async next() {
          const [value] = (await queue.take()) ?? []
          if (value !== undefined) return { done: false, value }
          remove(name, listener)
          return { done: true, value: undefined }
        },
        async return() {
          remove(name, listener)
          queue.clear()
          return { done: true, value: undefined }
        },
        [Symbol.asyncIterator]() {
          return this
        },
      }
      return iterator
    },
    close,
  }
}
