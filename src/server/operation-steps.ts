import { normalizedExecutor } from '@graphql-tools/executor'
import type { ExecutionArgs, ExecutionResult, ValidationRule } from 'graphql'
import { anonymous } from '../engine/index.ts'
import { isPromise } from '../lib/is-promise.ts'
import type { ServerContext } from './create-graphql-handler.ts'
import type { MaskError } from './error-mask.ts'
import { isSingleResult } from './is-single-result.ts'
import type { ResolvedOptions } from './options.ts'
import type { OperationAnswer, OperationPlugin, RunOperation } from './plugins/operation-plugin.ts'

/** The steps of an operation from its arrival to its answer, but for reading, parsing and validating its document. */
export interface OperationSteps {
  /**
   * All that comes before the parameters are looked at: who asks, and whether he may.
   *
   * @throws GraphQLError as the client may see it
   */
  before(context: ServerContext): Promise<void>
  /** Rules that a document has to keep for this caller, besides those of GraphQL. */
  rulesFor(context: ServerContext): readonly ValidationRule[]
  /**
   * Runs a query or a mutation that is parsed and valid. The errors of its answer are as the client may see them.
   *
   * @throws GraphQLError as the client may see it
   */
  execute(args: ExecutionArgs, context: ServerContext): Promise<OperationAnswer>
  /** Runs a subscription. Errors of its events are as they were thrown. */
  subscribe(args: ExecutionArgs, context: ServerContext): Promise<OperationAnswer>
  /** The answer as the client gets it. */
  after(answer: ExecutionResult, context: ServerContext): Promise<ExecutionResult>
}

type StepOptions = Pick<ResolvedOptions, 'createContext' | 'read'>

/** Puts the steps of all plugins together: those of each kind run in the order of their plugins. */
export function createOperationSteps(
  plugins: readonly OperationPlugin[],
  { createContext, read }: StepOptions,
  maskError: MaskError,
): OperationSteps {
  const onUnidentified = hooksOf(plugins, 'onUnidentified')
  const beforeOperation = hooksOf(plugins, 'beforeOperation')
  const validationRules = hooksOf(plugins, 'validationRules')
  const afterOperation = hooksOf(plugins, 'afterOperation')
  const run = wrap(hooksOf(plugins, 'wrapExecute'), read ? readOrExecute(read) : execute)
  const runSubscription = wrap(hooksOf(plugins, 'wrapSubscribe'), execute)
  const beforeExecution = hooksOf(plugins, 'beforeExecution')

  async function identify(context: ServerContext) {
    try {
      return await context.identity
    } catch (error) {
      for (const step of onUnidentified) step(context)
      throw error
    }
  }

  const withContext = (args: ExecutionArgs, { http, record }: ServerContext): ExecutionArgs => ({
    ...args,
    contextValue: createContext({ http, viewer: record.viewer ?? anonymous }),
  })

  const maskErrors = (answer: OperationAnswer): OperationAnswer =>
    isSingleResult(answer) && answer.errors ? { ...answer, errors: answer.errors.map(maskError) } : answer

  return {
    async before(context) {
      try {
        const identity = await identify(context)
        context.record.viewer = identity.viewer
        for (const step of beforeOperation) step(context, identity)
      } catch (error) {
        throw maskError(error)
      }
    },
    rulesFor: context => validationRules.flatMap(rules => rules(context)),
    async execute(args, context) {
      try {
        for (const step of beforeExecution) {
          const waiting = step(args, context)
          if (waiting) await waiting
        }
        const answer = run(withContext(args, context), context)
        return maskErrors(isPromise(answer) ? await answer : answer)
      } catch (error) {
        throw maskError(error)
      }
    },
    async subscribe(args, context) {
      for (const step of beforeExecution) await step(args, context)
      return runSubscription(withContext(args, context), context)
    },
    async after(answer, context) {
      let changed = answer
      for (const step of afterOperation) {
        const next = step(changed, context)
        changed = isPromise(next) ? await next : next
      }
      return changed
    },
  }
}

/** Executes as Yoga would by itself. */
const execute: RunOperation = args => normalizedExecutor(args) as ReturnType<RunOperation>

/** Without resolvers, where that is possible. */
function readOrExecute(read: NonNullable<StepOptions['read']>): RunOperation {
  return (args, context) =>
    read(args)?.then(answer => answer ?? execute(args, context)) ?? execute(args, context)
}

function wrap(wrappers: readonly ((run: RunOperation) => RunOperation)[], last: RunOperation): RunOperation {
  return wrappers.reduceRight((run, wrapper) => wrapper(run), last)
}

type Hook<Name extends keyof OperationPlugin> = NonNullable<OperationPlugin[Name]>

/** The hooks of those plugins that have one. */
function hooksOf<Name extends keyof OperationPlugin>(
  plugins: readonly OperationPlugin[],
  name: Name,
): readonly Hook<Name>[] {
  return plugins.flatMap(plugin => {
    const hook = plugin[name]
    return hook ? [hook as Hook<Name>] : []
  })
}
