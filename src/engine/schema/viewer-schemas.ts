import { type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql'
import { LRUCache } from 'lru-cache'
import { getOrCreate } from '../../lib/get-or-create.ts'
import type { Viewer } from '../policy/viewer.ts'
import type { ViewerAccess } from '../policy/viewer-access.ts'
import { isMade, type Offer, offerOf, type SchemaPart } from './offers.ts'
import { schemaFor } from './schema-for.ts'

/** Viewers whose schema is known, at most. */
const maximumViewers = 10_000

/** Different schemas that are kept, at most: as many as there are kinds of viewers. */
const maximumSchemas = 100

/** How long a viewer keeps a schema: a rule may look at more than the viewer, such as the time of the day. */
const viewerMilliseconds = 60_000 // a minute

/**
 * Gives each viewer the part of the schema that he or she could ever use. Asking every rule of every model takes
 * milliseconds for a large schema, so what came of it is remembered by viewer; viewers who may do the same share one
 * schema, so that documents are validated once for all of them.
 */
export function createViewerSchemas(
  schema: GraphQLSchema,
  accessOf: (viewer: Viewer) => ViewerAccess,
): (viewer: Viewer) => GraphQLSchema {
  const offers = collectOffers(schema)
  const signatures = new LRUCache<string, string>({ max: maximumViewers, ttl: viewerMilliseconds })
  const schemas = new LRUCache<string, GraphQLSchema>({ max: maximumSchemas })
  // by the object as well: it is frozen, and for whoever has not signed in always the same
  const keys = new WeakMap<Viewer, string>()
  return viewer => {
    if (viewer.isAdministrator) return schema
    const key = getOrCreate(keys, viewer, () => JSON.stringify(viewer))
    const known = signatures.get(key)
    const knownSchema = known === undefined ? undefined : schemas.get(known)
    if (knownSchema) return knownSchema
    const access = accessOf(viewer)
    const signature = offers.map(offer => (isMade(offer, access) ? '1' : '0')).join('')
    signatures.set(key, signature)
    const made = schemas.get(signature) ?? schemaFor(schema, access)
    schemas.set(signature, made)
    return made
  }
}

/** Every offer of the schema, once. */
function collectOffers(schema: GraphQLSchema): readonly Offer[] {
  const parts: SchemaPart[] = Object.values(schema.getTypeMap()).flatMap((type): readonly SchemaPart[] => {
    if (isEnumType(type)) return [type, ...type.getValues()]
    if (isInputObjectType(type)) return [type, ...Object.values(type.getFields())]
    if (!isObjectType(type) && !isInterfaceType(type)) return [type]
    return [type, ...Object.values(type.getFields()).flatMap(field => [field, ...field.args])]
  })
  return [...new Set(parts.map(offerOf).filter(offer => offer !== undefined))]
}
