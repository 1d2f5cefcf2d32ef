import type { InputFieldMap } from '@pothos/core'
import type { Model, RelationField, ScalarField } from '../../datamodel/model.ts'
import { nestedVerbs } from '../../operations/write/nested-verbs.ts'
import { isNeeded } from '../../operations/write/plan-row.ts'
import { inputScalars, pointFields } from '../../operations/write/plan-values.ts'
import type { SchemaBuild } from '../builder.ts'
import { inputTypeOf } from '../field-types.ts'
import { type InputFields, type InputRef, inputObject } from '../input-object.ts'
import { canGiveField, offered } from '../offers.ts'

/** The fields of an input for a row's own columns. `without`: the relation that the row gets its key from. */
export function columnInputs(
  build: SchemaBuild,
  t: InputFields,
  model: Model,
  kind: 'create' | 'update',
  without: RelationField | null,
): InputFieldMap {
  const points = pointFields(model).map(field => [
    field.graphqlName,
    t.field({
      type: 'Point',
      description: field.documentation ?? undefined,
      extensions: offered(canGiveField(model, field, kind)),
    }),
  ])
  const scalars = inputScalars(model, without).map(field => [
    field.graphqlName,
    scalarInput(build, t, model, field, kind),
  ])
  return Object.fromEntries([...scalars, ...points])
}

function scalarInput(
  build: SchemaBuild,
  t: InputFields,
  model: Model,
  field: ScalarField,
  kind: 'create' | 'update',
) {
  const description = field.documentation ?? undefined
  const extensions = offered(canGiveField(model, field, kind))
  if (field.isList && kind === 'update')
    return t.field({ type: listUpdate(build, field), description, extensions })
  const type = inputTypeOf(build, field)
  const required = kind === 'create' && isNeeded(field) && !isSetByRelation(build, model, field)
  return t.field({ type: (field.isList ? [type] : type) as 'String', required, description, extensions })
}

/** A relation of the same input can fill it in. */
function isSetByRelation(build: SchemaBuild, model: Model, field: ScalarField): boolean {
  return model.relations.some(
    relation =>
      relation.ownsKey &&
      relation.from.includes(field.name) &&
      nestedVerbs(build.datamodel, relation, 'create').length > 0,
  )
}

/** `StringListUpdateInput`: a list column is replaced, or added to. */
function listUpdate(build: SchemaBuild, field: ScalarField): InputRef {
  const type = inputTypeOf(build, field) as 'String'
  return inputObject(build, build.names.shared(`${field.graphqlType}ListUpdateInput`), {
    description: 'A change of a list: exactly one of the two.',
    fields: t => ({
      set: t.field({ type: [type], description: 'The whole list.' }),
      push: t.field({ type: [type], description: 'Items to add at the end.' }),
    }),
  })
}
