import type { GraphQLResolveInfo } from 'graphql'
import { lazy } from '../../lib/lazy.ts'
import type { Model } from '../datamodel/model.ts'
import type { Where } from '../operations/client.ts'
import { findAggregates } from '../operations/read/aggregate.ts'
import { findList } from '../operations/read/find-list.ts'
import { findGroups } from '../operations/read/group-by.ts'
import { translateOrder } from '../operations/read/order.ts'
import { createPage } from '../operations/read/page.ts'
import { visible } from '../operations/scope.ts'
import { translateFilter } from '../operations/where/translate-filter.ts'
import { allOf, everyRow } from '../policy/logic.ts'
import type { EngineContext } from './builder.ts'
import { type ConnectionSource, connectionWish, type ListArguments } from './connection-source.ts'
import { cursorsOf } from './cursors.ts'
import { readSelection } from './read-selection.ts'

/**
 * The rows of a model that exist for the viewer and meet `condition` as well, from the query root: at most one statement each for the page, the
 * aggregates and each grouping.
 */
export async function rootConnection(
  model: Model,
  args: ListArguments,
  context: EngineContext,
  info: GraphQLResolveInfo,
  condition: Where = everyRow,
): Promise<ConnectionSource> {
  const scope = context.refract
  const order = translateOrder(scope, model, args.orderBy)
  const page = createPage(scope, order, args)
  const where = visible(scope, model, allOf([condition, await translateFilter(scope, model, args.where)]))
  const { aggregateWish, more: wantsMore } = connectionWish(info, model, page)
  const select = readSelection(model, info, context, [['nodes'], ['edges', 'node']])
  const aggregates = lazy(() => findAggregates(scope, model, where, aggregateWish))
  return {
    where,
    cursor: cursorsOf(scope, model, order),
    page: lazy(() => findList(scope, { model, where, order, page, select, wantsMore })),
    count: async () => (await aggregates()).count,
    aggregates,
    groups: (_, read) => findGroups(scope, { ...read, model, where }),
  }
}
