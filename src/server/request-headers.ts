import type { IncomingMessage } from 'node:http'

/**
 * The headers of a request. As long as they are only asked for single ones, as for nearly every request, nothing is copied:
 * to fill a Headers takes longer than all that the server does otherwise to know who asks.
 */
export function createRequestHeaders(request: IncomingMessage): Headers {
  return new RequestHeaders(request)
}

/** The platform's own copying asks for the entries, since the iterator is not its own: so copies are complete. */
class RequestHeaders extends Headers {
  readonly #request: IncomingMessage
  #isFilled = false

  constructor(request: IncomingMessage) {
    super()
    this.#request = request
  }

  override get(name: string): string | null {
    return this.#isFilled ? super.get(name) : (this.#values(name)?.join(separatorOf(name)) ?? null)
  }

  override has(name: string): boolean {
    return this.#isFilled ? super.has(name) : this.#values(name) !== undefined
  }

  override append(name: string, value: string): void {
    this.#fill()
    super.append(name, value)
  }

  override set(name: string, value: string): void {
    this.#fill()
    super.set(name, value)
  }

  override delete(name: string): void {
    this.#fill()
    super.delete(name)
  }

  override forEach(...parameters: Parameters<Headers['forEach']>): void {
    this.#fill()
    super.forEach(...parameters)
  }

  override getSetCookie(): string[] {
    this.#fill()
    return super.getSetCookie()
  }

  override entries() {
    this.#fill()
    return super.entries()
  }

  override keys() {
    this.#fill()
    return super.keys()
  }

  override values() {
    this.#fill()
    return super.values()
  }

  override [Symbol.iterator]() {
    return this.entries()
  }

  #values(name: string): readonly string[] | undefined {
    const key = name.toLowerCase()
    if (!Object.hasOwn(this.#request.headers, key)) return undefined
    // as they came: headersDistinct, too, has those that came several times, but is made of all names for one
    const { rawHeaders } = this.#request
    const values: string[] = []
    for (let index = 0; index < rawHeaders.length; index += 2) {
      const given = rawHeaders[index] as string
      if (given.length === key.length && given.toLowerCase() === key)
        values.push(rawHeaders[index + 1] as string)
    }
    return values
  }

  #fill(): void {
    if (this.#isFilled) return
    this.#isFilled = true
    for (const [name, values] of Object.entries(this.#request.headersDistinct)) {
      for (const value of values ?? []) super.append(name, value)
    }
  }
}

/** Between several of one name (Fetch, "get, decode, and combine"; HTTP/2 may cut cookies apart). */
function separatorOf(name: string): string {
  return name.toLowerCase() === 'cookie' ? '; ' : ', '
}
