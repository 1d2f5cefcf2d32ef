import { RefractError } from '../errors.ts'

/**
 * Throws BAD_REQUEST when arrays and objects nest deeper than `limit` in a JSON text. Read from the text itself:
 * what walks the parsed value later is recursive, and a value 200,000 deep would end its stack.
 */
export function assertJsonDepth(json: string, limit: number): void {
  let depth = 0
  let inString = false
  for (let index = 0; index < json.length; index++) {
    const character = json.charCodeAt(index)
    if (inString) {
      if (character === backslash) {
        index++
      } else if (character === quote) {
        inString = false
      }
    } else if (character === quote) {
      inString = true
    } else if (character === openBrace || character === openBracket) {
      depth++
      if (depth > limit) {
        throw new RefractError(
          'BAD_REQUEST',
          `The JSON of this request nests arrays and objects deeper than ${limit} levels, the most that is accepted.`,
        )
      }
    } else if (character === closeBrace || character === closeBracket) {
      depth--
    }
  }
}

const quote = 0x22
const backslash = 0x5c
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d
