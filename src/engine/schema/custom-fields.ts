import { GraphQLObjectType, type GraphQLSchema } from 'graphql'
import type { Datamodel } from '../datamodel/model.ts'
import { selectFields } from '../operations/key.ts'

/**
 * An extension's field of a model that says nothing of what it needs gets all columns of the row, which is what its
 * type in TypeScript promises. Pothos reads the selection from this extension when an operation is planned.
 */
export function selectForCustomFields(schema: GraphQLSchema, datamodel: Datamodel): void {
  for (const model of datamodel.models) {
    const type = schema.getType(model.typeName)
    if (!(type instanceof GraphQLObjectType)) continue
    const columns = selectFields(model.scalars.map(field => field.name))
    for (const field of Object.values(type.getFields())) {
      const isPlanned = Object.keys(field.extensions).some(name => name.startsWith('pothosPrisma'))
      if (!isPlanned) field.extensions = { ...field.extensions, pothosPrismaSelect: columns }
    }
  }
}
