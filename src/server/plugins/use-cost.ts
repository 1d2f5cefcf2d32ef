import type { ExecutionArgs } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { RefractError } from '../../errors.ts'
import { createCostMeter } from '../../limits/index.ts'
import type { ServerContext } from '../create-graphql-handler.ts'
import { isSingleResult } from '../is-single-result.ts'
import type { ResolvedOptions } from '../options.ts'

type CostOptions = Pick<ResolvedOptions, 'limits' | 'pages' | 'isCostAnnounced'>

/** Prices each operation before it runs, says the price in the answer, and refuses one that is over the limit. */
export function useCost({ limits, pages, isCostAnnounced }: CostOptions): Plugin<object, ServerContext> {
  const meter = createCostMeter(pages)
  const maximum = limits.cost

  function price({ args }: { readonly args: ExecutionArgs }): void {
    const { schema, document, operationName, variableValues } = args
    const { record, res } = args.contextValue as ServerContext
    const requested = meter({ schema, document, operationName, variables: variableValues })
    record.cost = requested
    if (isCostAnnounced) res.setHeader('X-Query-Cost', requested)
    if (requested > maximum) {
      throw new RefractError(
        'QUERY_TOO_COSTLY',
        `This operation may cost ${requested} points; at most ${maximum} are accepted. Ask for smaller pages, or for less inside of them.`,
        { requested, maximum },
      )
    }
  }

  return {
    onExecute: price,
    onSubscribe: price,
    onResultProcess({ result, setResult, serverContext }) {
      const requested = serverContext.record.cost
      if (!isCostAnnounced || requested === undefined || !isSingleResult(result)) return
      setResult({ ...result, extensions: { ...result.extensions, cost: { requested, maximum } } })
    },
  }
}
