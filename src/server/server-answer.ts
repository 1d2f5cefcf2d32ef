import { type IncomingMessage, ServerResponse } from 'node:http'

/**
 * An answer of this server. It begins with headers that are sent whoever ends it and however, unless they are set otherwise.
 *
 * They are kept as a list: for each header that is set, Node checks it, files it, and checks and copies it again when it is
 * sent, and every answer has more than a dozen.
 */
export class ServerAnswer<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  /** A name, its value, a name, its value … */
  #plain: string[] = []

  /** The headers to begin with: names and values in turn. */
  beginWith(headers: string[]): void {
    this.#plain = headers
  }

  /** As `setHeader`, for a name that nobody spells in another way, and before anything is sent. */
  setPlain(name: string, value: string): void {
    for (let index = 0; index < this.#plain.length; index += 2) {
      if (this.#plain[index] !== name) continue
      this.#plain[index + 1] = value
      return
    }
    this.#plain.push(name, value)
  }

  /** Sends the status, what was set, and a body. */
  sendBody(status: number, body: string): void {
    this.setPlain('content-length', String(Buffer.byteLength(body)))
    if (this.getHeaderNames().length === 0) super.writeHead(status, this.#plain)
    else this.writeHead(status)
    this.end(body)
  }

  override writeHead(...parameters: readonly unknown[]): this {
    for (let index = 0; index < this.#plain.length; index += 2) {
      const name = this.#plain[index] as string
      if (!this.hasHeader(name)) this.setHeader(name, this.#plain[index + 1] as string)
    }
    return super.writeHead(...(parameters as Parameters<ServerResponse['writeHead']>))
  }
}
