import type { GraphQLResolveInfo } from 'graphql'
import type { Model } from '../datamodel/model.ts'
import type { Row, Where } from '../operations/client.ts'
import { type AggregateResult, type AggregateWish, aggregateFunctions } from '../operations/read/aggregate.ts'
import type { Group, GroupRead } from '../operations/read/group-read.ts'
import type { PageResult } from '../operations/read/list-query.ts'
import type { Page, PageArguments } from '../operations/read/page.ts'
import { selectedFields } from './selection.ts'

/** The arguments of a list field, as GraphQL gives them. */
export interface ListArguments extends PageArguments {
  readonly where?: Readonly<Record<string, unknown>> | null
  readonly orderBy?: readonly Readonly<Record<string, unknown>>[] | null
}

/** What stands behind a connection object: nothing is read before a field of it asks. */
export interface ConnectionSource {
  readonly where: Where
  page(): Promise<PageResult>
  /** The cursor of a row of the page. */
  cursor(row: Row): Promise<string>
  count(): Promise<number>
  aggregates(): Promise<AggregateResult>
  /** `place` tells apart the groupings that one operation asks for. */
  groups(place: string, read: Omit<GroupRead, 'model' | 'where'>): Promise<readonly Group[]>
}

/** What an operation asks of a connection, known before any of it runs. */
export interface ConnectionWish {
  readonly page: boolean
  /** Whether there are rows behind the page: for a page that is read backwards, ahead of it. */
  readonly more: boolean
  readonly count: boolean
  readonly aggregates: boolean
  readonly aggregateWish: AggregateWish
}

export function connectionWish(
  info: GraphQLResolveInfo,
  model: Model,
  { isBackward }: Pick<Page, 'isBackward'>,
): ConnectionWish {
  const names = new Set(selectedFields(info).map(node => node.name.value))
  const asked = new Set(selectedFields(info, ['aggregate']).map(node => node.name.value))
  return {
    more: wantsMore(info, isBackward),
    page: names.has('nodes') || names.has('edges') || names.has('pageInfo'),
    count: names.has('totalCount') || asked.has('count'),
    aggregates: aggregateFunctions.some(name => asked.has(name)),
    aggregateWish: aggregateWish(info, model, ['aggregate']),
  }
}

/** Facts of a page that its own rows tell, or its arguments. */
const tellsNoMore: ReadonlySet<string> = new Set(['startCursor', 'endCursor', '__typename'])

function wantsMore(info: GraphQLResolveInfo, isBackward: boolean): boolean {
  const behind = isBackward ? 'hasNextPage' : 'hasPreviousPage'
  return selectedFields(info, ['pageInfo']).some(
    ({ name: { value } }) => value !== behind && !tellsNoMore.has(value),
  )
}

/** The aggregates that are asked for below a path of the resolved field. */
export function aggregateWish(
  info: GraphQLResolveInfo,
  model: Model,
  path: readonly string[],
): AggregateWish {
  return Object.fromEntries(
    aggregateFunctions.map(name => {
      const asked = new Set(selectedFields(info, [...path, name]).map(node => node.name.value))
      return [name, model.scalars.filter(field => asked.has(field.graphqlName)).map(field => field.name)]
    }),
  )
}
