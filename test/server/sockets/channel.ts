/** A source of events as a test gives them out; each reader gets those that come while it is open. */
export class Channel<Event> {
  readonly #readers = new Set<Reader<Event>>()
  readonly #looks = new Set<() => void>()
  #settleFirst: (event: Event) => void = () => undefined
  /** The first event that comes. */
  readonly first = new Promise<Event>(resolve => {
    this.#settleFirst = resolve
  })

  open(): AsyncGenerator<Event> {
    const reader = new Reader<Event>(() => {
      this.#readers.delete(reader)
      this.#look()
    })
    this.#readers.add(reader)
    this.#look()
    return reader
  }

  /** How many read. */
  get readers(): number {
    return this.#readers.size
  }

  /** The most events that wait for one reader. */
  get backlog(): number {
    return Math.max(0, ...[...this.#readers].map(reader => reader.backlog))
  }

  send(event: Event): void {
    this.#settleFirst(event)
    for (const reader of this.#readers) reader.send(event)
  }

  /** Ends it for all readers, after what they have not read yet. */
  end(): void {
    for (const reader of [...this.#readers]) reader.finish()
  }

  /** Resolves when so many read. */
  async until(count: number): Promise<void> {
    await new Promise<void>(resolve => {
      const look = () => {
        if (this.#readers.size !== count) return
        this.#looks.delete(look)
        resolve()
      }
      this.#looks.add(look)
      look()
    })
  }

  #look(): void {
    for (const look of [...this.#looks]) look()
  }
}

class Reader<Event> implements AsyncGenerator<Event> {
  readonly #events: Event[] = []
  readonly #waiting: ((step: IteratorResult<Event>) => void)[] = []
  readonly #onEnd: () => void
  #isEnded = false

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd
  }

  get backlog(): number {
    return this.#events.length
  }

  send(event: Event): void {
    const waiting = this.#waiting.shift()
    if (waiting) waiting({ done: false, value: event })
    else this.#events.push(event)
  }

  async next(): Promise<IteratorResult<Event>> {
    const event = this.#events.shift()
    if (event !== undefined) return { done: false, value: event }
    if (this.#isEnded) return { done: true, value: undefined }
    return await new Promise(resolve => this.#waiting.push(resolve))
  }

  finish(): void {
    this.#isEnded = true
    for (const waiting of this.#waiting.splice(0)) waiting({ done: true, value: undefined })
    this.#onEnd()
  }

  async return(): Promise<IteratorResult<Event>> {
    this.#events.length = 0
    this.finish()
    return { done: true, value: undefined }
  }

  async throw(error: unknown): Promise<IteratorResult<Event>> {
    await this.return()
    throw error
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
