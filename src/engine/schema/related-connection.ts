import type DataLoader from 'dataloader'
import type { GraphQLResolveInfo } from 'graphql'
import { lazy } from '../../lib/lazy.ts'
import type { Model, RelationField } from '../datamodel/model.ts'
import type { Row } from '../operations/client.ts'
import type { AggregateResult } from '../operations/read/aggregate.ts'
import { findRelated, type RelatedResult } from '../operations/read/find-related.ts'
import { findRelatedAggregates, findRelatedGroups } from '../operations/read/group-by.ts'
import type { Group } from '../operations/read/group-read.ts'
import { translateOrder } from '../operations/read/order.ts'
import { createPage } from '../operations/read/page.ts'
import { type Scope, visible } from '../operations/scope.ts'
import { translateFilter } from '../operations/where/translate-filter.ts'
import type { EngineContext } from './builder.ts'
import { type ConnectionSource, connectionWish, type ListArguments } from './connection-source.ts'
import { cursorsOf } from './cursors.ts'
import { createLoader, sharedAt } from './loaders.ts'
import { readSelection } from './read-selection.ts'
import { placeOf } from './selection.ts'

/** What all parents at one place of an operation share: the read, and the loaders that batch it over the parents. */
interface RelatedLoaders {
  readonly where: ConnectionSource['where']
  readonly cursor: ConnectionSource['cursor']
  readonly pages: DataLoader<Row, RelatedResult>
  readonly aggregates: DataLoader<Row, AggregateResult>
  readonly hasAggregates: boolean
}

/** The related rows of one parent; reads of all parents at the same place of the operation are batched. */
export async function relatedConnection(
  model: Model,
  relation: RelationField,
  parent: Row,
  args: ListArguments,
  context: EngineContext,
  info: GraphQLResolveInfo,
): Promise<ConnectionSource> {
  const scope = context.refract
  const loaders = await sharedAt(scope, placeOf(info), () =>
    createRelatedLoaders(model, relation, args, context, info),
  )
  const target = scope.datamodel.model(relation.target)
  const aggregates = lazy(() => loaders.aggregates.load(parent))
  const related = lazy(() => loaders.pages.load(parent))
  return {
    where: loaders.where,
    cursor: loaders.cursor,
    page: async () => (await related()).page,
    count: async () => (loaders.hasAggregates ? (await aggregates()).count : (await related()).count),
    aggregates: async () => (loaders.hasAggregates ? aggregates() : withCountOnly((await related()).count)),
    groups: async (place, read) => {
      const groups = await sharedAt(scope, place, async () =>
        createLoader<Row, readonly Group[]>(parents =>
          findRelatedGroups(scope, relation, { ...read, model: target, where: loaders.where }, parents),
        ),
      )
      return groups.load(parent)
    },
  }
}

async function createRelatedLoaders(
  parentModel: Model,
  relation: RelationField,
  args: ListArguments,
  context: EngineContext,
  info: GraphQLResolveInfo,
): Promise<RelatedLoaders> {
  const scope: Scope = context.refract
  const model = scope.datamodel.model(relation.target)
  const order = translateOrder(scope, model, args.orderBy)
  const page = createPage(scope, order, args)
  const where = visible(scope, model, await translateFilter(scope, model, args.where))
  const wish = connectionWish(info, model, page)
  const select = readSelection(model, info, context, [['nodes'], ['edges', 'node']])
  const list = { model, where, order, page, select, wantsMore: wish.more }
  const read = {
    parentModel,
    relation,
    list,
    wantsPage: wish.page,
    wantsCount: wish.count && !wish.aggregates,
  }
  return {
    where,
    cursor: cursorsOf(scope, model, order),
    hasAggregates: wish.aggregates,
    pages: createLoader<Row, RelatedResult>(parents => findRelated(scope, read, parents)),
    aggregates: createLoader<Row, AggregateResult>(parents =>
      findRelatedAggregates(scope, relation, { model, where, wish: wish.aggregateWish }, parents),
    ),
  }
}

function withCountOnly(count: number): AggregateResult {
  return { count, sum: {}, avg: {}, min: {}, max: {} }
}
