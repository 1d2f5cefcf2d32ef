import { createBatchQueue } from './batch-queue.ts'
import type { Change } from './change.ts'
import type { ChangeEvent } from './change-event.ts'
import type { ChangeRequest, ChangeSettings } from './change-feed.ts'
import type { ChangeBatch, ChangeLog } from './change-log.ts'
import type { Deliver, Subscriber } from './delivery.ts'
import { comparePositions, type Position } from './position.ts'
import { cursorExpired, tooSlow } from './subscription-errors.ts'

export interface EventIteratorOptions {
  readonly request: ChangeRequest
  readonly settings: ChangeSettings
  readonly log: ChangeLog
  /** Nothing up to here is to come. */
  readonly start: Position
  /** Somebody has seen the event of the position: if it is gone, others may be. */
  readonly isResumed: boolean
  /** False for what was there before the subscription. */
  readonly isNew: (change: Change) => boolean
  /** How far the instance's reader is. */
  readonly position: () => Position
  /** Ends when the reader's batch, where there is one just now, has been handed on. */
  readonly handingOn: () => Promise<void> | undefined
  readonly deliver: Deliver
  /** Those who get what the reader reads. */
  readonly subscribers: Set<Subscriber>
  readonly onEnd: () => void
}

/**
 * The events of one subscription. First it reads the log by itself, up to where the reader of the instance is; then it joins
 * the others. Not an async generator: `return` of one that waits for an event would wait along with it.
 */
export function createEventIterator(
  options: EventIteratorOptions,
): AsyncIterableIterator<readonly ChangeEvent[]> {
  const { request, settings, log, isNew, deliver, subscribers } = options
  const queue = createBatchQueue<ChangeEvent>(settings.maximumHeld)
  let position = options.start
  let isBegun = false
  let hasJoined = false
  let isOver = false

  const finish = () => {
    if (isOver) return
    isOver = true
    subscribers.delete(subscriber)
    options.onEnd()
  }
  const end = (error?: Error) => {
    subscribers.delete(subscriber)
    queue.end(error)
  }
  const subscriber: Subscriber = {
    request,
    // who comes from another instance can be ahead of the reader of this one
    isNew: change => comparePositions(change.position, position) > 0 && isNew(change),
    receive: events => {
      if (!queue.add(events)) end(tooSlow())
    },
    end,
  }

  /** What the log has between here and the reader; undefined when this has caught up, and belongs to the others. */
  async function catchUp(): Promise<readonly ChangeEvent[] | undefined> {
    if (!isBegun) await assertKept()
    isBegun = true
    while (!isOver && !hasJoined) {
      const handingOn = options.handingOn()
      if (handingOn) {
        // whether it was handed on, the reader's position tells
        await handingOn.catch(() => undefined)
        continue
      }
      if (comparePositions(position, options.position()) >= 0) {
        hasJoined = true
        subscribers.add(subscriber)
        return undefined
      }
      const events = await replay(await readOn())
      if (events.length > 0) return events
    }
    return undefined
  }

  /** The next changes up to the reader. */
  async function readOn(): Promise<ChangeBatch> {
    const limit = options.position()
    const batch = await log.read(position, settings.batchSize)
    await assertKept()
    const changes = batch.changes.filter(change => comparePositions(change.position, limit) <= 0)
    const isShort = changes.length < batch.changes.length || !batch.isFull
    position = isShort ? limit : batch.until
    return { ...batch, changes }
  }

  /** The change that was seen last is there, so what came after it is. */
  async function assertKept(): Promise<void> {
    if (options.isResumed && !(await log.has(position))) throw cursorExpired()
  }

  async function replay(batch: ChangeBatch): Promise<readonly ChangeEvent[]> {
    const events: ChangeEvent[] = []
    let failure: Error | undefined
    const replaying: Subscriber = {
      request,
      isNew,
      receive: received => void events.push(...received),
      end: error => {
        failure = error
      },
    }
    await deliver(batch, [replaying])
    if (failure) throw failure
    return events
  }

  return {
    async next() {
      try {
        const events = isOver ? undefined : ((await catchUp()) ?? (isOver ? undefined : await queue.take()))
        if (events) return { done: false, value: events }
        finish()
        return { done: true, value: undefined }
      } catch (error) {
        finish()
        throw error
      }
    },
    async return() {
      finish()
      queue.clear()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
