import type { GraphQLResolveInfo } from 'graphql'
import type { RelationField } from '../datamodel/model.ts'
import type { Row } from '../operations/client.ts'
import { keyText } from '../operations/key.ts'
import { findByKeys } from '../operations/read/find-by-keys.ts'
import { hasLink, toRelated } from '../operations/read/relation-link.ts'
import type { EngineContext } from './builder.ts'
import { createLoader, sharedAt } from './loaders.ts'
import { readSelection } from './read-selection.ts'
import { placeOf } from './selection.ts'

/** The related row of a to-one relation, or null. All rows at the same place of the operation share one statement. */
export async function loadToOne(
  relation: RelationField,
  parent: Row,
  context: EngineContext,
  info: GraphQLResolveInfo,
): Promise<Row | null> {
  if (!hasLink(relation, parent)) return null
  const scope = context.refract
  const target = scope.datamodel.model(relation.target)
  const loader = await sharedAt(scope, placeOf(info), async () => {
    const select = readSelection(target, info, context)
    return createLoader<Row, Row | null>(
      keys => findByKeys(scope, target, relation.to, keys, select),
      key => keyText(target, relation.to, key),
    )
  })
  return loader.load(toRelated(relation, parent))
}
