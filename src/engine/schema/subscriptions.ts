import type { EnumRef, ObjectRef } from '@pothos/core'
import { type ChangeType, changeTypes } from '../changes/change.ts'
import type { ChangeEvent } from '../changes/change-event.ts'
import type { Model } from '../datamodel/model.ts'
import type { Row } from '../operations/client.ts'
import { keyText } from '../operations/key.ts'
import { encodeNodeId } from '../operations/node-id.ts'
import { findByKeys } from '../operations/read/find-by-keys.ts'
import { type EngineTypes, objectType, once, type SchemaBuild } from './builder.ts'
import { filterInput } from './filters.ts'
import { addLive } from './live.ts'
import { createLoader, sharedAt } from './loaders.ts'
import { isNode } from './objects.ts'
import { canRead, offered } from './offers.ts'
import { readSelection } from './read-selection.ts'
import { placeOf } from './selection.ts'

/** The subscription root: `issueChanged` for each model whose changes are recorded, `issueLive` and `issuesLive` for all. */
export function addSubscriptions(build: SchemaBuild): void {
  if (build.datamodel.models.length === 0) return
  build.builder.subscriptionType({})
  for (const model of build.datamodel.models) {
    if (isNode(model) && model.isRecorded) addChanged(build, model)
    addLive(build, model)
  }
}

function addChanged(build: SchemaBuild, model: Model): void {
  build.generated.note('Subscription', `${model.singular}Changed`)
  build.builder.subscriptionField(`${model.singular}Changed`, t =>
    t.field({
      type: changeRef(build, model),
      extensions: offered(canRead(model)),
      description: `Changes of ${model.plural}, whoever made them, in the order in which they were made.`,
      args: {
        where: t.arg({
          type: filterInput(build, model),
          description: 'Which rows, before or after the change.',
        }),
        types: t.arg({
          type: [changeTypeRef(build)],
          description: 'Which kinds of changes; all without it.',
        }),
        after: t.arg.string({
          description:
            'The `cursor` of the last event that you know: what was missed comes first. Without it only what is new comes.',
        }),
      },
      subscribe: (_, args, context) =>
        context.changes.subscribe({
          viewer: context.refract.viewer,
          model,
          filter: args.where ?? null,
          types: (args.types as readonly ChangeType[] | null | undefined) ?? null,
          after: args.after ?? null,
        }) as never,
      // lists of events are taken apart before anything is resolved
      resolve: event => event as ChangeEvent,
    }),
  )
}

const typeDescriptions: Readonly<Record<ChangeType, string>> = {
  CREATED: 'The row is new.',
  UPDATED: 'The row has changed, and matched before as it does now.',
  DELETED: 'The row is gone.',
  ENTERED: 'The row matches since the change: it meets the filter now, or may be seen.',
  LEFT: 'The row matches no longer: it does not meet the filter, or may not be seen any more.',
}

function changeTypeRef(build: SchemaBuild): EnumRef<EngineTypes, ChangeType> {
  return once(build, build.names.shared('ChangeType'), name =>
    build.builder.enumType(name, {
      description: 'What a change is to those who have asked for the rows that match.',
      values: Object.fromEntries(
        changeTypes.map(type => [type, { value: type, description: typeDescriptions[type] }]),
      ),
    }),
  ) as EnumRef<EngineTypes, ChangeType>
}

/** `IssueChange`. */
function changeRef(build: SchemaBuild, model: Model): ObjectRef<EngineTypes, ChangeEvent> {
  return objectType<ChangeEvent>(build, build.names.derived(model, 'Change'), {
    description: `A change of one ${model.singular}.`,
    fields: t => ({
      type: t.field({ type: changeTypeRef(build), resolve: event => event.type }),
      cursor: t.exposeString('cursor', {
        description:
          'Where the event stands among all changes; a subscription `after` it goes on from there.',
      }),
      at: t.field({ type: 'DateTime', description: 'When the row was written.', resolve: event => event.at }),
      changedFields: t.stringList({
        description:
          'The names of the fields that have other values now, out of those that you can read. Empty where the row was not to be seen before, or is not now.',
        resolve: event => namesOf(model, event),
      }),
      nodeId: t.id({
        description: 'The `nodeId` of the row, also where it is gone.',
        resolve: event => encodeNodeId(model, event.key),
      }),
      node: t.field({
        type: build.rowRef(model),
        nullable: true,
        description: 'The row as it is now; null where it is gone, or you may not see it.',
        resolve: async (event, _, context, info) => {
          // a row that has the same key by now is another one
          if (event.type === 'DELETED') return null
          const scope = context.refract
          const names = model.primaryKey?.fields ?? []
          const loader = await sharedAt(scope, placeOf(info), async () => {
            const select = readSelection(model, info, context)
            return createLoader<Row, Row | null>(
              keys => findByKeys(scope, model, names, keys, select),
              key => keyText(model, names, key),
            )
          })
          return loader.load(event.key)
        },
      }),
    }),
  })
}

function namesOf(model: Model, { changedFields }: ChangeEvent): string[] {
  return model.fields.filter(({ name }) => changedFields.includes(name)).map(({ graphqlName }) => graphqlName)
}
