import type { ServerResponse } from 'node:http'
import type { Plugin } from 'graphql-yoga'
import { RefractError } from '../../errors.ts'
import { type RateLimiter, type RateState, rateKey } from '../../limits/index.ts'
import type { ServerContext } from '../create-graphql-handler.ts'

/**
 * Lets each operation spend its cost, at least a point, of what its viewer has, or else of what its address has. A
 * request that is refused before it runs spends one point. Administrators spend nothing.
 */
export function useRateLimit(limiter: RateLimiter | undefined): Plugin<object, ServerContext> {
  if (!limiter) return {}

  async function spend({ record, res }: ServerContext, points: number): Promise<RateState | undefined> {
    if (record.spender === undefined) return undefined
    const state = await limiter?.spend(record.spender, points)
    record.spender = undefined
    if (state) writeState(res, state)
    return state
  }

  async function spendCost({ args }: { readonly args: { readonly contextValue?: unknown } }): Promise<void> {
    const context = args.contextValue as ServerContext
    const state = await spend(context, Math.max(1, context.record.cost ?? 1))
    if (state && !state.isAllowed) refuse(state)
  }

  return {
    async onRequestParse({ serverContext }) {
      const { record, res, http, identity } = serverContext
      record.spender = rateKey(null, http.address)
      const viewer = await identity.catch((error: unknown) => {
        // whoever tries one token after the other
        refuseKnown(limiter, serverContext)
        throw error
      })
      if (viewer.isAdministrator) record.spender = undefined
      else if (viewer.id !== null) record.spender = rateKey(viewer.id, http.address)
      refuseKnown(limiter, { record, res })
    },
    onExecute: spendCost,
    onSubscribe: spendCost,
    async onResultProcess({ serverContext }) {
      await spend(serverContext, 1)
    },
  }
}

/** Refuses a caller who is known to have nothing left, before any work is done. */
function refuseKnown(limiter: RateLimiter, { record, res }: Pick<ServerContext, 'record' | 'res'>): void {
  const state = record.spender === undefined ? undefined : limiter.refusal(record.spender)
  if (!state) return
  record.spender = undefined
  writeState(res, state)
  refuse(state)
}

function writeState(response: ServerResponse, { limit, remaining, secondsLeft }: RateState): void {
  if (response.headersSent) return
  response.setHeader('RateLimit-Limit', limit)
  response.setHeader('RateLimit-Remaining', remaining)
  response.setHeader('RateLimit-Reset', secondsLeft)
}

function refuse({ limit, secondsLeft }: RateState): never {
  throw new RefractError(
    'RATE_LIMITED',
    `Too many requests: the ${limit} points of this window are spent. There are new ones in ${secondsLeft} seconds.`,
    { retryAfterSeconds: secondsLeft },
  )
}
