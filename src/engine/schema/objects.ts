import { getRefFromModel } from '@pothos/plugin-prisma'
import { readAs } from '../compiled/read-mark.ts'
import type { Field, Model, RelationField, ScalarField, UnsupportedField } from '../datamodel/model.ts'
import { nodeIdField } from '../datamodel/names.ts'
import type { Row } from '../operations/client.ts'
import { keyFields, keyOf, keyText, selectFields } from '../operations/key.ts'
import { encodeNodeId } from '../operations/node-id.ts'
import { findPoints } from '../operations/read/points.ts'
import type { Scope } from '../operations/scope.ts'
import { versionToken } from '../operations/version.ts'
import { type EngineBuilder, type EngineTypes, once, type RowRef, type SchemaBuild } from './builder.ts'
import { completeRow } from './complete-row.ts'
import type { ConnectionSource, ListArguments } from './connection-source.ts'
import { connectionRef, listArguments } from './connections.ts'
import { inputTypeOf } from './field-types.ts'
import { createLoader, sharedAt } from './loaders.ts'
import { canRead, canReadField, canReadVersion, offered } from './offers.ts'
import { printable } from './printable.ts'
import { ifReadable } from './readable.ts'
import { relatedConnection } from './related-connection.ts'
import { loadToOne } from './to-one.ts'
import { viewerCanField, viewerCanRef } from './viewer-can.ts'

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
    extensions: offered(canRead(model)),
  }
  // Pothos derives types from the models of a schema that is known when it compiles
  build.builder.prismaObject(model.name, options as unknown as ObjectOptions)
  const fields = (t: FieldBuilder) => ({
    ...(isNode(model) ? { [nodeIdField]: nodeId(model, t) } : {}),
    ...Object.fromEntries(
      model.fields.flatMap(field => {
        const made = fieldOf(build, model, field, t)
        return made ? [[field.graphqlName, made]] : []
      }),
    ),
    ...(hasVersionToken(model) ? { version: version(build, model, t) } : {}),
    ...(hasViewerCan(model) ? { [viewerCanField]: viewerCan(build, model, t) } : {}),
  })
  build.builder.objectFields(build.rowRef(model), build.generated.noting(model.typeName, fields))
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

function hasViewerCan(model: Model): boolean {
  return !model.fields.some(field => field.graphqlName === viewerCanField)
}

function fieldOf(build: SchemaBuild, model: Model, field: Field, t: FieldBuilder) {
  if (field.kind === 'scalar') return column(build, model, field, t)
  if (field.kind === 'unsupported')
    return field.databaseType === 'point' ? point(build, model, field, t) : null
  return field.isList ? listRelation(build, model, field, t) : toOneRelation(build, model, field, t)
}

function column(build: SchemaBuild, model: Model, field: ScalarField, t: FieldBuilder) {
  const type = inputTypeOf(build, field) as 'String'
  return t.field({
    type: (field.isList ? [type] : type) as 'String',
    description: field.documentation ?? undefined,
    nullable: nullability(build, model, field),
    extensions: {
      ...needs([field.name]),
      ...offered(canReadField(build.datamodel, model, field)),
      ...readAs({ kind: 'column', model, field }),
    },
    resolve: (row, _, { refract: scope }) =>
      ifReadable(scope, model, field.name, row, () => {
        const value = row[field.name]
        if (value !== undefined) return printable(field, value) as string
        return Promise.resolve(completeRow(scope, model, [field.name], row)).then(
          complete => printable(field, complete[field.name]) as string,
        )
      }) as string,
  })
}

/**
 * What cannot be NULL in the database can still hold the JSON value null. Pothos's type of the option depends on
 * whether the field is a list, which is only known here: hence the cast.
 */
function nullability({ policies }: SchemaBuild, model: Model, field: ScalarField): boolean {
  const isJson = field.scalar === 'Json'
  const isHidden = policies.hidesField(model, field.name)
  if (!field.isList) return !field.isRequired || isJson || isHidden
  return { list: isHidden, items: isJson } as unknown as boolean
}

function nodeId(model: Model, t: FieldBuilder) {
  return t.field({
    type: 'ID',
    description: 'The id of the row in the whole API, for `node` and for caches.',
    extensions: {
      ...needs(keyFields(model).map(field => field.name)),
      ...readAs({ kind: 'nodeId', model }),
    },
    resolve: row => encodeNodeId(model, keyOf(model, row)),
  })
}

function version({ policies }: SchemaBuild, model: Model, t: FieldBuilder) {
  const fieldName = model.versionField?.name ?? ''
  return t.field({
    type: 'String',
    description: 'Changes with every update; `ifVersion` compares it.',
    nullable: policies.hidesField(model, fieldName),
    extensions: {
      ...needs([fieldName]),
      ...offered(canReadVersion(model)),
      ...readAs({ kind: 'version', model }),
    },
    resolve: (row, _, { refract: scope }) =>
      ifReadable(scope, model, fieldName, row, async () =>
        versionToken(model, await completeRow(scope, model, [fieldName], row)),
      ) as string | Promise<string>,
  })
}

function viewerCan(build: SchemaBuild, model: Model, t: FieldBuilder) {
  return t.field({
    type: viewerCanRef(build),
    extensions: { ...needs(keyFields(model).map(key => key.name)), ...readAs({ kind: 'viewerCan', model }) },
    resolve: row => ({ model, row }),
  })
}

function point({ policies, datamodel }: SchemaBuild, model: Model, field: UnsupportedField, t: FieldBuilder) {
  const names = keyFields(model).map(key => key.name)
  return t.field({
    type: 'Point',
    description: field.documentation ?? undefined,
    nullable: !field.isRequired || policies.hidesField(model, field.name),
    extensions: {
      ...needs(names),
      ...offered(canReadField(datamodel, model, field)),
      ...readAs({ kind: 'point', model, field }),
    },
    resolve: (row, _, { refract: scope }) =>
      ifReadable(scope, model, field.name, row, () => pointOf(scope, model, field, row)) as never,
  })
}

async function pointOf(scope: Scope, model: Model, field: UnsupportedField, row: Row): Promise<unknown> {
  // a deleted row brings its points with it
  if (field.name in row) return row[field.name]
  const names = keyFields(model).map(key => key.name)
  const loader = await sharedAt(scope, `point:${model.name}.${field.name}`, async () =>
    createLoader(
      (keys: readonly Row[]) => findPoints(scope, model, field, keys),
      key => keyText(model, names, key),
    ),
  )
  return loader.load(keyOf(model, row))
}

/** To a viewer for whom the related row does not exist, it is null. */
function toOneRelation(build: SchemaBuild, model: Model, field: RelationField, t: FieldBuilder) {
  const { policies, datamodel } = build
  const target = datamodel.model(field.target)
  return t.field({
    type: objectRef(build, target),
    description: field.documentation ?? undefined,
    nullable: !field.isRequired || policies.hidesRows(target) || policies.hidesField(model, field.name),
    extensions: {
      ...needs(relationColumns(model, field)),
      ...offered(canReadField(datamodel, model, field)),
      ...readAs({ kind: 'toOne', model, field }),
    },
    resolve: (row, _, context, info) =>
      ifReadable(context.refract, model, field.name, row, async () => {
        const complete = await completeRow(context.refract, model, field.from, row)
        return (await loadToOne(field, complete, context, info)) as Row
      }) as Promise<Row>,
  })
}

function relationColumns(model: Model, field: RelationField): readonly string[] {
  return [...keyFields(model).map(key => key.name), ...field.from]
}

function listRelation(build: SchemaBuild, model: Model, field: RelationField, t: FieldBuilder) {
  const target = build.datamodel.model(field.target)
  return t.field({
    type: connectionRef(build, target),
    description: field.documentation ?? undefined,
    args: listArguments(build, target),
    nullable: build.policies.hidesField(model, field.name),
    extensions: {
      ...needs(relationColumns(model, field)),
      ...offered(canReadField(build.datamodel, model, field)),
      ...readAs({ kind: 'toMany', model, field }),
    },
    resolve: (row, args, context, info) =>
      ifReadable(context.refract, model, field.name, row, async () => {
        const complete = await completeRow(context.refract, model, field.from, row)
        return relatedConnection(model, field, complete, args as ListArguments, context, info)
      }) as Promise<ConnectionSource>,
  })
}
