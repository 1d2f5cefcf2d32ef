import type { ExecutionArgs } from 'graphql'
import { RefractError } from '../../errors.ts'
import { createCostMeter } from '../../limits/index.ts'
import type { ServerContext } from '../create-graphql-handler.ts'
import type { ResolvedOptions } from '../options.ts'
import type { OperationPlugin } from './operation-plugin.ts'

type CostOptions = Pick<ResolvedOptions, 'limits' | 'pages' | 'isCostAnnounced'>

/** Prices each operation before it runs, says the price in the answer, and refuses one that is over the limit. */
export function useCost({ limits, pages, isCostAnnounced }: CostOptions): OperationPlugin {
  const meter = createCostMeter(pages)
  const maximum = limits.cost

  function price(args: ExecutionArgs, { record, way }: ServerContext): void {
    const { schema, document, operationName, variableValues } = args
    const requested = meter({ schema, document, operationName, variables: variableValues })
    record.cost = requested
    if (isCostAnnounced) way.setHeader('X-Query-Cost', requested)
    if (requested > maximum) {
      throw new RefractError(
        'QUERY_TOO_COSTLY',
        `This operation may cost ${requested} points; at most ${maximum} are accepted. Ask for smaller pages, or for less inside of them.`,
        { requested, maximum },
      )
    }
  }

  return {
    beforeExecution: price,
    afterOperation(answer, { record }) {
      const requested = record.cost
      if (!isCostAnnounced || requested === undefined) return answer
      return { ...answer, extensions: { ...answer.extensions, cost: { requested, maximum } } }
    },
  }
}
