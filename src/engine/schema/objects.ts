import { getRefFromModel } from '@pothos/plugin-prisma'
import type { Field, Model, RelationField, ScalarField, UnsupportedField } from '../datamodel/model.ts'
import { nodeIdField } from '../datamodel/names.ts'
import type { Row } from '../operations/client.ts'
import { keyFields, keyOf, keyText, selectFields } from '../operations/key.ts'
import { encodeNodeId } from '../operations/node-id.ts'
import { findPoints } from '../operations/read/points.ts'
import { versionToken } from '../operations/version.ts'
import { type EngineBuilder, type EngineTypes, once, type RowRef, type SchemaBuild } from './builder.ts'
import { completeRow } from './complete-row.ts'
import type { ListArguments } from './connection-source.ts'
import { connectionRef, listArguments } from './connections.ts'
import { inputTypeOf } from './field-types.ts'
import { createLoader, sharedAt } from './loaders.ts'
import { printable } from './printable.ts'
import { relatedConnection } from './related-connection.ts'
import { loadToOne } from './to-one.ts'

type ObjectOptions = Parameters<EngineBuilder['prismaObject']>[1]
type FieldBuilder = PothosSchemaTypes.ObjectFieldBuilder<EngineTypes, Row>

/** The object type of a model: its columns, its relations, and what the API adds. */
export function objectRef(build: SchemaBuild, model: Model): RowRef {
  return once(
    build,
    model.typeName,
    () => getRefFromModel(model.name, build.builder, 'object') as unknown as RowRef,
    () => implementObject(build, model),
  )
}

function implementObject(build: SchemaBuild, model: Model): void {
  const options = {
    name: model.typeName,
    ...(model.documentation ? { description: model.documentation } : {}),
    select: selectFields(keyFields(model).map(field => field.name)),
    ...(model.primaryKey ? {} : { findUnique: null }),
    interfaces: isNode(model) ? [build.builder.nodeInterfaceRef()] : [],
  }
  // Pothos derives types from the models of a schema that is known when it compiles
  build.builder.prismaObject(model.name, options as unknown as ObjectOptions)
  build.builder.objectFields(build.rowRef(model), t => ({
    ...(isNode(model) ? { [nodeIdField]: nodeId(model, t) } : {}),
    ...Object.fromEntries(
      model.fields.flatMap(field => {
        const made = fieldOf(build, model, field, t)
        return made ? [[field.graphqlName, made]] : []
      }),
    ),
    ...(hasVersionToken(model) ? { version: version(model, t) } : {}),
  }))
}

/**
 * Tells Pothos which columns a field needs. Generated fields say it by this extension, not by Pothos's own `select`
 * option, whose resolvers look up a plan for every row and load the row again where they find none.
 */
function needs(names: readonly string[]) {
  return { pothosPrismaSelect: selectFields(names) }
}

/** The rows can be found again by an id of the API's own. A column that is already named so keeps its name. */
export function isNode(model: Model): boolean {
  return model.primaryKey !== null && !model.fields.some(field => field.graphqlName === nodeIdField)
}

function hasVersionToken(model: Model): boolean {
  return model.versionField !== null && !model.fields.some(field => field.graphqlName === 'version')
}

function fieldOf(build: SchemaBuild, model: Model, field: Field, t: FieldBuilder) {
  if (field.kind === 'scalar') return column(build, model, field, t)
  if (field.kind === 'unsupported') return field.databaseType === 'point' ? point(model, field, t) : null
  return field.isList ? listRelation(build, model, field, t) : toOneRelation(build, model, field, t)
}

function column(build: SchemaBuild, model: Model, field: ScalarField, t: FieldBuilder) {
  const type = inputTypeOf(build, field) as 'String'
  return t.field({
    type: (field.isList ? [type] : type) as 'String',
    description: field.documentation ?? undefined,
    nullable: nullability(field),
    extensions: needs([field.name]),
    resolve: (row, _, { refract: scope }) => {
      const value = row[field.name]
      if (value !== undefined) return printable(field, value) as string
      return Promise.resolve(completeRow(scope, model, [field.name], row)).then(
        complete => printable(field, complete[field.name]) as string,
      )
    },
  })
}

/**
 * What cannot be NULL in the database can still hold the JSON value null. Pothos's type of the option depends on
 * whether the field is a list, which is only known here: hence the cast.
 */
function nullability(field: ScalarField): boolean {
  const isJson = field.scalar === 'Json'
  if (!field.isList) return !field.isRequired || isJson
  return { list: false, items: isJson } as unknown as boolean
}

function nodeId(model: Model, t: FieldBuilder) {
  return t.field({
    type: 'ID',
    description: 'The id of the row in the whole API, for `node` and for caches.',
    extensions: needs(keyFields(model).map(field => field.name)),
    resolve: row => encodeNodeId(model, keyOf(model, row)),
  })
}

function version(model: Model, t: FieldBuilder) {
  return t.field({
    type: 'String',
    description: 'Changes with every update; `ifVersion` compares it.',
    extensions: needs([model.versionField?.name ?? '']),
    resolve: async (row, _, { refract: scope }) =>
      versionToken(model, await completeRow(scope, model, [model.versionField?.name ?? ''], row)) ?? '',
  })
}

function point(model: Model, field: UnsupportedField, t: FieldBuilder) {
  const names = keyFields(model).map(key => key.name)
  return t.field({
    type: 'Point',
    description: field.documentation ?? undefined,
    nullable: !field.isRequired,
    extensions: needs(names),
    resolve: async (row, _, { refract: scope }) => {
      // a deleted row brings its points with it
      if (field.name in row) return row[field.name] as never
      const loader = await sharedAt(scope, `point:${model.name}.${field.name}`, async () =>
        createLoader(
          (keys: readonly Row[]) => findPoints(scope, model, field, keys),
          key => keyText(model, names, key),
        ),
      )
      return (await loader.load(keyOf(model, row))) as never
    },
  })
}

function toOneRelation(build: SchemaBuild, model: Model, field: RelationField, t: FieldBuilder) {
  return t.field({
    type: objectRef(build, build.datamodel.model(field.target)),
    description: field.documentation ?? undefined,
    nullable: !field.isRequired,
    extensions: needs(field.from),
    resolve: async (row, _, context, info) => {
      const complete = await completeRow(context.refract, model, field.from, row)
      return (await loadToOne(field, complete, context, info)) as Row
    },
  })
}

function listRelation(build: SchemaBuild, model: Model, field: RelationField, t: FieldBuilder) {
  const target = build.datamodel.model(field.target)
  return t.field({
    type: connectionRef(build, target),
    description: field.documentation ?? undefined,
    args: listArguments(build, target),
    extensions: needs([...keyFields(model).map(key => key.name), ...field.from]),
    resolve: async (row, args, context, info) => {
      const complete = await completeRow(context.refract, model, field.from, row)
      return relatedConnection(model, field, complete, args as ListArguments, context, info)
    },
  })
}
