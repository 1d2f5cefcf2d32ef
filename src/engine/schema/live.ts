import type { Model } from '../datamodel/model.ts'
import { findUnique } from '../operations/read/find-by-keys.ts'
import { uniqueWhere } from '../operations/where/unique-where.ts'
import type { SchemaBuild } from './builder.ts'
import type { ListArguments } from './connection-source.ts'
import { connectionRef, listArguments } from './connections.ts'
import { uniqueInput } from './filters.ts'
import { liveModelExtension } from './live-models.ts'
import { objectRef } from './objects.ts'
import { canRead, offered } from './offers.ts'
import { readSelection } from './read-selection.ts'
import { rootConnection } from './root-connection.ts'

/** `issueLive` and `issuesLive`: the queries `issue` and `issues`, answered anew whenever their answer changes. */
export function addLive(build: SchemaBuild, model: Model): void {
  const extensions = { ...offered(canRead(model)), [liveModelExtension]: model.name }
  if (model.uniqueKeys.length > 0) {
    build.generated.note('Subscription', `${model.singular}Live`)
    build.builder.subscriptionField(`${model.singular}Live`, t =>
      t.field({
        type: objectRef(build, model),
        nullable: true,
        extensions,
        description: `One ${model.singular} by a unique key, or null; anew whenever the answer changes.`,
        args: { where: t.arg({ type: uniqueInput(build, model), required: true }) },
        subscribe: neverSubscribe,
        resolve: (_, args, context, info) =>
          findUnique(
            context.refract,
            model,
            uniqueWhere(context.refract, model, args.where),
            readSelection(model, info, context),
          ),
      }),
    )
  }
  build.generated.note('Subscription', `${model.plural}Live`)
  build.builder.subscriptionField(`${model.plural}Live`, t =>
    t.field({
      type: connectionRef(build, model),
      extensions,
      description: `A list of ${model.plural}; anew whenever the answer changes.`,
      args: listArguments(build, model),
      subscribe: neverSubscribe,
      resolve: (_, args, context, info) => rootConnection(model, args as ListArguments, context, info),
    }),
  )
}

/** The engine runs these operations itself: what they wait for is any change that they depend on, not an event. */
function neverSubscribe(): never {
  throw new Error('A live query is run by `engine.subscribe`.')
}
