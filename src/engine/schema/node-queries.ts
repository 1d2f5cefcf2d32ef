import { brandWithType, type SchemaTypes } from '@pothos/core'
import type { GraphQLResolveInfo } from 'graphql'
import { RefractError } from '../../errors.ts'
import { readAs } from '../compiled/read-mark.ts'
import type { Model } from '../datamodel/model.ts'
import type { Row } from '../operations/client.ts'
import { keyText } from '../operations/key.ts'
import { decodeNodeId } from '../operations/node-id.ts'
import { findByKeys } from '../operations/read/find-by-keys.ts'
import type { EngineContext, SchemaBuild } from './builder.ts'
import { createLoader, sharedAt } from './loaders.ts'
import { isNode } from './objects.ts'
import { canRead } from './offers.ts'
import { readSelection } from './read-selection.ts'
import { placeOf } from './selection.ts'

/** Relay's object identification: `node` and `nodes`; one statement for each model among the ids. */
export function addNodeQueries(build: SchemaBuild): void {
  const { builder, settings } = build
  if (!build.datamodel.models.some(isNode)) return
  builder.queryField('node', t =>
    t.field({
      type: builder.nodeInterfaceRef(),
      nullable: true,
      extensions: readAs({ kind: 'node' }),
      description: 'A row of any model by its `nodeId`, or null.',
      args: { nodeId: t.arg.id({ required: true }) },
      resolve: (_, args, context, info) => loadNode(String(args.nodeId), context, info),
    }),
  )
  builder.queryField('nodes', t =>
    t.field({
      type: [builder.nodeInterfaceRef()],
      nullable: { list: false, items: true },
      extensions: readAs({ kind: 'nodes' }),
      description: `Rows of any models by their \`nodeId\`s, in the same order: at most ${settings.maximumNodeIds}.`,
      args: { nodeIds: t.arg.idList({ required: true }) },
      resolve: (_, args, context, info) => {
        if (args.nodeIds.length > settings.maximumNodeIds) {
          throw new RefractError(
            'BAD_USER_INPUT',
            `${args.nodeIds.length} node ids came; at most ${settings.maximumNodeIds} are allowed.`,
          )
        }
        return Promise.all(args.nodeIds.map(nodeId => loadNode(String(nodeId), context, info)))
      },
    }),
  )
}

async function loadNode(
  nodeId: string,
  context: EngineContext,
  info: GraphQLResolveInfo,
): Promise<Row | null> {
  const found = decodeNodeId(context.refract.datamodel, nodeId)
  // a type that the viewer does not have is as one that there is not
  if (!found || !isNode(found.model) || !canRead(found.model)(context.refract.access)) return null
  const loader = await nodeLoader(found.model, context, info)
  return loader.load(found.key)
}

function nodeLoader(model: Model, context: EngineContext, info: GraphQLResolveInfo) {
  const scope = context.refract
  const names = model.primaryKey?.fields ?? []
  return sharedAt(scope, `${placeOf(info)}:${model.name}`, async () => {
    const select = readSelection(model, info, context)
    return createLoader<Row, Row | null>(
      async keys => {
        const rows = await findByKeys(scope, model, names, keys, select)
        for (const row of rows)
          if (row) brandWithType(row, model.typeName as keyof SchemaTypes['Objects'] & string)
        return rows
      },
      key => keyText(model, names, key),
    )
  })
}
