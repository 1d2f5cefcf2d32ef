import { RefractError } from '../../errors.ts'
import { type RateLimiter, type RateState, rateKey } from '../../limits/index.ts'
import type { AnswerWay } from '../answer-way.ts'
import type { ServerContext } from '../create-graphql-handler.ts'
import type { OperationPlugin } from './operation-plugin.ts'

/**
 * Lets each operation spend its cost, at least a point, of what its viewer has, or else of what its address has. A
 * request that is refused before it runs spends one point. Administrators spend nothing.
 */
export function useRateLimit(limiter: RateLimiter | undefined): OperationPlugin {
  if (!limiter) return {}

  async function spend({ record, way }: ServerContext, points: number): Promise<RateState | undefined> {
    if (record.spender === undefined) return undefined
    const state = await limiter?.spend(record.spender, points)
    record.spender = undefined
    if (state) writeState(way, state)
    return state
  }

  async function spendCost({ args }: { readonly args: { readonly contextValue?: unknown } }): Promise<void> {
    const context = args.contextValue as ServerContext
    const state = await spend(context, Math.max(1, context.record.cost ?? 1))
    if (state && !state.isAllowed) refuse(state)
  }

  return {
    async beforeOperation(context) {
      const { record, way, http, identity } = context
      record.spender = rateKey(null, http.address)
      const { viewer } = await identity.catch((error: unknown) => {
        // whoever tries one token after the other
        refuseKnown(limiter, context)
        throw error
      })
      if (viewer.isAdministrator) record.spender = undefined
      else if (viewer.id !== null) record.spender = rateKey(viewer.id, http.address)
      refuseKnown(limiter, { record, way })
    },
    onExecute: spendCost,
    onSubscribe: spendCost,
    async afterOperation(answer, context) {
      await spend(context, 1)
      return answer
    },
  }
}

/** Refuses a caller who is known to have nothing left, before any work is done. */
function refuseKnown(limiter: RateLimiter, { record, way }: Pick<ServerContext, 'record' | 'way'>): void {
  const state = record.spender === undefined ? undefined : limiter.refusal(record.spender)
  if (!state) return
  record.spender = undefined
  writeState(way, state)
  refuse(state)
}

function writeState(way: AnswerWay, { limit, remaining, secondsLeft }: RateState): void {
  way.setHeader('RateLimit-Limit', limit)
  way.setHeader('RateLimit-Remaining', remaining)
  way.setHeader('RateLimit-Reset', secondsLeft)
}

function refuse({ limit, secondsLeft }: RateState): never {
  throw new RefractError(
    'RATE_LIMITED',
    `Too many requests: the ${limit} points of this window are spent. There are new ones in ${secondsLeft} seconds.`,
    { retryAfterSeconds: secondsLeft },
  )
}
