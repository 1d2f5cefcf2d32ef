import { capitalize } from '../../lib/capitalize.ts'
import { readAs } from '../compiled/read-mark.ts'
import type { Model } from '../datamodel/model.ts'
import { createMany } from '../operations/write/create-many.ts'
import { createOne } from '../operations/write/create-one.ts'
import { deleteMany } from '../operations/write/delete-many.ts'
import { deleteOne } from '../operations/write/delete-one.ts'
import { updateMany } from '../operations/write/update-many.ts'
import { updateOne } from '../operations/write/update-one.ts'
import { upsertOne } from '../operations/write/upsert-one.ts'
import type { SchemaBuild } from './builder.ts'
import { filterInput, uniqueInput } from './filters.ts'
import type { InputRef } from './input-object.ts'
import { createInput, incrementInput, prepareRelationInputs, updateInput } from './inputs/row-inputs.ts'
import { canReadVersion, canWrite, offered } from './offers.ts'
import { batchPayloadRef, payloadRef, rowField, rowsField, toBatchPayload, toPayload } from './payloads.ts'
import { selectFromInfo } from './selection.ts'

/** The mutation root: for each model that can be written, its rows one by one and many at once. */
export function addMutations(build: SchemaBuild): void {
  const writable = build.datamodel.models.filter(model => model.isCreatable || model.isUpdatable)
  if (writable.length === 0) return
  build.builder.mutationType({})
  for (const model of writable) {
    prepareRelationInputs(build, model)
    if (model.isCreatable) addCreates(build, model)
    if (model.isUpdatable) addUpdates(build, model)
    if (model.isCreatable && model.isUpdatable) addUpsert(build, model)
    if (model.isUpdatable) addDeletes(build, model)
  }
}

function addCreates(build: SchemaBuild, model: Model): void {
  const data = createInput(build, model)
  build.builder.mutationField(`create${model.typeName}`, t =>
    t.field({
      type: payloadRef(build, model),
      extensions: {
        ...offered(canWrite(model, 'create')),
        ...readAs({ kind: 'write', verb: 'create', model }),
      },
      description: `Creates one ${model.singular}, with all that is nested in it.`,
      args: { data: t.arg({ type: data, required: true }) },
      resolve: async (_, args, context, info) => {
        const select = selectFromInfo(info, context, [[rowField(model.singular)]], model.typeName)
        return toPayload(await createOne(context.refract, model, args.data, select))
      },
    }),
  )
  build.builder.mutationField(`create${capitalize(model.plural)}`, t =>
    t.field({
      type: batchPayloadRef(build, model),
      extensions: {
        ...offered(canWrite(model, 'create')),
        ...readAs({ kind: 'write', verb: 'createMany', model }),
      },
      description: `Creates several ${model.plural}, at most ${build.settings.maximumBatchSize}: all or none.`,
      args: { data: t.arg({ type: [data], required: true }) },
      resolve: async (_, args, context, info) => {
        const select = selectFromInfo(info, context, [[rowsField(model.plural)]], model.typeName)
        return toBatchPayload(await createMany(context.refract, model, args.data, select))
      },
    }),
  )
}

function addUpdates(build: SchemaBuild, model: Model): void {
  const data = updateInput(build, model)
  const increment = incrementInput(build, model)
  build.builder.mutationField(`update${model.typeName}`, t =>
    t.field({
      type: payloadRef(build, model),
      extensions: {
        ...offered(canWrite(model, 'update')),
        ...readAs({ kind: 'write', verb: 'update', model }),
      },
      description: `Changes one ${model.singular}, with all that is nested in it. What is left out stays as it is.`,
      args: {
        where: t.arg({ type: uniqueInput(build, model), required: true }),
        data: t.arg({ type: data, required: true }),
        ...(increment ? { increment: t.arg({ type: increment, description: 'Numbers to be added.' }) } : {}),
        ...(model.versionField
          ? {
              ifVersion: t.arg.string({
                description: ifVersionDescription,
                extensions: offered(canReadVersion(model)),
              }),
            }
          : {}),
      },
      resolve: async (_, args, context, info) => {
        const select = selectFromInfo(info, context, [[rowField(model.singular)]], model.typeName)
        return toPayload(await updateOne(context.refract, model, args, select))
      },
    }),
  )
  addBatchUpdate(build, model, data)
}

function addBatchUpdate(build: SchemaBuild, model: Model, data: InputRef): void {
  build.builder.mutationField(`update${capitalize(model.plural)}`, t =>
    t.field({
      type: batchPayloadRef(build, model),
      extensions: {
        ...offered(canWrite(model, 'update')),
        ...readAs({ kind: 'write', verb: 'updateMany', model }),
      },
      description: `Changes every one of the ${model.plural} that matches, in the same way.`,
      args: {
        where: t.arg({ type: filterInput(build, model), required: true }),
        data: t.arg({ type: data, required: true }),
        atMost: t.arg.int({ required: true, defaultValue: 1, description: atMostDescription }),
      },
      resolve: async (_, args, context, info) => {
        const select = selectFromInfo(info, context, [[rowsField(model.plural)]], model.typeName)
        return toBatchPayload(await updateMany(context.refract, model, args, select))
      },
    }),
  )
}

function addUpsert(build: SchemaBuild, model: Model): void {
  build.builder.mutationField(`upsert${model.typeName}`, t =>
    t.field({
      type: payloadRef(build, model),
      extensions: {
        ...offered(canWrite(model, 'create', 'update')),
        ...readAs({ kind: 'write', verb: 'upsert', model }),
      },
      description: `Changes the ${model.singular} of a unique key, or creates one where there is none.`,
      args: {
        where: t.arg({ type: uniqueInput(build, model), required: true }),
        create: t.arg({ type: createInput(build, model), required: true }),
        update: t.arg({ type: updateInput(build, model), required: true }),
      },
      resolve: async (_, args, context, info) => {
        const select = selectFromInfo(info, context, [[rowField(model.singular)]], model.typeName)
        return toPayload(await upsertOne(context.refract, model, args, select))
      },
    }),
  )
}

function addDeletes(build: SchemaBuild, model: Model): void {
  build.builder.mutationField(`delete${model.typeName}`, t =>
    t.field({
      type: payloadRef(build, model),
      extensions: {
        ...offered(canWrite(model, 'delete')),
        ...readAs({ kind: 'write', verb: 'delete', model }),
      },
      description: `Deletes one ${model.singular} and returns it as it was; its lists hold what the delete has left.`,
      args: {
        where: t.arg({ type: uniqueInput(build, model), required: true }),
        ...(model.versionField
          ? {
              ifVersion: t.arg.string({
                description: ifVersionDescription,
                extensions: offered(canReadVersion(model)),
              }),
            }
          : {}),
      },
      resolve: async (_, args, context, info) => {
        const select = selectFromInfo(info, context, [[rowField(model.singular)]], model.typeName)
        return toPayload(await deleteOne(context.refract, model, args, select))
      },
    }),
  )
  build.builder.mutationField(`delete${capitalize(model.plural)}`, t =>
    t.field({
      type: batchPayloadRef(build, model),
      extensions: {
        ...offered(canWrite(model, 'delete')),
        ...readAs({ kind: 'write', verb: 'deleteMany', model }),
      },
      description: `Deletes every one of the ${model.plural} that matches, and returns them as they were.`,
      args: {
        where: t.arg({ type: filterInput(build, model), required: true }),
        atMost: t.arg.int({ required: true, defaultValue: 1, description: atMostDescription }),
      },
      resolve: async (_, args, context, info) => {
        const select = selectFromInfo(info, context, [[rowsField(model.plural)]], model.typeName)
        return toBatchPayload(await deleteMany(context.refract, model, args, select))
      },
    }),
  )
}

const ifVersionDescription =
  'The `version` that the row had when you read it: if it has changed since, nothing happens.'
const atMostDescription = 'If more rows match, nothing happens.'
