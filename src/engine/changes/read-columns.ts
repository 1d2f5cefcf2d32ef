import type { Datamodel, Model, ScalarField } from '../datamodel/model.ts'
import { keyFields } from '../operations/key.ts'

/** The columns of the images that are read with a change: those of the key, and those that somebody's conditions look at. */
export interface ReadColumns {
  /** From now on these are read as well. */
  add(model: Model, fieldNames: Iterable<string>): void
  of(model: Model): readonly ScalarField[]
}

/** @param everything all models, which policies can look at */
export function createReadColumns(everything: Datamodel): ReadColumns {
  const byModel = new Map<string, readonly ScalarField[]>()
  const of = (model: Model) => byModel.get(model.name) ?? keyFields(model)
  return {
    add(model, names) {
      const known = of(model)
      const added = everything
        .model(model.name)
        .scalars.filter(
          field => [...names].includes(field.name) && !known.some(({ name }) => name === field.name),
        )
      if (added.length > 0) byModel.set(model.name, [...known, ...added])
    },
    of,
  }
}
