import type { Datamodel } from '@prisma/dmmf'
import type {
  DatamodelDescription,
  FieldDescription,
  KeyDescription,
  ModelDescription,
} from './description.ts'
import { readSchemaText, type SchemaTextFacts, type UnsupportedColumn } from './schema-text.ts'

type DmmfModel = Datamodel['models'][number]
type DmmfField = DmmfModel['fields'][number]

/**
 * Prisma's DMMF and the schema's text to our description of the datamodel. The only function that knows DMMF.
 */
export function readDmmf(datamodel: Datamodel, schemaText: string): DatamodelDescription {
  const facts = readSchemaText(schemaText)
  return {
    formatVersion: 1,
    models: datamodel.models.map(model => readModel(model, datamodel, facts)),
    enums: datamodel.enums.map(({ name, dbName, documentation, values }) => ({
      name,
      databaseName: dbName ?? name,
      databaseSchema: facts.enumSchemas.get(name) ?? null,
      documentation: documentation ?? null,
      values: values.map(value => ({ name: value.name, column: value.dbName ?? value.name })),
    })),
    emulatesRelations: facts.emulatesRelations,
  }
}

function readModel(model: DmmfModel, datamodel: Datamodel, facts: SchemaTextFacts): ModelDescription {
  const unsupported = facts.unsupported.get(model.name) ?? []
  const idField = model.fields.find(field => field.isId)
  return {
    name: model.name,
    table: model.dbName ?? model.name,
    databaseSchema: model.schema ?? null,
    documentation: model.documentation ?? null,
    isView: facts.views.has(model.name),
    fields: [...model.fields.map(readField), ...unsupported.map(readUnsupported)],
    primaryKey: model.primaryKey ? readKey(model.primaryKey) : idField ? singleKey(idField) : null,
    uniqueKeys: [
      ...model.fields.filter(field => field.isUnique).map(singleKey),
      ...model.uniqueIndexes.map(readKey),
    ],
    indexedForSearch: datamodel.indexes
      .filter(index => index.model === model.name && index.fields.length === 1)
      .filter(index => index.algorithm === 'Gin' || index.algorithm === 'Gist')
      .flatMap(index => index.fields.map(field => field.name)),
  }
}

function readField(field: DmmfField): FieldDescription {
  const isRelation = field.kind === 'object'
  return {
    kind: isRelation ? 'relation' : field.kind === 'enum' ? 'enum' : 'scalar',
    name: field.name,
    column: field.dbName ?? field.name,
    type: field.type,
    documentation: field.documentation ?? null,
    isList: field.isList,
    isRequired: field.isRequired,
    isId: field.isId,
    isUnique: field.isUnique,
    hasDefault: field.hasDefaultValue,
    defaultValue: isDefaultFunction(field.default) ? null : (field.default ?? null),
    defaultFunction: isDefaultFunction(field.default)
      ? { name: field.default.name, args: field.default.args }
      : null,
    isUpdatedAt: field.isUpdatedAt ?? false,
    nativeType: field.nativeType ? { name: field.nativeType[0], args: field.nativeType[1] } : null,
    relation: isRelation
      ? {
          name: field.relationName ?? '',
          from: field.relationFromFields ?? [],
          to: field.relationToFields ?? [],
          onDelete: field.relationOnDelete ?? null,
        }
      : null,
  }
}

function isDefaultFunction(
  value: unknown,
): value is { readonly name: string; readonly args: readonly unknown[] } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function readUnsupported(column: UnsupportedColumn): FieldDescription {
  return {
    kind: 'unsupported',
    name: column.name,
    column: column.column,
    type: column.databaseType,
    documentation: column.documentation,
    isList: column.isList,
    isRequired: column.isRequired,
    isId: false,
    isUnique: false,
    hasDefault: column.hasDefault,
    defaultValue: null,
    defaultFunction: null,
    isUpdatedAt: false,
    nativeType: null,
    relation: null,
  }
}

function singleKey(field: { readonly name: string }): KeyDescription {
  return { name: null, fields: [field.name] }
}

function readKey(key: { readonly name?: string | null; readonly fields: readonly string[] }): KeyDescription {
  return { name: key.name ?? null, fields: key.fields }
}
