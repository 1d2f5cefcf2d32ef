import { normalizedExecutor } from '@graphql-tools/executor'
import type { ExecutionArgs, ExecutionResult, ValidationRule } from 'graphql'
import { anonymous } from '../engine/index.ts'
import { isPromise } from '../lib/is-promise.ts'
import { answerTypeName } from './answer-type-name.ts'
import type { ServerContext } from './create-graphql-handler.ts'
import type { MaskError } from './error-mask.ts'
import { isSingleResult } from './is-single-result.ts'
import type { Execute, ResolvedOptions } from './options.ts'
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

type StepOptions = Pick<ResolvedOptions, 'createContext' | 'execute'>

/** Puts the steps of all plugins together: those of each kind run in the order of their plugins. */
export function createOperationSteps(
  plugins: readonly OperationPlugin[],
  { createContext, execute }: StepOptions,
  maskError: MaskError,
): OperationSteps {
  const onUnidentified = hooksOf(plugins, 'onUnidentified')
  const beforeOperation = hooksOf(plugins, 'beforeOperation')
  const validationRules = hooksOf(plugins, 'validationRules')
  const afterOperation = hooksOf(plugins, 'afterOperation')
  const run = wrap(hooksOf(plugins, 'wrapExecute'), (args, { work }) => {
    const usually: Execute = given => (work ? work.run(() => executeUsually(given)) : executeUsually(given))
    return execute ? execute(args, usually, work) : usually(args)
  })
  const runSubscription = wrap(hooksOf(plugins, 'wrapSubscribe'), executeUsually)
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
    rulesFor: context => {
      const [rules = noRules, ...others] = validationRules
      return others.length === 0 ? rules(context) : validationRules.flatMap(every => every(context))
    },
    async execute(args, context) {
      try {
        for (const step of beforeExecution) {
          const waiting = step(args, context)
          if (waiting) await waiting
        }
        const answer = answerTypeName(args) ?? run(withContext(args, context), context)
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

const noRules: Hook<'validationRules'> = () => []

/** Executes as Yoga would by itself: one result, but for subscriptions. */
const executeUsually = normalizedExecutor as Execute

function wrap(
  wrappers: readonly ((run: RunOperation) => RunOperation)[],
  innermost: RunOperation,
): RunOperation {
  return wrappers.reduceRight((run, wrapper) => wrapper(run), innermost)
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
