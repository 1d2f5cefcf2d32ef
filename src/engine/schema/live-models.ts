import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import type { Datamodel, Field, Model, RelationField } from '../datamodel/model.ts'
import type { ModelAccess } from '../policy/model-access.ts'
import type { ViewerAccess } from '../policy/viewer-access.ts'

/** The extension under which a live query's root field has the name of its model. */
export const liveModelExtension = 'refractLiveModel'

export interface LiveModelsOptions {
  readonly document: DocumentNode
  readonly schema: GraphQLSchema
  readonly variables: Readonly<Record<string, unknown>>
  readonly access: ViewerAccess
  /** Whether the field of a type is one of ours, and not of an extension. */
  readonly isGenerated: (typeName: string, fieldName: string) => boolean
}

/**
 * The names of the models that the answer of an operation can depend on: those that it selects, those that its filters and
 * orders look at, and those that the viewer's policies for these look at. Null where it can depend on anything.
 */
export function findLiveModels(options: LiveModelsOptions): ReadonlySet<string> | null {
  const models = new Set<string>()
  const { schema, access } = options
  // a policy can look at models that the API does not have
  const everything = access.datamodel
  const types = new TypeInfo(schema)
  let isOpen = false
  const enter = (node: FieldNode) => {
    const [parent, definition] = [types.getParentType(), types.getFieldDef()]
    if (!parent || !definition || node.name.value.startsWith('__')) return
    if (!options.isGenerated(parent.name, definition.name)) isOpen = true
    const returned = getNamedType(definition.type).name
    const rooted = definition.extensions[liveModelExtension]
    const own = modelOfType(everything, parent.name)
    const field = own?.fields.find(({ graphqlName }) => graphqlName === definition.name)
    const target =
      (typeof rooted === 'string' ? everything.model(rooted) : undefined) ??
      (field?.kind === 'relation' ? everything.model(field.target) : undefined) ??
      modelOfType(everything, returned)
    if (!target) return
    models.add(target.name)
    if (field?.kind === 'relation' && field.isManyToMany) models.add(joinName(field))
    const { where, orderBy } = getArgumentValues(definition, node, options.variables)
    addNamed(everything, target, [where, orderBy], ({ graphqlName }) => graphqlName, models)
  }
  visit(options.document, visitWithTypeInfo(types, { Field: enter }))
  if (isOpen) return null
  addOfPolicies(access, models)
  return models
}

/** A name for the rows of a join table, which no model has. */
function joinName({ relationName }: RelationField): string {
  return `links of ${relationName}`
}

function modelOfType({ models }: Datamodel, typeName: string): Model | undefined {
  return models.find(model => model.typeName === typeName)
}

/** Adds the targets of the relations that a filter, an order or a condition names, at any depth. */
function addNamed(
  datamodel: Datamodel,
  model: Model,
  value: unknown,
  nameOf: (field: Field) => string,
  models: Set<string>,
): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const part of value) addNamed(datamodel, model, part, nameOf, models)
    return
  }
  for (const [name, part] of Object.entries(value)) {
    const field = model.fields.find(candidate => nameOf(candidate) === name)
    if (field?.kind === 'relation') {
      models.add(field.target)
      if (field.isManyToMany) models.add(joinName(field))
    }
    const inner = field?.kind === 'relation' ? datamodel.model(field.target) : model
    addNamed(datamodel, inner, part, nameOf, models)
  }
}

function addOfPolicies(access: ViewerAccess, models: Set<string>): void {
  // the set grows while it is walked: what policies lead to is looked at only, not shown
  for (const name of [...models]) {
    if (name.startsWith('links of ')) continue
    const model = access.datamodel.model(name)
    for (const where of conditionsOf(access.of(model), model))
      addNamed(access.datamodel, model, where, field => field.name, models)
  }
}

function conditionsOf(access: ModelAccess, model: Model): readonly unknown[] {
  const fields = model.fields.map(({ name }) => access.field(name).read)
  return [access.read, access.update, access.delete, ...fields]
}
