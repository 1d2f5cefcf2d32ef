import type { InputFieldMap } from '@pothos/core'
import { capitalize } from '../../../lib/capitalize.ts'
import type { Model, RelationField } from '../../datamodel/model.ts'
import { nestedVerbs } from '../../operations/write/nested-verbs.ts'
import type { NestedVerb } from '../../operations/write/row-plan.ts'
import type { SchemaBuild } from '../builder.ts'
import { filterInput, uniqueInput } from '../filters.ts'
import { type InputFields, type InputRef, inputObject } from '../input-object.ts'
import { canUseVerb, offered } from '../offers.ts'
import { columnInputs } from './column-inputs.ts'

/** How the inputs of rows are made; handed in, since they hold nested inputs in turn. */
export interface RowInputs {
  readonly create: (build: SchemaBuild, model: Model, without: RelationField | null) => InputRef
  readonly update: (build: SchemaBuild, model: Model, without: RelationField | null) => InputRef
}

/** What the makers of the verbs' fields share. */
interface NestedBuild {
  readonly build: SchemaBuild
  readonly target: Model
  readonly relation: RelationField
  /** The other end: left out of the inputs, since the nesting says it. */
  readonly inverse: RelationField
  readonly rows: RowInputs
}

const descriptions: Readonly<Record<NestedVerb, string>> = {
  create: 'New rows to link.',
  connect: 'Existing rows to link.',
  connectOrCreate: 'Rows to link, created where none exists yet.',
  set: 'Exactly the rows to be linked: others are unlinked.',
  disconnect: 'Linked rows to unlink; they stay.',
  delete: 'Linked rows to delete.',
  update: 'Changes of linked rows.',
  upsert: 'Changes of linked rows, created where none is linked.',
  updateMany: 'The same change of every linked row that matches.',
  deleteMany: 'Filters for linked rows to delete.',
}

/** `CommentCreateNestedWithoutIssueInput`: what a write of an issue can do with its comments. */
export function nestedInput(
  build: SchemaBuild,
  relation: RelationField,
  kind: 'create' | 'update',
  rows: RowInputs,
): InputRef {
  const nested = nestedBuild(build, relation, rows)
  const verb = kind === 'create' ? 'Create' : 'Update'
  return inputObject(build, nestedName(nested, `${verb}Nested`), {
    description: relation.isList
      ? `What to do with the ${relation.graphqlName} of the row.`
      : `What to do with the ${relation.graphqlName} of the row: one of these.`,
    fields: t =>
      Object.fromEntries(
        nestedVerbs(build.datamodel, relation, kind).map(name => [
          name,
          t.field({
            type: verbType(nested, name),
            description: descriptions[name],
            extensions: offered(canUseVerb(build.datamodel, relation, name, kind)),
          }),
        ]),
      ) as InputFieldMap,
  })
}

/**
 * Makes the types that `nestedInput` refers to. Without it each would be made inside of another one, as deep as the
 * relations of the schema lead: too deep for a large one.
 */
export function prepareNestedInput(
  build: SchemaBuild,
  relation: RelationField,
  kind: 'create' | 'update',
  rows: RowInputs,
): void {
  const nested = nestedBuild(build, relation, rows)
  const verbs = nestedVerbs(build.datamodel, relation, kind)
  if (verbs.length > 0) nestedInput(build, relation, kind, rows)
  for (const verb of verbs) itemType(nested, verb)
}

function nestedBuild(build: SchemaBuild, relation: RelationField, rows: RowInputs): NestedBuild {
  const target = build.datamodel.model(relation.target)
  const inverse = target.relations.find(field => field.name === relation.inverse)
  if (!inverse) throw new Error(`The relation ${relation.name} has no other end.`)
  return { build, target, relation, inverse, rows }
}

function verbType(nested: NestedBuild, verb: NestedVerb): 'String' {
  const { relation } = nested
  const isSwitch = !relation.isList && (verb === 'disconnect' || verb === 'delete')
  const type = isSwitch ? 'Boolean' : itemType(nested, verb)
  return (relation.isList ? [type] : type) as 'String'
}

function itemType(nested: NestedBuild, verb: NestedVerb): InputRef {
  const { build, target, relation, inverse, rows } = nested
  switch (verb) {
    case 'create':
      return rows.create(build, target, inverse)
    case 'connectOrCreate':
      return connectOrCreate(nested)
    case 'update':
      return relation.isList ? updateItem(nested) : rows.update(build, target, inverse)
    case 'upsert':
      return upsertItem(nested)
    case 'updateMany':
      return updateManyItem(nested)
    case 'deleteMany':
      return filterInput(build, target)
    default:
      return uniqueInput(build, target)
  }
}

function connectOrCreate(nested: NestedBuild): InputRef {
  const { build, target, inverse, rows } = nested
  return inputObject(build, nestedName(nested, 'ConnectOrCreate'), {
    fields: t => ({
      where: t.field({ type: uniqueInput(build, target), required: true }),
      create: t.field({ type: rows.create(build, target, inverse), required: true }),
    }),
  })
}

function updateItem(nested: NestedBuild): InputRef {
  const { build, target, inverse, rows } = nested
  return inputObject(build, nestedName(nested, 'UpdateOne'), {
    fields: t => ({
      where: t.field({ type: uniqueInput(build, target), required: true }),
      data: t.field({ type: rows.update(build, target, inverse), required: true }),
    }),
  })
}

function upsertItem(nested: NestedBuild): InputRef {
  const { build, target, relation, inverse, rows } = nested
  return inputObject(build, nestedName(nested, 'Upsert'), {
    fields: t => ({
      ...(relation.isList ? { where: t.field({ type: uniqueInput(build, target), required: true }) } : {}),
      create: t.field({ type: rows.create(build, target, inverse), required: true }),
      update: t.field({ type: rows.update(build, target, inverse), required: true }),
    }),
  })
}

/** Shared by all relations to the model, and without relations: it is one statement. */
function updateManyItem({ build, target }: NestedBuild): InputRef {
  const data = inputObject(build, build.names.derived(target, 'UpdateManyInput'), {
    description: `The columns to change of ${target.plural}.`,
    fields: (t: InputFields) => columnInputs(build, t, { ...target, unsupported: [] }, 'update', null),
  })
  return inputObject(build, build.names.derived(target, 'UpdateManyItemInput'), {
    fields: t => ({
      where: t.field({ type: filterInput(build, target), required: true }),
      data: t.field({ type: data, required: true }),
    }),
  })
}

function nestedName({ build, target, inverse }: NestedBuild, verb: string): string {
  const other = capitalize(inverse.graphqlName)
  return build.names.derived(target, `${verb}Without${other}Input`)
}
