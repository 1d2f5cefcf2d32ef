import { readAs } from '../compiled/read-mark.ts'
import type { Model } from '../datamodel/model.ts'
import { findUnique } from '../operations/read/find-by-keys.ts'
import { uniqueWhere } from '../operations/where/unique-where.ts'
import type { SchemaBuild } from './builder.ts'
import type { ListArguments } from './connection-source.ts'
import { connectionRef, listArguments } from './connections.ts'
import { uniqueInput } from './filters.ts'
import { objectRef } from './objects.ts'
import { canRead, offered } from './offers.ts'
import { readSelection } from './read-selection.ts'
import { rootConnection } from './root-connection.ts'

/** The query root: for each model one row by a unique key, and the list. */
export function addQueries(build: SchemaBuild): void {
  build.builder.queryType({})
  for (const model of build.datamodel.models) {
    if (model.uniqueKeys.length > 0) addUniqueQuery(build, model)
    addListQuery(build, model)
  }
}

function addUniqueQuery(build: SchemaBuild, model: Model): void {
  build.builder.queryField(model.singular, t =>
    t.field({
      type: objectRef(build, model),
      nullable: true,
      extensions: { ...offered(canRead(model)), ...readAs({ kind: 'unique', model }) },
      description: `One ${model.singular} by a unique key, or null.`,
      args: { where: t.arg({ type: uniqueInput(build, model), required: true }) },
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

function addListQuery(build: SchemaBuild, model: Model): void {
  build.builder.queryField(model.plural, t =>
    t.field({
      type: connectionRef(build, model),
      extensions: { ...offered(canRead(model)), ...readAs({ kind: 'list', model }) },
      ...(model.documentation ? { description: model.documentation } : {}),
      args: listArguments(build, model),
      resolve: (_, args, context, info) => rootConnection(model, args as ListArguments, context, info),
    }),
  )
}
