import {
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  getOperationAST,
  getVariableValues,
} from 'graphql'
import type { ChangeFeed } from './changes/change-feed.ts'
import { createLiveQueries, type LiveSettings } from './changes/live-queries.ts'
import { followKey } from './follow-key.ts'
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
    try {
      recorded = await changes.recordedModels()
      const modelsNow = () =>
        findLiveModels({
          document,
          schema,
          variables: coerced,
          access: (sharing.refresh(args.contextValue) as EngineContext).refract.access,
          isGenerated,
        })
      const query = {
        key: followKey(args, sharing),
        models: modelsNow,
        run: async () =>
          execute({ ...args, rootValue: {}, contextValue: sharing.refresh(args.contextValue) }),
      }
      const stop = await changes.watch(changed => live.changed(changed))
      return openOrStop(() => live.open(query), stop)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      return failure(error)
    }
  }
}

function failure(error: Error): ExecutionResult {
  return { errors: [new GraphQLError(error.message, { originalError: error })] }
}

/** What is watched for a query that cannot be opened is watched no longer. */
function openOrStop(open: () => Results, stop: () => void): Results {
  try {
    return endingWith(open(), stop)
  } catch (error) {
    stop()
    throw error
  }
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
