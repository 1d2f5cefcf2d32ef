import { describeError } from '../observe/describe-error.ts'
import type { Log } from '../observe/log.ts'

export interface Readiness {
  readonly status: 200 | 503
  readonly body: { readonly status: 'ready' | 'unavailable' | 'closing'; readonly reason?: string }
}

export interface ReadinessOptions {
  readonly ping: () => Promise<void>
  readonly log: Log
  readonly isClosing: () => boolean
  /** Longest wait for the database. */
  readonly pingMilliseconds?: number
}

/**
 * Returns the check behind `/health/ready`. Probes that come at the same time share one ping, so that probing cannot
 * pile up on a database that hangs.
 */
export function createReadinessCheck({
  ping,
  log,
  isClosing,
  pingMilliseconds = 2_000, // 2 seconds
}: ReadinessOptions): () => Promise<Readiness> {
  let running: Promise<Readiness> | undefined

  async function check(): Promise<Readiness> {
    try {
      await within(ping(), pingMilliseconds)
      return { status: 200, body: { status: 'ready' } }
    } catch (error) {
      log.warn('Not ready: the database does not answer.', { err: describeError(error) })
      return { status: 503, body: { status: 'unavailable', reason: 'The database does not answer.' } }
    } finally {
      running = undefined
    }
  }

  return () => {
    if (isClosing()) {
      return Promise.resolve({
        status: 503,
        body: { status: 'closing', reason: 'This server is shutting down.' },
      })
    }
    running ??= check()
    return running
  }
}

async function within(promise: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds)
  })
  try {
    await Promise.race([promise, timeout])
  } finally {
    clearTimeout(timer)
  }
}
