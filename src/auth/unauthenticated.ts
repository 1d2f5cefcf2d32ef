import type { HttpExchange } from '../engine/index.ts'
import { RefractError } from '../errors.ts'

/**
 * The error for credentials that are wrong, with a challenge in the answer's headers (RFC 6750, section 3).
 *
 * @param message what was expected, without what came: it may be a secret
 */
export function refuseBearer(http: HttpExchange, message: string): RefractError {
  // a quoted string of ASCII, as headers demand
  const description = message.replace(/["\\]/g, "'").replace(/[^\x20-\x7e]/g, ' ')
  http.responseHeaders.set(
    'WWW-Authenticate',
    `Bearer error="invalid_token", error_description="${description}"`,
  )
  return new RefractError('UNAUTHENTICATED', message)
}
