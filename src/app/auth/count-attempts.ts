import { createHash } from 'node:crypto'
import type { AttemptLimiter, AuthSetup } from '../../index.ts'
import { addressKey } from '../../lib/ip-address.ts'

/** What is known of an attempt. */
export interface Attempt {
  /** Of better-auth's endpoint, such as `/sign-in/email`. */
  readonly path: string
  /** The client's address. */
  readonly address: string | undefined
  /** Whose account it is at: an e-mail address, or the id of who is signed in. */
  readonly account: string | undefined
}

/** Counts attempts at passwords, whichever way they come, by account and by address. */
export interface AttemptCounter {
  /** Throws a RefractError RATE_LIMITED where there were too many at the account or from the address. */
  count(attempt: Attempt): Promise<void>
  /** The attempt has succeeded: earlier ones at the account are forgotten. Those of the address are not. */
  forgive(attempt: Attempt): Promise<void>
}

interface Rule {
  readonly paths: readonly string[]
  readonly perAccount: number
  readonly perAddress: number
  readonly seconds: number
}

/** An account is what one person has; many people may share an address. */
const rules: Readonly<Record<string, Rule>> = {
  password: {
    paths: ['/sign-in/email', '/change-password', '/verify-password'],
    perAccount: 10,
    perAddress: 50,
    seconds: 900, // 15 minutes
  },
  mail: {
    paths: ['/request-password-reset', '/send-verification-email'],
    perAccount: 5,
    perAddress: 20,
    seconds: 3_600, // 1 hour
  },
  registration: { paths: ['/sign-up/email'], perAccount: 10, perAddress: 20, seconds: 3_600 },
  token: { paths: ['/reset-password'], perAccount: 20, perAddress: 20, seconds: 900 },
}

/** The paths whose attempts are counted. */
export const countedPaths: ReadonlySet<string> = new Set(Object.values(rules).flatMap(({ paths }) => paths))

export function createAttemptCounter(
  createAttemptLimiter: AuthSetup['createAttemptLimiter'],
): AttemptCounter {
  const counters = Object.entries(rules).map(([name, { paths, perAccount, perAddress, seconds }]) => {
    const limiter = (kind: string, attempts: number): AttemptLimiter =>
      createAttemptLimiter({ name: `${name}-${kind}`, attempts, seconds, blockSeconds: seconds })
    return {
      paths,
      accounts: limiter('account', perAccount),
      addresses: limiter('address', perAddress),
    }
  })
  const find = (path: string) => counters.find(({ paths }) => paths.includes(path))
  return {
    count: async ({ path, address, account }) => {
      const counter = find(path)
      // Both are counted, whichever refuses.
      const outcomes = await Promise.allSettled([
        counter?.accounts.consume(accountKeys(account)),
        counter?.addresses.consume([addressKey(address)]),
      ])
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
    },
    forgive: async ({ path, account }) => {
      await find(path)?.accounts.reset(accountKeys(account))
    },
  }
}

/** In one spelling, of one length, and telling nobody who looks at the counts. */
function accountKeys(account: string | undefined): readonly string[] {
  if (account === undefined) return []
  const spelling = account.normalize('NFC').trim().toLowerCase()
  return [createHash('sha256').update(spelling).digest('base64url')]
}
