import type { Duplex } from 'node:stream'
import { WebSocket } from 'ws'

export interface OutboxOptions {
  /** Nothing is added while as much or more waits in memory. */
  readonly bufferBytes: number
  readonly stallMilliseconds: number
  /** Called when the client has taken nothing for so long. */
  readonly onStall: () => void
}

const done = Promise.resolve()

/** What is on its way to one client, bounded by what the client takes. */
export class Outbox {
  readonly #socket: WebSocket
  /** What the socket writes to. */
  readonly #carrier: Duplex
  readonly #options: OutboxOptions
  /** Messages that wait for room, first come, first served. */
  readonly #waiting: { readonly text: string; readonly go: () => void }[] = []
  /** Those who would make more messages. */
  readonly #makers: (() => void)[] = []
  #unsent = 0
  /** When the client last took something; of `performance.now()`. */
  #takenAt = 0
  #isCorked = false
  #isClosed = false
  #stallTimer: NodeJS.Timeout | undefined

  constructor(socket: WebSocket, carrier: Duplex, options: OutboxOptions) {
    this.#socket = socket
    this.#carrier = carrier
    this.#options = options
    socket.once('close', () => this.close())
  }

  /** Resolves when it makes sense to make one more message: there is room for it, or the socket is closed. Undefined for now. */
  room(): Promise<void> | undefined {
    if (this.#hasRoom && this.#waiting.length === 0) return undefined
    return new Promise<void>(resolve => this.#makers.push(resolve))
  }

  /** Resolves when the message is on its way behind those before it, or the socket is closed. */
  send(text: string): Promise<void> {
    if (!this.#hasRoom || this.#waiting.length > 0) {
      return new Promise<void>(go => this.#waiting.push({ text, go }))
    }
    this.#post(text)
    return done
  }

  /** Lets everybody go who waits: nothing more is sent. */
  close(): void {
    this.#isClosed = true
    clearTimeout(this.#stallTimer)
    for (const { go } of this.#waiting.splice(0)) go()
    for (const go of this.#makers.splice(0)) go()
  }

  get #hasRoom(): boolean {
    return this.#isClosed || this.#socket.bufferedAmount < this.#options.bufferBytes
  }

  #post(text: string): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return
    this.#gather()
    if (this.#unsent === 0) this.#takenAt = performance.now()
    this.#unsent++
    this.#watch()
    // a socket that fails to send closes, and is told of there
    this.#socket.send(text, () => this.#taken())
  }

  /** What is sent at the same moment goes to the system at once: one call for all costs as much as one for each. */
  #gather(): void {
    if (this.#isCorked) return
    this.#isCorked = true
    this.#carrier.cork()
    process.nextTick(() => {
      this.#isCorked = false
      this.#carrier.uncork()
    })
  }

  #taken(): void {
    this.#unsent--
    this.#takenAt = performance.now()
    this.#admit()
  }

  /** Sends what has waited as far as there is room, which is one message too much at most. */
  #admit(): void {
    while (this.#hasRoom && this.#waiting.length > 0) {
      const next = this.#waiting.shift()
      if (next) this.#post(next.text)
      next?.go()
    }
    if (this.#hasRoom) for (const go of this.#makers.splice(0)) go()
  }

  /** One timer for many messages: to set one for each would cost as much as to send it. */
  #watch(): void {
    if (this.#stallTimer || this.#isClosed) return
    const left = this.#takenAt + this.#options.stallMilliseconds - performance.now()
    this.#stallTimer = setTimeout(() => this.#look(), Math.max(1, left))
  }

  #look(): void {
    this.#stallTimer = undefined
    if (this.#unsent === 0) return
    const { stallMilliseconds, onStall } = this.#options
    if (performance.now() - this.#takenAt >= stallMilliseconds) onStall()
    else this.#watch()
  }
}
