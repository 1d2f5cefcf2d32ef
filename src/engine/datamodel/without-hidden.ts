import { StartError } from '../../errors.ts'
import type { Datamodel, Field, Key, Model, ScalarField } from './model.ts'

/**
 * The part of a datamodel that an API is made of: without the models and columns that are `@hidden`, and without the
 * relations to such models. What has to be given and is hidden makes its model one that cannot be created.
 *
 * @throws StartError for a hidden field that the API cannot do without: a relation, or a column of a primary or foreign key
 */
export function withoutHidden(datamodel: Datamodel): Datamodel {
  const faults = datamodel.models.flatMap(hiddenFaults)
  if (faults.length > 0) {
    throw new StartError(`@hidden is not possible here: ${faults.join('; ')}. Take it away and try again.`)
  }
  const hidden = new Set(datamodel.models.filter(model => model.isHidden).map(model => model.name))
  if (hidden.size === 0 && !datamodel.models.some(model => model.fields.some(field => field.isHidden))) {
    return datamodel
  }
  const models = datamodel.models.filter(model => !model.isHidden).map(model => narrow(model, hidden))
  const byName = new Map(models.map(model => [model.name, model]))
  return Object.freeze({
    ...datamodel,
    models: Object.freeze(models),
    model: (name: string) => {
      const model = byName.get(name)
      if (!model) throw new Error(`The API has no model named ${name}.`)
      return model
    },
  })
}

function hiddenFaults(model: Model): string[] {
  return model.fields
    .filter(field => field.isHidden)
    .flatMap(field => {
      const name = `${model.name}.${field.name}`
      if (field.kind === 'relation')
        return [`${name} is a relation (hide its model, or close it by a policy)`]
      if (model.primaryKey?.fields.includes(field.name)) return [`${name} belongs to the primary key`]
      const isForeignKey = field.kind === 'scalar' && field.isForeignKey
      return isForeignKey ? [`${name} is the foreign key of a relation (close it by a policy)`] : []
    })
}

function narrow(model: Model, hidden: ReadonlySet<string>): Model {
  const isVisible = (field: Field) =>
    !field.isHidden && !(field.kind === 'relation' && hidden.has(field.target))
  const fields = model.fields.filter(isVisible)
  const names = new Set(fields.map(field => field.name))
  const isWhole = (key: Key) => key.fields.every(name => names.has(name))
  const isGone = (field: Field) => field.kind !== 'relation' && field.isHidden
  return Object.freeze({
    ...model,
    fields,
    scalars: fields.filter(field => field.kind === 'scalar'),
    relations: fields.filter(field => field.kind === 'relation'),
    unsupported: fields.filter(field => field.kind === 'unsupported'),
    uniqueKeys: model.uniqueKeys.filter(isWhole),
    versionField: model.versionField && names.has(model.versionField.name) ? model.versionField : null,
    searchVectors: model.searchVectors.filter(vector => names.has(vector.field.name)),
    isCreatable: model.isCreatable && !model.fields.some(field => isGone(field) && isNeeded(field)),
  })
}

/** A create has to give it. */
function isNeeded(field: Field): boolean {
  if (field.kind === 'relation') return false
  const { isList = false, isUpdatedAt = false } = field as Partial<ScalarField>
  return field.isRequired && !field.hasDefault && !isList && !isUpdatedAt
}
