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

  async function spendCost(context: ServerContext): Promise<void> {
    const state = await spend(context, Math.max(1, context.record.cost ?? 1))
    if (state && !state.isAllowed) refuse(state)
  }

  return {
    onUnidentified(context) {
      // whoever tries one token after the other
      context.record.spender = rateKey(null, context.http.address)
      refuseKnown(limiter, context)
    },
    beforeOperation(context, { viewer }) {
      if (viewer.isAdministrator) return
      context.record.spender = rateKey(viewer.id, context.http.address)
      refuseKnown(limiter, context)
    },
    beforeExecution: (_args, context) => spendCost(context),
    afterOperation(answer, context) {
      return context.record.spender === undefined ? answer : spend(context, 1).then(() => answer)
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
