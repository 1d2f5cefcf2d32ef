import type { Datamodel } from '../datamodel/model.ts'
import { keyFields } from '../operations/key.ts'

interface PothosModel {
  readonly primaryKey: { readonly name: string | null; readonly fields: readonly string[] } | null
}

interface PothosDatamodel {
  readonly datamodel: { readonly models: Readonly<Record<string, PothosModel>> }
}

/**
 * Pothos's description of the models with a key for each: it refuses an object type without one, which the rows of a
 * view may not have. There, every column that can be compared stands for the key, as it does in cursors.
 */
export function describeForPothos(datamodel: Datamodel, pothosDatamodel: unknown): unknown {
  const { models } = (pothosDatamodel as PothosDatamodel).datamodel
  const keys = datamodel.models
    .filter(model => model.primaryKey === null)
    .map(model => {
      const primaryKey = { name: null, fields: keyFields(model).map(field => field.name) }
      return [model.name, { ...models[model.name], primaryKey }] as const
    })
  return { datamodel: { models: { ...models, ...Object.fromEntries(keys) } } }
}
