import type { GraphQLResolveInfo } from 'graphql'
import type { Model } from '../datamodel/model.ts'
import type { Select, Where } from '../operations/client.ts'
import { asking, readOf } from '../operations/read/read-along.ts'
import type { EngineContext } from './builder.ts'
import { selectedFields, selectFromInfo } from './selection.ts'
import { viewerCanField } from './viewer-can.ts'

/**
 * `selectFromInfo` for rows that are about to be read, which asks as well for the conditions of their relations and of
 * `viewerCan`, so that these take no statement of their own where they can be decided by looking at a row.
 */
export function readSelection(
  model: Model,
  info: GraphQLResolveInfo,
  context: EngineContext,
  paths: readonly (readonly string[])[] = [[]],
): Select {
  const typeName = paths.every(path => path.length === 0) ? model.typeName : undefined
  const select = selectFromInfo(info, context, typeName === undefined ? paths : [], typeName) ?? {}
  const { access } = context.refract
  if (access.isFull) return select
  const conditions = new Map<string, Where>()
  for (const path of paths) {
    for (const node of selectedFields(info, path)) {
      const name = node.name.value
      const field = model.fields.find(({ graphqlName }) => graphqlName === name)
      if (field && field.kind !== 'scalar')
        conditions.set(readOf(field.name), access.of(model).field(field.name).read)
      if (field || name !== viewerCanField) continue
      for (const { name: inner } of selectedFields(info, [...path, name])) {
        const operation = inner.value
        if (operation === 'update' || operation === 'delete')
          conditions.set(operation, access.of(model)[operation])
      }
    }
  }
  return asking(select, conditions)
}
