import { type DocumentNode, type GraphQLSchema, getOperationAST } from 'graphql'
import { getOrCreate } from '../../lib/get-or-create.ts'
import { type Amount, evaluate, type Variables } from './amount.ts'
import { compileCost } from './compile-cost.ts'
import type { PageSettings } from './compiling.ts'

/** An operation that is about to run: its document is valid in its schema. */
export interface MeteredOperation {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operationName?: string | null | undefined
  /** As they came. */
  readonly variables?: Variables | null | undefined
}

/** Returns what an operation may cost at most, in points: a whole number from 1 to 2⁵³ - 1. */
export type CostMeter = (operation: MeteredOperation) => number

/**
 * Returns a function that prices operations. What a document alone decides is worked out at its first request and kept
 * as long as the document is.
 *
 * Own code: `graphql-query-complexity` walks the whole document at each request, gives an estimator the price of what is
 * below a field only as one number (a page has to multiply `nodes`, but not `totalCount` beside it), and prices a field
 * twice that two fragments both select.
 */
export function createCostMeter(settings: PageSettings): CostMeter {
  const compiled = new WeakMap<GraphQLSchema, WeakMap<DocumentNode, Map<string, Amount>>>()

  function find({ schema, document, operationName }: MeteredOperation): Amount {
    const documents = getOrCreate(compiled, schema, () => new WeakMap<DocumentNode, Map<string, Amount>>())
    const amounts = getOrCreate(documents, document, () => new Map<string, Amount>())
    const known = amounts.get(operationName ?? '')
    if (known !== undefined) return known
    const operation = getOperationAST(document, operationName)
    // the executor refuses a name that is not there; it is not kept, since there is no end of such names
    if (!operation) return 1
    const amount = compileCost(schema, document, operation, settings)
    amounts.set(operationName ?? '', amount)
    return amount
  }

  return operation => Math.max(1, evaluate(find(operation), operation.variables ?? {}))
}
