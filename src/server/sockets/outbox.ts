import { WebSocket } from 'ws'

export interface OutboxOptions {
  /** Nothing is added while as much or more waits in memory. */
  readonly bufferBytes: number
  readonly stallMilliseconds: number
  /** Called when the client has taken nothing for so long. */
  readonly onStall: () => void
}

/** What is on its way to one client, bounded by what the client takes. */
export class Outbox {
  readonly #socket: WebSocket
  readonly #options: OutboxOptions
  /** Messages that wait for room, first come, first served. */
  readonly #senders: (() => void)[] = []
  /** Those who would make more messages. */
  readonly #makers: (() => void)[] = []
  #unsent = 0
  #isClosed = false
  #stallTimer: NodeJS.Timeout | undefined

  constructor(socket: WebSocket, options: OutboxOptions) {
    this.#socket = socket
    this.#options = options
    socket.once('close', () => this.close())
  }

  /** Resolves when it makes sense to make one more message: there is room for it, or the socket is closed. */
  async room(): Promise<void> {
    if (this.#hasRoom && this.#senders.length === 0) return
    await new Promise<void>(resolve => this.#makers.push(resolve))
  }

  /** Resolves when the message is handed to the system, or the socket is closed. */
  async send(text: string): Promise<void> {
    if (!this.#hasRoom || this.#senders.length > 0) {
      await new Promise<void>(resolve => this.#senders.push(resolve))
    }
    if (this.#socket.readyState !== WebSocket.OPEN) return
    this.#unsent++
    this.#watch()
    this.#admit()
    // a socket that fails to send closes, and is told of there
    await new Promise<void>(resolve => this.#socket.send(text, () => resolve()))
    this.#unsent--
    this.#watch()
    this.#admit()
  }

  /** Lets everybody go who waits: nothing more is sent. */
  close(): void {
    this.#isClosed = true
    clearTimeout(this.#stallTimer)
    for (const go of [...this.#senders.splice(0), ...this.#makers.splice(0)]) go()
  }

  get #hasRoom(): boolean {
    return this.#isClosed || this.#socket.bufferedAmount < this.#options.bufferBytes
  }

  /** Lets the next message out, which lets out the one after it: so there is one too much at most. */
  #admit(): void {
    if (!this.#hasRoom) return
    if (this.#senders.length > 0) this.#senders.shift()?.()
    else for (const go of this.#makers.splice(0)) go()
  }

  #watch(): void {
    clearTimeout(this.#stallTimer)
    const { stallMilliseconds, onStall } = this.#options
    if (this.#unsent > 0 && !this.#isClosed) this.#stallTimer = setTimeout(onStall, stallMilliseconds)
  }
}
