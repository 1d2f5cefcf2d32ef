import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ExecutionResult } from 'graphql'

type Step = IteratorResult<ExecutionResult, undefined>

/** A source that never really waits would let nobody else in: after so many answers, everybody has a turn. */
const answersPerTurn = 50

const done: Step = Object.freeze({ done: true, value: undefined })

/**
 * The answers of a subscription, which can be ended from outside at any time: whoever waits for the next one hears of it at
 * once, whether or not the source does. A plain async generator cannot be returned while it waits.
 */
export class ResultStream implements AsyncGenerator<ExecutionResult, undefined, undefined> {
  readonly #source: AsyncIterator<ExecutionResult>
  readonly #onEnd: () => void
  /** Those who wait for an answer. Not a race with a promise of the end, which would keep all that ever raced. */
  readonly #waiting = new Set<() => void>()
  #answers = 0
  #isEnded = false
  #isPaused = false
  #last: ExecutionResult | undefined

  /** @param onEnd called once, when the stream is over, for whatever reason */
  constructor(source: AsyncIterable<ExecutionResult>, onEnd: () => void) {
    this.#source = source[Symbol.asyncIterator]()
    this.#onEnd = onEnd
  }

  async next(): Promise<Step> {
    if (++this.#answers % answersPerTurn === 0) await nextTurn()
    if (this.#isEnded) return this.#takeLast()
    if (this.#isPaused) await this.#wait()
    try {
      let step = await this.#wait(this.#source.next())
      if (this.#isPaused) step = await this.#wait()
      if (this.#isEnded || !step) return this.#takeLast()
      if (!step.done) return { done: false, value: step.value }
    } catch (error) {
      this.#end()
      throw error
    }
    this.#end()
    return done
  }

  /** The source's next step, or nothing; undefined as soon as the stream is ended. */
  #wait(
    pending?: Promise<IteratorResult<ExecutionResult>>,
  ): Promise<IteratorResult<ExecutionResult> | undefined> {
    return new Promise((resolve, reject) => {
      const leave = () => resolve(undefined)
      this.#waiting.add(leave)
      pending?.then(
        step => {
          this.#waiting.delete(leave)
          resolve(step)
        },
        (error: unknown) => {
          this.#waiting.delete(leave)
          reject(error)
        },
      )
    })
  }

  /** Ends the stream after one more answer, such as the reason. */
  finish(last: ExecutionResult): void {
    if (this.#isEnded) return
    this.#last = last
    this.#close()
  }

  /** Gives no further answer, and no end either. */
  pause(): void {
    this.#isPaused = true
  }

  /** Ends the stream. */
  end(): void {
    this.#last = undefined
    this.#close()
  }

  async return(): Promise<Step> {
    this.end()
    return done
  }

  async throw(error: unknown): Promise<Step> {
    this.end()
    throw error
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #takeLast(): Step {
    const last = this.#last
    this.#last = undefined
    return last ? { done: false, value: last } : done
  }

  #close(): void {
    if (this.#isEnded) return
    this.#end()
    // whatever its cleaning up comes to, nobody waits for it
    this.#source.return?.()?.catch(() => undefined)
  }

  #end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    for (const leave of this.#waiting) leave()
    this.#waiting.clear()
    this.#onEnd()
  }
}
