import type { ServerAnswer } from './server-answer.ts'

/** The way that the answer to one operation takes back to its client: an HTTP response, or a socket. */
export interface AnswerWay {
  readonly transport: 'http' | 'socket'
  /** Whether the client has the whole answer. */
  readonly isDelivered: boolean
  /** Whether a stream of answers can be sent: the client has said that it takes one. */
  readonly isStreamable: boolean
  /** Whether something waits for the client to take it. */
  readonly isFull: boolean
  /** Grows as the client takes what is sent. */
  readonly bytesWritten: number
  /** Sets a header of the answer, where it has any and they are not sent yet. */
  setHeader(name: string, value: string | number): void
  /** Sets headers that were given by somebody else: they go before the server's own. */
  giveHeaders(headers: Headers): void
  /** Calls back, once, when nobody waits for the answer any more: it is delivered, or its client has gone. */
  onClose(listener: () => void): void
  offClose(listener: () => void): void
  /** Ends the answer as it is, when what is sent so far is delivered. */
  breakOff(): void
  /** Ends the answer at once. */
  abort(): void
}

/** Returns the way of an answer over HTTP. */
export function createHttpWay(response: ServerAnswer): AnswerWay {
  return new HttpWay(response)
}

/** A class, since its functions are made once and not for each request. */
class HttpWay implements AnswerWay {
  readonly transport = 'http'
  readonly #response: ServerAnswer

  constructor(response: ServerAnswer) {
    this.#response = response
  }

  get isDelivered(): boolean {
    return this.#response.writableFinished
  }

  get isStreamable(): boolean {
    return /text\/(?:event-stream|\*)|\*\/\*/i.test(this.#response.req.headers.accept ?? '*/*')
  }

  get isFull(): boolean {
    return this.#response.writableNeedDrain
  }

  get bytesWritten(): number {
    return this.#response.socket?.bytesWritten ?? 0
  }

  setHeader(name: string, value: string | number): void {
    if (!this.#response.headersSent) this.#response.setPlain(name, String(value))
  }

  giveHeaders(headers: Headers): void {
    if (this.#response.headersSent) return
    for (const [name, value] of headers) {
      if (name !== 'set-cookie') this.#response.setHeader(name, value)
    }
    const cookies = headers.getSetCookie()
    if (cookies.length > 0) this.#response.setHeader('Set-Cookie', cookies)
  }

  onClose(listener: () => void): void {
    this.#response.on('close', listener)
  }

  offClose(listener: () => void): void {
    this.#response.off('close', listener)
  }

  breakOff(): void {
    this.#response.end()
  }

  abort(): void {
    this.#response.destroy()
  }
}
