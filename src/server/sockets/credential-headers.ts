import { adminSecretHeader } from '../../auth/index.ts'
import { RefractError } from '../../errors.ts'
import { viewAsHeader } from '../view-as.ts'

/** What browsers cannot send with the request that opens a socket. Nothing else of a payload is looked at. */
const credentialHeaders: readonly string[] = ['authorization', 'x-api-key', adminSecretHeader, viewAsHeader]

type Payload = Readonly<Record<string, unknown>>

/**
 * The headers of a socket's request with the credentials that came in the payload of `connection_init`: at its top, or in
 * an object `headers`, in whatever case. They come before those of the request.
 *
 * @throws RefractError UNAUTHENTICATED for credentials that no header could hold
 */
export function withCredentials(requestHeaders: Headers, payload: Payload = {}): Headers {
  const headers = new Headers(requestHeaders)
  const nested = Object.entries(payload).find(([name]) => name.toLowerCase() === 'headers')?.[1]
  for (const [name, value] of [...entriesOf(nested), ...entriesOf(payload)]) {
    const header = name.toLowerCase()
    if (!credentialHeaders.includes(header) || value === undefined || value === null) continue
    if (typeof value !== 'string' || !/^[\x20-\x7e]*$/.test(value)) {
      throw new RefractError(
        'UNAUTHENTICATED',
        `Expected ${header} in connection_init to be a text for a header.`,
      )
    }
    headers.set(header, value)
  }
  return headers
}

function entriesOf(value: unknown): readonly [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}
