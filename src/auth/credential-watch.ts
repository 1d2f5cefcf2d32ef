import { isDeepStrictEqual } from 'node:util'
import { createViewer, type Viewer } from '../engine/index.ts'
import { callAt } from '../lib/call-at.ts'
import type { Log } from '../observe/log.ts'
import type { Credential, Identity, RecheckCredentials } from './identity.ts'

/**
 * Why a connection may not go on as whom it was opened:
 * - `expired`: the token's own time is over
 * - `ended`: signed out, revoked, or its user may not sign in any more
 * - `changed`: the same credentials mean another viewer now, such as one with other roles
 * - `unconfirmed`: nobody can say, or could say for too long
 */
export type CredentialEnd = 'expired' | 'ended' | 'changed' | 'unconfirmed'

/** Follows the credentials of connections that stay open. */
export interface CredentialWatch {
  /** Calls back, once, when an identity does not hold any more. Returns what ends the watch. */
  watch(identity: Identity, onEnd: (end: CredentialEnd) => void): () => void
}

export interface CredentialWatchOptions {
  /** Looks at credentials again; without it they are `unconfirmed` at their longest age. */
  readonly recheck?: RecheckCredentials | undefined
  /** How long credentials hold that cannot be looked at again. */
  readonly longestMilliseconds: number
  readonly log: Log
  /** From one look at all open credentials to the next. */
  readonly checkMilliseconds?: number
  /** How long credentials hold while looking at them fails. */
  readonly unconfirmedMilliseconds?: number
}

interface Watched {
  readonly identity: Identity
  readonly credential: Credential
  readonly end: (end: CredentialEnd) => void
  /** Of `performance.now()`. */
  confirmedAt: number
}

/** Returns a watch that looks at all open credentials together, once a second while there are any. */
export function createCredentialWatch(options: CredentialWatchOptions): CredentialWatch {
  const { recheck, longestMilliseconds } = options
  const follow = recheck && createChecks({ ...options, recheck })
  return {
    watch(identity, onEnd) {
      const stops: (() => void)[] = []
      let isOver = false
      const stop = () => {
        isOver = true
        for (const each of stops) each()
      }
      const end = (reason: CredentialEnd) => {
        if (isOver) return
        stop()
        onEnd(reason)
      }
      const { credential, endsAt } = identity
      if (endsAt !== undefined) stops.push(callAt(endsAt, () => end('expired')))
      if (credential) {
        stops.push(
          follow
            ? follow({ identity, credential, end, confirmedAt: performance.now() })
            : callAt(Date.now() + longestMilliseconds, () => end('unconfirmed')),
        )
      }
      return stop
    },
  }
}

/** Returns what adds a credential to those that are looked at; that returns what takes it out again. */
function createChecks(
  options: CredentialWatchOptions & { readonly recheck: RecheckCredentials },
): (watched: Watched) => () => void {
  const { recheck, log, checkMilliseconds = 1_000, unconfirmedMilliseconds = 30_000 } = options
  const open = new Set<Watched>()
  let timer: NodeJS.Timeout | undefined

  const look = async (asked: readonly Watched[]) => {
    try {
      return await within(unansweredMilliseconds, recheck(asked.map(({ credential }) => credential)))
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      log.warn(`The credentials of ${asked.length} open connections could not be looked at: ${reason}`)
      return undefined
    }
  }
  const check = async () => {
    const startedAt = performance.now()
    const asked = [...open]
    const found = asked.length > 0 ? await look(asked) : []
    asked.forEach((watched, index) => {
      if (found) judge(watched, found[index] ?? null)
      else if (performance.now() - watched.confirmedAt > unconfirmedMilliseconds) watched.end('unconfirmed')
    })
    timer = undefined
    if (open.size > 0) schedule(Math.max(0, checkMilliseconds - (performance.now() - startedAt)))
  }
  const schedule = (milliseconds: number) => {
    timer ??= setTimeout(() => void check(), milliseconds)
    timer.unref()
  }
  return watched => {
    open.add(watched)
    schedule(checkMilliseconds)
    return () => open.delete(watched)
  }
}

/** A look that takes longer has failed; others have to go on. */
const unansweredMilliseconds = 10_000 // 10 seconds

async function within<Result>(milliseconds: number, asked: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined
  const timeUp = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${milliseconds / 1_000} seconds`)),
      milliseconds,
    )
    timer.unref()
  })
  try {
    return await Promise.race([asked, timeUp])
  } finally {
    clearTimeout(timer)
  }
}

function judge(watched: Watched, found: Partial<Viewer> | null): void {
  const viewer = found && readViewer(found)
  if (!viewer) {
    watched.end('ended')
  } else if (!isDeepStrictEqual(viewer, watched.identity.viewer)) {
    watched.end('changed')
  } else {
    watched.confirmedAt = performance.now()
  }
}

/** Null for what makes no viewer, such as one with an object for a claim: nobody else's credentials suffer by it. */
function readViewer(found: Partial<Viewer>): Viewer | null {
  try {
    return createViewer(found)
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}
