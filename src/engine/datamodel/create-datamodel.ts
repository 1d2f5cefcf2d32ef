import { StartError } from '../../errors.ts'
import type {
  DatamodelDescription,
  EnumDescription,
  FieldDescription,
  KeyDescription,
  ModelDescription,
} from './description.ts'
import { readFlagAnnotation } from './flag-annotation.ts'
import { readHiddenAnnotation } from './hidden-annotation.ts'
import type {
  Datamodel,
  DatamodelNotice,
  Enum,
  Field,
  GraphQLScalarName,
  Key,
  Model,
  RelationField,
  ScalarField,
  ScalarType,
  SearchVector,
  UnsupportedField,
} from './model.ts'
import { reservedTypeNames, toCamelCase, toDelegate, toPascalCase, toPlural } from './names.ts'
import { readSearchAnnotation } from './search-annotation.ts'

/**
 * The description to the datamodel: GraphQL names, both ends of each relation, keys, and look-ups.
 *
 * @throws StartError where two names of the schema become the same name in GraphQL; it names both.
 */
export function createDatamodel(description: DatamodelDescription): Datamodel {
  const byName = new Map(description.models.map(model => [model.name, model]))
  const enums = description.enums.map(createEnum)
  const enumTypeNames = new Map(enums.map(item => [item.name, item.typeName]))
  const models = description.models.map(model => createModel(model, byName, enumTypeNames))
  assertNamesDiffer(models, enums)
  const models_ = new Map(models.map(model => [model.name, model]))
  const enums_ = new Map(enums.map(item => [item.name, item]))
  return Object.freeze({
    models: Object.freeze(models),
    enums: Object.freeze(enums),
    notices: Object.freeze(models.flatMap(noticesOf)),
    emulatesRelations: description.emulatesRelations,
    model: (name: string) => lookUp(models_, 'model', name),
    enum: (name: string) => lookUp(enums_, 'enum', name),
  })
}

function lookUp<Item>(items: ReadonlyMap<string, Item>, kind: string, name: string): Item {
  const item = items.get(name)
  if (!item) throw new Error(`The Prisma schema has no ${kind} named ${name}.`)
  return item
}

function createTypeName(name: string): string {
  const typeName = toPascalCase(name)
  return reservedTypeNames.has(typeName) ? `${typeName}Model` : typeName
}

function createEnum({ values, ...description }: EnumDescription): Enum {
  return Object.freeze({
    ...description,
    typeName: createTypeName(description.name),
    values: values.map(({ name: value, column }) => ({
      name: value,
      column,
      // GraphQL keeps these three words for literals
      graphqlName: ['true', 'false', 'null'].includes(value) ? `${value}_` : value,
    })),
  })
}

function createModel(
  model: ModelDescription,
  models: ReadonlyMap<string, ModelDescription>,
  enumTypeNames: ReadonlyMap<string, string>,
): Model {
  const foreignKeys = new Set(model.fields.flatMap(field => field.relation?.from ?? []))
  const keys = createKeys(model)
  const primary = keys[0]
  const fields = model.fields
    .filter(field => field.kind !== 'relation' || models.has(field.type))
    .map(field => createField(field, model, models, enumTypeNames, foreignKeys))
  assertFieldNamesDiffer(model, fields)
  const scalars = fields.filter(field => field.kind === 'scalar')
  const unsupported = fields.filter(field => field.kind === 'unsupported')
  const typeName = createTypeName(model.name)
  const singular = toCamelCase(typeName)
  const primaryKey = primary && isRequiredKey(model, primary) ? primary : null
  const { isHidden, ...visible } = readHiddenAnnotation(model.documentation)
  const { documentation, isSet: isUnrecorded } = readFlagAnnotation(visible.documentation, 'unrecorded')
  return Object.freeze({
    name: model.name,
    typeName,
    singular,
    plural: toPlural(singular),
    delegate: toDelegate(model.name),
    table: model.table,
    databaseSchema: model.databaseSchema,
    documentation,
    isHidden,
    isRecorded: !(model.isView || isHidden || isUnrecorded) && primaryKey !== null,
    isView: model.isView,
    fields,
    scalars,
    relations: fields.filter(field => field.kind === 'relation'),
    unsupported,
    primaryKey,
    uniqueKeys: keys,
    versionField: findVersionField(scalars),
    searchVectors: unsupported.flatMap(field => createSearchVector(field, model, scalars)),
    isCreatable: !model.isView && !unsupported.some(field => isUnwritable(field)),
    isUpdatable: !model.isView && primaryKey !== null,
  })
}

function isUnwritable(field: UnsupportedField): boolean {
  return field.isRequired && !field.hasDefault
}

function createField(
  field: FieldDescription,
  model: ModelDescription,
  models: ReadonlyMap<string, ModelDescription>,
  enumTypeNames: ReadonlyMap<string, string>,
  foreignKeys: ReadonlySet<string>,
): Field {
  if (field.kind === 'relation') return createRelation(field, model, models)
  const { name, column, isRequired, hasDefault } = field
  const { documentation, isHidden } = readHiddenAnnotation(field.documentation)
  const base = { name, column, isRequired, hasDefault, isHidden, graphqlName: toCamelCase(name) }
  if (field.kind === 'unsupported') {
    return Object.freeze({
      ...base,
      kind: 'unsupported',
      documentation: readSearchAnnotation(documentation).documentation,
      databaseType: field.type,
    } as const)
  }
  const isEnum = field.kind === 'enum'
  return Object.freeze({
    ...base,
    kind: 'scalar',
    documentation,
    scalar: isEnum ? null : (field.type as ScalarType),
    enumName: isEnum ? field.type : null,
    graphqlType: isEnum ? (enumTypeNames.get(field.type) ?? field.type) : graphqlScalar(field),
    isList: field.isList,
    isId: field.isId || (model.primaryKey?.fields.includes(name) ?? false),
    isUnique: field.isUnique,
    defaultValue: field.defaultValue,
    defaultFunction: field.defaultFunction,
    isUpdatedAt: field.isUpdatedAt,
    nativeType: field.nativeType,
    isForeignKey: foreignKeys.has(name),
  } as const)
}

function graphqlScalar(field: FieldDescription): GraphQLScalarName {
  const native = field.nativeType?.name
  switch (field.type as ScalarType) {
    case 'String':
      return native === 'Uuid' ? 'UUID' : field.isId ? 'ID' : 'String'
    case 'DateTime':
      return native === 'Date' ? 'Date' : native === 'Time' || native === 'Timetz' ? 'Time' : 'DateTime'
    case 'Json':
      return 'JSON'
    default:
      return field.type as GraphQLScalarName
  }
}

function createRelation(
  field: FieldDescription,
  model: ModelDescription,
  models: ReadonlyMap<string, ModelDescription>,
): RelationField {
  const target = models.get(field.type)
  const inverse = target?.fields.find(
    other =>
      other.relation?.name === field.relation?.name &&
      other.type === model.name &&
      (target !== model || other.name !== field.name),
  )
  if (!target || !inverse) throw new Error(`The relation ${model.name}.${field.name} has no other end.`)
  const own = field.relation
  const other = inverse.relation
  const ownsKey = (own?.from.length ?? 0) > 0
  const isManyToMany = field.isList && inverse.isList
  const from = ownsKey ? own?.from : isManyToMany ? model.primaryKey?.fields : other?.to
  const to = ownsKey ? own?.to : isManyToMany ? target.primaryKey?.fields : other?.from
  return Object.freeze({
    kind: 'relation',
    name: field.name,
    graphqlName: createRelationName(field, model),
    ...readHiddenAnnotation(field.documentation),
    isRequired: field.isRequired,
    relationName: own?.name ?? '',
    target: target.name,
    isList: field.isList,
    ownsKey,
    isManyToMany,
    from: from ?? [],
    to: to ?? [],
    inverse: inverse.name,
    onDelete: own?.onDelete ?? other?.onDelete ?? null,
  })
}

/** `artist.album album[]`, as `db pull` writes it, is served as `artist.albums`, unless that name is taken. */
function createRelationName(field: FieldDescription, model: ModelDescription): string {
  const name = toCamelCase(field.name)
  if (!field.isList || name !== toCamelCase(field.type)) return name
  const plural = toPlural(name)
  return model.fields.some(other => toCamelCase(other.name) === plural) ? name : plural
}

/** Every key, the primary one first: the id, else the first unique key whose columns are all required. */
function createKeys(model: ModelDescription): Key[] {
  const uniques = [...model.uniqueKeys].sort(
    (a, b) => Number(isRequiredKey(model, b)) - Number(isRequiredKey(model, a)),
  )
  return (model.primaryKey ? [model.primaryKey, ...uniques] : uniques).map(createKey)
}

function isRequiredKey(model: ModelDescription, key: KeyDescription): boolean {
  return key.fields.every(name => model.fields.find(field => field.name === name)?.isRequired)
}

function createKey({ name, fields }: KeyDescription): Key {
  const graphqlName = name ? toCamelCase(name) : fields.map(toCamelCase).join('_')
  return Object.freeze({ name: name ?? fields.join('_'), graphqlName, fields })
}

function findVersionField(scalars: readonly ScalarField[]): ScalarField | null {
  const counter = scalars.find(
    field => field.graphqlName === 'version' && (field.scalar === 'Int' || field.scalar === 'BigInt'),
  )
  return counter ?? scalars.find(field => field.isUpdatedAt) ?? null
}

function createSearchVector(
  field: UnsupportedField,
  model: ModelDescription,
  scalars: readonly ScalarField[],
): SearchVector[] {
  if (field.databaseType !== 'tsvector' || !model.indexedForSearch.includes(field.name)) return []
  const described = model.fields.find(other => other.name === field.name)?.documentation ?? null
  const { sources, language } = readSearchAnnotation(described)
  assertAnnotation(model, field, sources, language, scalars)
  return [
    {
      field,
      sources: sources.map(({ field: name, weight }) => ({ graphqlName: toCamelCase(name), weight })),
      language,
    },
  ]
}

function assertAnnotation(
  model: ModelDescription,
  field: UnsupportedField,
  sources: readonly { readonly field: string; readonly weight: string }[],
  language: string | null,
  scalars: readonly ScalarField[],
): void {
  const unknown = sources.find(source => !scalars.some(scalar => scalar.name === source.field))
  const mislabelled = sources.find(source => !/^[A-D]$/.test(source.weight))
  const fault = unknown
    ? `names the field "${unknown.field}", which ${model.name} does not have`
    : mislabelled
      ? `gives ${mislabelled.field} the weight "${mislabelled.weight}"; PostgreSQL has A, B, C and D`
      : language !== null && !/^[a-z_]+$/.test(language)
        ? `has the language "${language}"; expected a text search configuration such as english`
        : null
  if (fault === null) return
  throw new StartError(
    `The annotation @search of ${model.name}.${field.name} ${fault}. Name the text fields that the vector is made of, ` +
      'each with its weight label: /// @search(title: A, description: B, language: english).',
  )
}

function noticesOf(model: Model): DatamodelNotice[] {
  const notices: DatamodelNotice[] = []
  if (!model.primaryKey) {
    notices.push({
      subject: model.name,
      reason:
        'has no unique key of required columns: its rows can be listed, but not looked up, paged by cursor or changed',
    })
  }
  for (const field of model.unsupported) {
    if (field.databaseType === 'point' || field.databaseType === 'tsvector') continue
    notices.push({
      subject: `${model.name}.${field.name}`,
      reason: `is of the type ${field.databaseType}, which Prisma cannot read: it is left out`,
    })
  }
  if (!model.isView && !model.isCreatable) {
    const names = model.unsupported.filter(isUnwritable).map(field => field.name)
    notices.push({
      subject: model.name,
      reason: `cannot be created: ${names.join(', ')} is required and of a type that Prisma cannot write`,
    })
  }
  return notices
}

function assertNamesDiffer(models: readonly Model[], enums: readonly Enum[]): void {
  const types = new Map<string, string>()
  for (const { typeName, name } of [...models, ...enums]) {
    assertFree(types, typeName, name, 'type')
  }
  const rootFields = new Map<string, string>()
  for (const model of models) {
    assertFree(rootFields, model.singular, model.name, 'root field')
    assertFree(rootFields, model.plural, model.name, 'root field')
  }
}

function assertFree(taken: Map<string, string>, graphqlName: string, name: string, kind: string): void {
  const other = taken.get(graphqlName)
  if (other !== undefined) {
    throw new StartError(
      `${other} and ${name} would both be the ${kind} "${graphqlName}" of the API. Rename one of the two in the ` +
        `Prisma schema; with @@map("${name}") the table keeps its name.`,
    )
  }
  taken.set(graphqlName, name)
}

function assertFieldNamesDiffer(model: ModelDescription, fields: readonly Field[]): void {
  const taken = new Map<string, string>()
  for (const field of fields) {
    const other = taken.get(field.graphqlName)
    if (other !== undefined) {
      throw new StartError(
        `${model.name}.${other} and ${model.name}.${field.name} would both be the field "${field.graphqlName}" of the ` +
          `API. Rename one of the two in the Prisma schema; with @map("${field.name}") the column keeps its name.`,
      )
    }
    taken.set(field.graphqlName, field.name)
  }
}
