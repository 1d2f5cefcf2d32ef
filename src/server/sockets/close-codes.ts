/**
 * Why a socket is closed, as docs/subscriptions.md explains it. 4400 to 4500 but for 4410 are those of graphql-ws's
 * PROTOCOL.md, 1000 to 1015 of RFC 6455 and its registry. graphql-ws's client comes back by itself after 1012, 1013,
 * 4403, 4408 and 4410, and not after the others.
 */
export const closeCodes = {
  tooManyMessages: 1008,
  restart: 1012,
  tryAgainLater: 1013,
  badRequest: 4400,
  unauthorized: 4401,
  forbidden: 4403,
  tooSlow: 4410,
  internal: 4500,
} as const

const longestReason = 123 // bytes, RFC 6455, section 5.5

/** A text that fits into a close frame: cut at its end, not inside of a character. */
export function clipReason(text: string): string {
  if (Buffer.byteLength(text) <= longestReason) return text
  let clipped = text
  while (Buffer.byteLength(clipped) > longestReason - 3) clipped = clipped.slice(0, -1)
  return `${clipped.replace(/[\ud800-\udbff]$/, '')}…`
}

/** A reason that says from where to go on, as far as that is known and fits. */
export function resumeReason(text: string, cursor: string | undefined): string {
  const whole = `${text}: resume after ${cursor}`
  return cursor === undefined || Buffer.byteLength(whole) > longestReason ? text : whole
}
