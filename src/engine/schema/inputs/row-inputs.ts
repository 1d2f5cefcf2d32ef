import { capitalize } from '../../../lib/capitalize.ts'
import type { Model, RelationField } from '../../datamodel/model.ts'
import { nestedVerbs } from '../../operations/write/nested-verbs.ts'
import { incrementFields } from '../../operations/write/plan-increment.ts'
import type { SchemaBuild } from '../builder.ts'
import { inputTypeOf } from '../field-types.ts'
import { type InputRef, inputObject } from '../input-object.ts'
import { canGiveField, canGiveNeeded, canGiveRelation, offered } from '../offers.ts'
import { columnInputs } from './column-inputs.ts'
import { nestedInput, prepareNestedInput } from './nested-input.ts'

/** `IssueCreateInput`, or `IssueCreateWithoutAuthorInput` inside the relation whose other end is `without`. */
export function createInput(
  build: SchemaBuild,
  model: Model,
  without: RelationField | null = null,
): InputRef {
  return rowInput(build, model, 'create', without)
}

/** `IssueUpdateInput`, or `IssueUpdateWithoutAuthorInput` inside the relation whose other end is `without`. */
export function updateInput(
  build: SchemaBuild,
  model: Model,
  without: RelationField | null = null,
): InputRef {
  return rowInput(build, model, 'update', without)
}

const rowInputs = { create: createInput, update: updateInput }

/** Makes the input types of the model's relations. */
export function prepareRelationInputs(build: SchemaBuild, model: Model): void {
  for (const relation of model.relations) {
    if (model.isCreatable) prepareNestedInput(build, relation, 'create', rowInputs)
    if (model.isUpdatable) prepareNestedInput(build, relation, 'update', rowInputs)
  }
}

function rowInput(
  build: SchemaBuild,
  model: Model,
  kind: 'create' | 'update',
  without: RelationField | null,
): InputRef {
  const verb = kind === 'create' ? 'Create' : 'Update'
  const suffix = without ? `${verb}Without${capitalize(without.graphqlName)}Input` : `${verb}Input`
  return inputObject(build, build.names.derived(model, suffix), {
    ...(model.documentation ? { description: model.documentation } : {}),
    ...(kind === 'create' ? { offer: canGiveNeeded(build.datamodel, model, without) } : {}),
    fields: t => ({
      ...columnInputs(build, t, model, kind, without),
      ...Object.fromEntries(
        writableRelations(build, model, kind, without).map(relation => [
          relation.graphqlName,
          t.field({
            type: nestedInput(build, relation, kind, rowInputs),
            description: relation.documentation ?? undefined,
            extensions: offered(canGiveRelation(build.datamodel, model, relation, kind)),
          }),
        ]),
      ),
    }),
  })
}

function writableRelations(
  build: SchemaBuild,
  model: Model,
  kind: 'create' | 'update',
  without: RelationField | null,
): readonly RelationField[] {
  return model.relations.filter(
    relation => relation.name !== without?.name && nestedVerbs(build.datamodel, relation, kind).length > 0,
  )
}

/** `IssueIncrementInput`, or null for a model without a number that could be added to. */
export function incrementInput(build: SchemaBuild, model: Model): InputRef | null {
  const fields = incrementFields(model)
  if (fields.length === 0) return null
  return inputObject(build, build.names.derived(model, 'IncrementInput'), {
    description: `Amounts to be added to the numbers of one ${model.singular}, as they are then; negative ones are taken off.`,
    fields: t =>
      Object.fromEntries(
        fields.map(field => [
          field.graphqlName,
          t.field({
            type: inputTypeOf(build, field),
            description: field.documentation ?? undefined,
            extensions: offered(canGiveField(model, field, 'update')),
          }),
        ]),
      ),
  })
}
