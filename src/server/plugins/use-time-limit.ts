import { setTimeout as wait } from 'node:timers/promises'
import { type ExecutionResult, GraphQLError } from 'graphql'
import { RefractError } from '../../errors.ts'
import { isPromise } from '../../lib/is-promise.ts'
import type { AnswerWay } from '../answer-way.ts'
import type { ServerContext } from '../create-graphql-handler.ts'
import { isSingleResult } from '../is-single-result.ts'
import type { ResolvedOptions, Work } from '../options.ts'
import type { OperationAnswer, OperationPlugin } from './operation-plugin.ts'

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
export function useTimeLimit(options: TimeLimitOptions): OperationPlugin {
  return {
    wrapExecute: run => (args, context) => {
      const work = options.startWork()
      context.work = work
      const result = run(args, context)
      return isPromise(result) ? new Run(result, work, context, options).outcome() : result
    },
  }
}

/** An operation that is running. A class, since its functions are made once and not for each operation. */
class Run {
  readonly #result: Promise<OperationAnswer>
  readonly #work: Work
  readonly #context: ServerContext
  readonly #options: TimeLimitOptions
  #timer: NodeJS.Timeout | undefined
  #isOver = false
  #resolve: (value: OperationAnswer | Promise<OperationAnswer>) => void = ignore

  constructor(
    result: Promise<OperationAnswer>,
    work: Work,
    context: ServerContext,
    options: TimeLimitOptions,
  ) {
    this.#result = result
    this.#work = work
    this.#context = context
    this.#options = options
  }

  /** The result, or TIMEOUT; nothing of interest where the client has gone. */
  outcome(): Promise<OperationAnswer> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      const { operationMilliseconds } = this.#options
      if (operationMilliseconds > 0) this.#timer = setTimeout(expire, operationMilliseconds, this)
      const { way } = this.#context
      const leave = () => this.#leave()
      way.onClose(leave)
      const stop = () => {
        clearTimeout(this.#timer)
        way.offClose(leave)
        return this.#isOver
      }
      // what a cancelled operation says of its cancelled statements is nobody's business
      this.#result.then(
        value => stop() || resolve(value),
        error => stop() || reject(error),
      )
    })
  }

  expire(): void {
    const { operationMilliseconds, log } = this.#options
    const { record, way } = this.#context
    log.warn(`An operation was cancelled after ${operationMilliseconds} ms.`, {
      requestId: record.requestId,
      operationName: record.operationName,
    })
    const isMutation = record.operationType === 'mutation'
    this.#end(
      (isMutation ? settle(this.#result) : nothing).then(
        data => data ?? timedOut(way, operationMilliseconds),
      ),
    )
  }

  #leave(): void {
    if (!this.#context.way.isDelivered) this.#end(Promise.resolve({ data: null }))
  }

  #end(outcome: Promise<OperationAnswer>): void {
    this.#isOver = true
    clearTimeout(this.#timer)
    this.#work.cancel()
    this.#resolve(outcome)
  }
}

function expire(run: Run): void {
  run.expire()
}

const ignore = (): void => undefined

const nothing: Promise<undefined> = Promise.resolve(undefined)

/** What a mutation that was cancelled wrote nevertheless; undefined where it did not. */
async function settle(result: Promise<OperationAnswer>): Promise<ExecutionResult | undefined> {
  const settled = await Promise.race([result.catch(() => undefined), wait(settlingMilliseconds)])
  return isSingleResult(settled) && !settled.errors ? settled : undefined
}

function timedOut(way: AnswerWay, milliseconds: number): ExecutionResult {
  way.setHeader('Retry-After', 1)
  const error = new RefractError(
    'TIMEOUT',
    `This operation took longer than ${milliseconds / 1_000} seconds and was cancelled. Ask for less, or send it again.`,
  )
  return { errors: [new GraphQLError(error.message, { originalError: error })] }
}
