import type { GraphQLResolveInfo } from 'graphql'
import type { Model } from '../datamodel/model.ts'
import type { Select, Where } from '../operations/client.ts'
import { asking, readOf } from '../operations/read/read-along.ts'
import type { ModelAccess } from '../policy/model-access.ts'
import type { EngineContext } from './builder.ts'
import { selectedFields, selectFromInfo } from './selection.ts'
import { viewerCanField } from './viewer-can.ts'

/**
 * `selectFromInfo` for rows that are about to be read, which asks as well for the conditions of their relations and of
 * `viewerCan`, so that these take no statement of their own where they can be decided by looking at a row.
 *
 * @param paths as of `selectFromInfo`; without them the field itself gives the rows
 * @returns an empty selection where nothing is asked of the rows
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
  return asking(select, new Map(paths.flatMap(path => conditionsAt(access.of(model), info, path))))
}

type NamedCondition = readonly [name: string, condition: Where]

/** The conditions that the fields at a path ask for; those of columns are read along anyway. */
function conditionsAt(
  access: ModelAccess,
  info: GraphQLResolveInfo,
  path: readonly string[],
): readonly NamedCondition[] {
  return selectedFields(info, path).flatMap(({ name: { value: name } }): readonly NamedCondition[] => {
    const field = access.model.fields.find(({ graphqlName }) => graphqlName === name)
    if (field) return field.kind === 'scalar' ? [] : [[readOf(field.name), access.field(field.name).read]]
    return name === viewerCanField ? conditionsOfViewerCan(access, info, [...path, name]) : []
  })
}

function conditionsOfViewerCan(
  access: ModelAccess,
  info: GraphQLResolveInfo,
  path: readonly string[],
): readonly NamedCondition[] {
  const asked = selectedFields(info, path).map(({ name }) => name.value)
  return (['update', 'delete'] as const)
    .filter(operation => asked.includes(operation))
    .map(operation => [operation, access[operation]])
}
