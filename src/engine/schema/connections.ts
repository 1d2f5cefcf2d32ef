import type { ObjectRef } from '@pothos/core'
import { readAs } from '../compiled/read-mark.ts'
import { isOrderable } from '../datamodel/column-kind.ts'
import type { Model } from '../datamodel/model.ts'
import type { Row } from '../operations/client.ts'
import { aggregateRef } from './aggregates.ts'
import { type EngineTypes, objectType, type SchemaBuild } from './builder.ts'
import type { ConnectionSource } from './connection-source.ts'
import { filterInput } from './filters.ts'
import { groupByField } from './groups.ts'
import { canRead, offered } from './offers.ts'
import { hasOrder, orderInput } from './orderings.ts'
import { selectedFields } from './selection.ts'

interface Edge {
  readonly node: Row
  readonly source: ConnectionSource
}

export type ConnectionRef = ObjectRef<EngineTypes, ConnectionSource>

/** The arguments of every list field. */
export function listArguments(build: SchemaBuild, model: Model) {
  const { defaultPageSize, maximumPageSize } = build.settings
  return build.builder.args(t => ({
    where: t.field({ type: filterInput(build, model) }),
    ...(hasOrder(model) ? { orderBy: t.field({ type: [orderInput(build, model)] }) } : {}),
    first: t.int({
      description: `Rows of the page, from the start or behind \`after\`: at most ${maximumPageSize}; ${defaultPageSize} without \`first\` and \`last\`.`,
    }),
    after: t.string({ description: 'The cursor of the row that the page starts behind.' }),
    last: t.int({ description: 'Rows of the page, from the end or ahead of `before`.' }),
    before: t.string({ description: 'The cursor of the row that the page ends before.' }),
    offset: t.int({ description: 'Rows to pass over. For large lists, cursors are faster.' }),
  }))
}

/** `IssueConnection`: a page of rows, and what can be said of all rows that match. */
export function connectionRef(build: SchemaBuild, model: Model): ConnectionRef {
  return objectType<ConnectionSource>(build, build.names.derived(model, 'Connection'), {
    extensions: offered(canRead(model)),
    fields: t => ({
      edges: t.field({
        type: [edgeRef(build, model)],
        extensions: readAs({ kind: 'edges' }),
        resolve: async source => {
          const { rows } = await source.page()
          return rows.map(node => ({ node, source }))
        },
      }),
      nodes: t.field({
        type: [build.rowRef(model)],
        extensions: readAs({ kind: 'rows' }),
        resolve: async source => [...(await source.page()).rows],
      }),
      pageInfo: t.field({
        type: build.builder.pageInfoRef(),
        extensions: readAs({ kind: 'pageInfo' }),
        resolve: async (source, _, __, info) => {
          const { rows, hasNextPage, hasPreviousPage } = await source.page()
          const asked = new Set(selectedFields(info).map(node => node.name.value))
          const cursorOf = (name: string, row: Row | undefined) =>
            row && asked.has(name) ? source.cursor(row) : null
          const [startCursor, endCursor] = await Promise.all([
            cursorOf('startCursor', rows[0]),
            cursorOf('endCursor', rows.at(-1)),
          ])
          return { hasNextPage, hasPreviousPage, startCursor, endCursor }
        },
      }),
      totalCount: t.int({
        extensions: readAs({ kind: 'totalCount' }),
        description: 'How many rows match, on all pages.',
        resolve: source => source.count(),
      }),
      aggregate: t.field({
        type: aggregateRef(build, model),
        extensions: readAs({ kind: 'aggregate' }),
        description: 'Over all rows that match, on all pages.',
        resolve: source => source,
      }),
      ...(model.scalars.some(isOrderable) ? { groupBy: groupByField(build, model, t) } : {}),
    }),
  })
}

function edgeRef(build: SchemaBuild, model: Model): ObjectRef<EngineTypes, Edge> {
  return objectType<Edge>(build, build.names.derived(model, 'Edge'), {
    fields: t => ({
      cursor: t.string({
        extensions: readAs({ kind: 'cursor' }),
        resolve: edge => edge.source.cursor(edge.node),
      }),
      node: t.field({
        type: build.rowRef(model),
        extensions: readAs({ kind: 'edgeRow' }),
        resolve: edge => edge.node,
      }),
    }),
  })
}
