import { createHash, timingSafeEqual } from 'node:crypto'
import { administrator, type HttpExchange, type Viewer } from '../engine/index.ts'
import { RefractError } from '../errors.ts'
import { addressKey } from '../lib/ip-address.ts'
import type { AttemptLimiter, CreateAttemptLimiter } from '../limits/index.ts'

/** The header that an operator sends the secret in. */
export const adminSecretHeader = 'x-refract-admin-secret'

export interface AdminSecretOptions {
  /** Without one, no secret is right. */
  readonly secret: string | undefined
  readonly createAttemptLimiter: CreateAttemptLimiter
}

/** The administrator where the request has the secret; null at once where it has none, as nearly every request. */
export type AdminSecretIdentifier = (http: HttpExchange) => Promise<Viewer> | null

const rememberedFailures = 10_000 // addresses

/**
 * Lets operators in. A wrong secret is refused, never taken for no secret, and wrong ones are counted by address: from
 * one that has sent too many, the right one is refused too for a while.
 *
 * The identifier throws a RefractError UNAUTHENTICATED or RATE_LIMITED.
 */
export function createAdminSecretIdentifier({
  secret,
  createAttemptLimiter,
}: AdminSecretOptions): AdminSecretIdentifier {
  const limiter = createAttemptLimiter({
    name: 'admin-secret',
    attempts: 10,
    seconds: 900,
    blockSeconds: 900,
  })
  const expected = secret === undefined ? undefined : digest(secret)
  const failed = new Set<string>()

  async function check(given: string, http: HttpExchange): Promise<Viewer> {
    const address = addressKey(http.address)
    if (expected !== undefined && timingSafeEqual(digest(given), expected)) {
      if (failed.has(address)) await forgive(limiter, address, failed)
      return administrator
    }
    remember(failed, address)
    await limiter.consume([address])
    throw new RefractError(
      'UNAUTHENTICATED',
      `The secret in the header ${adminSecretHeader} is not the administrator's, or none is set. Expected the value of REFRACT_ADMIN_SECRET.`,
    )
  }

  return http => {
    const given = http.requestHeaders.get(adminSecretHeader)
    return given === null ? null : check(given, http)
  }
}

/**
 * Lets an address in that has failed before, unless it is blocked. Not asked of others: a count of every request would
 * block an operator with many at once.
 */
async function forgive(limiter: AttemptLimiter, address: string, failed: Set<string>): Promise<void> {
  failed.delete(address)
  try {
    await limiter.consume([address])
  } catch (error) {
    remember(failed, address)
    throw error
  }
  await limiter.reset([address])
}

function remember(failed: Set<string>, address: string): void {
  const [oldest] = failed
  if (failed.size >= rememberedFailures && oldest !== undefined) failed.delete(oldest)
  failed.add(address)
}

/** Of one length whatever the secret's, so that comparing takes the same time. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
