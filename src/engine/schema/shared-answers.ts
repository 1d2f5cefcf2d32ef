import {
  type DocumentNode,
  type GraphQLSchema,
  isObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { exactText } from '../../lib/exact-text.ts'
import type { Datamodel, Model } from '../datamodel/model.ts'
import type { ViewerAccess } from '../policy/viewer-access.ts'
import { liveModelExtension } from './live-models.ts'

/** What an operation's answer depends on besides its variables and the rows. */
interface Dependence {
  /** A field of an extension's own can look at anything. */
  readonly isOwn: boolean
  /** The models whose policies decide; all of them where null. */
  readonly models: ReadonlySet<Model> | null
}

/**
 * Says for whom an answer is the same: a text that those share who may see the same of what the document asks for; undefined
 * where it can be another one for everybody.
 */
export type AnswerKey = (
  document: DocumentNode,
  schema: GraphQLSchema,
  access: ViewerAccess,
) => string | undefined

/** @param isGenerated whether the field of a type is one of ours, and not of an extension */
export function createAnswerKey(
  datamodel: Datamodel,
  isGenerated: (typeName: string, fieldName: string) => boolean,
): AnswerKey {
  const known = new WeakMap<DocumentNode, { readonly number: number; readonly dependence: Dependence }>()
  let documents = 0
  return (document, schema, access) => {
    let entry = known.get(document)
    if (!entry) {
      documents += 1
      entry = { number: documents, dependence: findDependence(datamodel, document, schema, isGenerated) }
      known.set(document, entry)
    }
    const { isOwn, models } = entry.dependence
    if (isOwn) return undefined
    const conditions = [...(models ?? datamodel.models)].map(model => conditionsOf(access, model))
    return `${entry.number} ${access.isFull} ${exactText(conditions)}`
  }
}

function findDependence(
  datamodel: Datamodel,
  document: DocumentNode,
  schema: GraphQLSchema,
  isGenerated: (typeName: string, fieldName: string) => boolean,
): Dependence {
  const types = new TypeInfo(schema)
  const models = new Set<Model>()
  let [isOwn, isWide] = [false, false]
  const enter = (node: {
    readonly name: { readonly value: string }
    readonly arguments?: readonly unknown[]
  }) => {
    const parent = types.getParentType()
    const name = node.name.value
    if (!isObjectType(parent) || name.startsWith('__')) return
    if (!isGenerated(parent.name, name)) isOwn = true
    // what the filter of a change looks at was asked when it was matched; any other, and a live query's own policy, can lead
    // to any model
    const isRoot = parent === schema.getSubscriptionType()
    const isLive = types.getFieldDef()?.extensions[liveModelExtension] !== undefined
    if (isLive || (!isRoot && (node.arguments ?? []).length > 0)) isWide = true
    const model = datamodel.models.find(({ typeName }) => typeName === parent.name)
    if (!model) return
    models.add(model)
    const field = model.fields.find(({ graphqlName }) => graphqlName === name)
    if (field?.kind === 'relation') models.add(datamodel.model(field.target))
  }
  visit(document, visitWithTypeInfo(types, { Field: enter }))
  return { isOwn, models: isWide ? null : models }
}

/** All of what the viewer may see and do with the rows: more than a document asks for, and so never too little. */
function conditionsOf(access: ViewerAccess, model: Model): unknown {
  const own = access.of(model)
  const fields = model.fields.map(({ name }) => {
    const { read, isFilterable, isOrderable } = own.field(name)
    return [name, read, isFilterable, isOrderable]
  })
  return [model.name, own.read, own.update, own.delete, fields]
}
