import { randomUUID } from 'node:crypto'
import { JsonText } from '../../lib/json-text.ts'

/**
 * Brings data that is there as the text of its JSON past graphql-ws, which stringifies each message itself: a mark stands
 * for it until then. No client is told a mark, so none can have one in its own data.
 */
export class HeldTexts {
  readonly #secret = randomUUID()
  readonly #texts = new Map<string, string>()
  #count = 0

  /** The result, with a mark in the place of such data. */
  hold(result: { readonly data?: unknown }): object {
    const { data } = result
    if (!(data instanceof JsonText)) return result
    const mark = `${this.#secret}.${++this.#count}`
    this.#texts.set(mark, data.text)
    return { ...result, data: mark }
  }

  /** The message, with the text in the place of its mark. */
  fill(message: string): string {
    for (const [mark, text] of this.#texts) {
      const place = message.indexOf(`"${mark}"`)
      if (place === -1) continue
      this.#texts.delete(mark)
      return `${message.slice(0, place)}${text}${message.slice(place + mark.length + 2)}`
    }
    return message
  }
}
