import { parseArgs } from 'node:util'

export interface SoakOptions {
  /** How long changes are written. */
  readonly minutes: number
  /** Changes that are written, spread over that time. */
  readonly events: number
  /** What everything random comes from: who writes what, what breaks when. How threads take turns, it does not decide. */
  readonly seed: string
}

/** Throws an Error that says what was expected. */
export function readOptions(): SoakOptions {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '10' },
      events: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
    },
  })
  return {
    minutes: positive('--minutes', values.minutes),
    events: positive('--events', values.events),
    seed: values.seed,
  }
}

function positive(name: string, text: string): number {
  const number = Number(text)
  if (number > 0) return number
  throw new Error(`${name}: expected a number greater than 0; ${JSON.stringify(text)} came.`)
}
