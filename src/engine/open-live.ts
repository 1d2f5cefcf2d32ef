import {
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  getOperationAST,
  getVariableValues,
} from 'graphql'
import type { ChangeFeed } from './changes/change-feed.ts'
import { createLiveQueries, type LiveQueries, type LiveSettings } from './changes/live-queries.ts'
import type { Results, Sharing } from './run-subscription.ts'
import type { EngineContext } from './schema/builder.ts'
import { findLiveModels, type LiveModelsOptions } from './schema/live-models.ts'

export interface LiveOptions {
  readonly changes: ChangeFeed
  readonly isGenerated: LiveModelsOptions['isGenerated']
  readonly settings?: LiveSettings
}

/** Runs live queries: the answer at once, and anew when a model that it depends on has changed and it is another one. */
export function createLiveRunner({
  changes,
  isGenerated,
  settings,
}: LiveOptions): (args: ExecutionArgs, sharing: Sharing) => Promise<Results | ExecutionResult> {
  let recorded: ReadonlySet<string> = new Set()
  const live = createLiveQueries(model => recorded.has(model), settings)
  return async (args, sharing) => {
    const { schema, document, operationName } = args
    const definitions = getOperationAST(document, operationName)?.variableDefinitions ?? []
    const { coerced, errors } = getVariableValues(schema, definitions, args.variableValues ?? {})
    if (!coerced) return { errors }
    const { refract } = args.contextValue as EngineContext
    try {
      recorded = await changes.recordedModels()
      const models = findLiveModels({
        document,
        schema,
        variables: coerced,
        access: refract.access,
        isGenerated,
      })
      const stop = await changes.watch(changed => live.changed(changed))
      return endingWith(openQuery(live, args, sharing, models), stop)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      return failure(error)
    }
  }
}

function failure(error: Error): ExecutionResult {
  return { errors: [new GraphQLError(error.message, { originalError: error })] }
}

function openQuery(
  live: LiveQueries,
  args: ExecutionArgs,
  sharing: Sharing,
  models: ReadonlySet<string> | null,
): Results {
  return live.open({
    key: sharing.keyOf(args),
    models,
    run: async () => execute({ ...args, rootValue: {}, contextValue: sharing.refresh(args.contextValue) }),
  })
}

/** The results, a failure as the last one, with something to be done when nobody wants them any more. */
function endingWith(results: Results, onEnd: () => void): Results {
  return {
    async next() {
      try {
        const result = await results.next()
        if (result.done) onEnd()
        return result
      } catch (error) {
        onEnd()
        if (!(error instanceof Error)) throw error
        return { done: false, value: failure(error) }
      }
    },
    async return() {
      onEnd()
      await results.return?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
