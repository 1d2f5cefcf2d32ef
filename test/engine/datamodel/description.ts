import type {
  DatamodelDescription,
  EnumDescription,
  FieldDescription,
  ModelDescription,
} from '../../../src/engine/datamodel/description.ts'

/** A required column; what differs from that is given. */
export function column(name: string, rest: Partial<FieldDescription> = {}): FieldDescription {
  return {
    kind: 'scalar',
    name,
    column: name,
    type: 'String',
    documentation: null,
    isList: false,
    isRequired: true,
    isId: false,
    isUnique: false,
    hasDefault: false,
    defaultValue: null,
    defaultFunction: null,
    isUpdatedAt: false,
    nativeType: null,
    relation: null,
    ...rest,
  }
}

/** One end of a relation; the end with `from` has the foreign key. */
export function relation(
  name: string,
  target: string,
  { relationName = 'relation', from = [], to = [], ...rest }: RelationOptions = {},
): FieldDescription {
  return column(name, {
    kind: 'relation',
    type: target,
    relation: { name: relationName, from, to, onDelete: null },
    ...rest,
  })
}

type RelationOptions = Partial<FieldDescription> & {
  readonly relationName?: string
  readonly from?: readonly string[]
  readonly to?: readonly string[]
}

/** A table with an integer `id` before the fields given. */
export function model(
  name: string,
  fields: readonly FieldDescription[] = [],
  rest: Partial<ModelDescription> = {},
): ModelDescription {
  return {
    name,
    table: name,
    databaseSchema: null,
    documentation: null,
    isView: false,
    fields: [column('id', { type: 'Int', isId: true }), ...fields],
    primaryKey: { name: null, fields: ['id'] },
    uniqueKeys: [],
    indexedForSearch: [],
    ...rest,
  }
}

export function describeModels(
  models: readonly ModelDescription[],
  enums: readonly EnumDescription[] = [],
): DatamodelDescription {
  return { formatVersion: 1, models, enums, emulatesRelations: false }
}
