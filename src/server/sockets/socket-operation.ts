import type { ExecutionResult } from 'graphql'
import type { AnswerWay } from '../answer-way.ts'
import { noteErrors } from '../plugins/use-request-record.ts'
import type { RequestRecord } from '../request-record.ts'

/** One operation on a socket, from its message to its last answer. */
export class SocketOperation implements AnswerWay {
  readonly transport = 'socket'
  readonly isStreamable = true
  // a socket's pace is that of all its operations together
  readonly isFull = false
  readonly bytesWritten = 0
  readonly record: RequestRecord
  #isDelivered = false
  #isClosed = false
  readonly #listeners = new Set<() => void>()

  constructor(record: RequestRecord) {
    this.record = record
  }

  get isDelivered(): boolean {
    return this.#isDelivered
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** As over HTTP: 499 where nobody waited for the answer. A subscription has no last answer to wait for. */
  get status(): number {
    return this.#isDelivered || this.record.operationType === 'subscription' ? 200 : 499
  }

  setHeader(): void {
    // messages have no headers
  }

  giveHeaders(): void {
    // nor here
  }

  onClose(listener: () => void): void {
    if (this.#isClosed) listener()
    else this.#listeners.add(listener)
  }

  offClose(listener: () => void): void {
    this.#listeners.delete(listener)
  }

  breakOff(): void {
    this.abort()
  }

  /** Nobody waits for the answer any more. */
  abort(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    const listeners = [...this.#listeners]
    this.#listeners.clear()
    for (const listener of listeners) listener()
  }

  /** The client has the whole answer. */
  deliver(): void {
    this.#isDelivered = true
    this.abort()
  }
}

export interface EventFlowOptions {
  readonly operation: SocketOperation
  /** Resolves when one more event may be made; undefined for now. */
  readonly room: () => Promise<void> | undefined
  /** Called with each event that is handed to the system. */
  readonly onSent: (event: ExecutionResult) => void
}

/**
 * The events of a subscription at the pace at which its socket takes them: whoever asks for the next one has sent the one
 * before.
 */
export function createEventFlow(
  source: AsyncIterable<ExecutionResult>,
  { operation, room, onSent }: EventFlowOptions,
): AsyncGenerator<ExecutionResult, undefined> {
  const events = source[Symbol.asyncIterator]()
  let sent: ExecutionResult | undefined
  const end = async (): Promise<IteratorResult<ExecutionResult, undefined>> => {
    operation.abort()
    return { done: true, value: undefined }
  }
  return {
    async next() {
      if (sent) onSent(sent)
      sent = undefined
      // thousands do this at the same moment: each promise that is not made counts
      const full = room()
      if (full) await full
      if (operation.isClosed) return await end()
      try {
        const step = await events.next()
        if (!step.done && !operation.isClosed) {
          sent = step.value
          if (sent?.errors) noteErrors(operation.record, sent.errors)
          return step
        }
        if (step.done) operation.deliver()
      } catch (error) {
        await end()
        throw error
      }
      return await end()
    },
    return: end,
    async throw(error: unknown) {
      await end()
      throw error
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
