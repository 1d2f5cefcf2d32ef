import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { RefractError } from '../../errors.ts'
import type { ServerContext } from '../create-graphql-handler.ts'
import { isSingleResult } from '../is-single-result.ts'
import type { ResolvedOptions, Work } from '../options.ts'

type TimeLimitOptions = Pick<ResolvedOptions, 'operationMilliseconds' | 'startWork' | 'log'>

/**
 * How long a mutation that is out of time has to end: its statements are cancelled and its transaction is rolled back by
 * then, or its commit was on its way already and what it wrote is told.
 */
const settlingMilliseconds = 250

/**
 * Ends operations that run too long, and those whose client has gone away: their SQL is cancelled, their transactions
 * roll back. A client that is still there gets TIMEOUT.
 */
export function useTimeLimit(options: TimeLimitOptions): Plugin<object, ServerContext> {
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args: ExecutionArgs) => {
        const work = options.startWork()
        const result: unknown = work.run(() => executeFn(args))
        return isPromise(result) ? endInTime(result, work, args, options) : result
      })
    },
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value
}

/** The result, or TIMEOUT; nothing of interest where the client has gone. */
function endInTime(
  result: Promise<unknown>,
  work: Work,
  args: ExecutionArgs,
  { operationMilliseconds, log }: TimeLimitOptions,
): Promise<unknown> {
  const { res, record } = args.contextValue as ServerContext
  let isOver = false
  return new Promise((resolve, reject) => {
    const end = (outcome: Promise<unknown>) => {
      isOver = true
      stop()
      work.cancel()
      resolve(outcome)
    }
    const expire = () => {
      log.warn(`An operation was cancelled after ${operationMilliseconds} ms.`, {
        requestId: record.requestId,
        operationName: record.operationName,
      })
      const isMutation = record.operationType === 'mutation'
      end((isMutation ? settle(result) : nothing).then(data => data ?? timedOut(res, operationMilliseconds)))
    }
    const leave = () => {
      if (!res.writableFinished) end(Promise.resolve({ data: null }))
    }
    const timer = operationMilliseconds === 0 ? undefined : setTimeout(expire, operationMilliseconds)
    res.once('close', leave)
    function stop(): void {
      clearTimeout(timer)
      res.off('close', leave)
    }
    const pass = (finish: (value: unknown) => void) => (value: unknown) => {
      stop()
      // what a cancelled operation says of its cancelled statements is nobody's business
      if (!isOver) finish(value)
    }
    result.then(pass(resolve), pass(reject))
  })
}

const nothing: Promise<undefined> = Promise.resolve(undefined)

/** What a mutation that was cancelled wrote nevertheless; undefined where it did not. */
async function settle(result: Promise<unknown>): Promise<ExecutionResult | undefined> {
  const settled = await Promise.race([result.catch(() => undefined), wait(settlingMilliseconds)])
  return isSingleResult(settled) && !settled.errors ? settled : undefined
}

function timedOut(response: ServerResponse, milliseconds: number): ExecutionResult {
  response.setHeader('Retry-After', 1)
  const error = new RefractError(
    'TIMEOUT',
    `This operation took longer than ${milliseconds / 1_000} seconds and was cancelled. Ask for less, or send it again.`,
  )
  return { errors: [new GraphQLError(error.message, { originalError: error })] }
}
