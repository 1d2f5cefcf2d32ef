/** The readonly description of a Prisma schema that everything in Refract is built from. */

export type ScalarType =
  | 'String'
  | 'Boolean'
  | 'Int'
  | 'BigInt'
  | 'Float'
  | 'Decimal'
  | 'DateTime'
  | 'Json'
  | 'Bytes'

/** The GraphQL scalars that fields are served as. */
export type GraphQLScalarName =
  | 'ID'
  | 'String'
  | 'Boolean'
  | 'Int'
  | 'BigInt'
  | 'Float'
  | 'Decimal'
  | 'DateTime'
  | 'Date'
  | 'Time'
  | 'JSON'
  | 'Bytes'
  | 'UUID'

interface FieldBase {
  /** The name in the Prisma schema. */
  readonly name: string
  /** The name in GraphQL, camelCase; unique in its model. */
  readonly graphqlName: string
  readonly documentation: string | null
  /** For a scalar: null is not stored. For a relation: it always has a target. Lists are always required. */
  readonly isRequired: boolean
  /** `@hidden`: the API does not have it. */
  readonly isHidden: boolean
}

/** A column with a value: a Prisma scalar, an enum, or a list of either. */
export interface ScalarField extends FieldBase {
  readonly kind: 'scalar'
  readonly column: string
  /** The Prisma scalar, or null where the field is of an enum. */
  readonly scalar: ScalarType | null
  /** The Prisma name of the enum, or null. */
  readonly enumName: string | null
  /** The GraphQL scalar, or the enum's GraphQL name. */
  readonly graphqlType: string
  readonly isList: boolean
  readonly isId: boolean
  readonly isUnique: boolean
  /** The database or Prisma fills it in when a create leaves it out. */
  readonly hasDefault: boolean
  /** A literal default (JSON form), or null where it is a function such as `now()` or there is none. */
  readonly defaultValue: unknown
  /** A default that is a function: `now()`, `uuid(7)`, `autoincrement()`, `dbgenerated("…")`. */
  readonly defaultFunction: { readonly name: string; readonly args: readonly unknown[] } | null
  readonly isUpdatedAt: boolean
  /** `@db.X(args)`: the name and its arguments. */
  readonly nativeType: { readonly name: string; readonly args: readonly string[] } | null
  /** This column is a part of a foreign key, so a relation of the same model can set it as well. */
  readonly isForeignKey: boolean
}

/** One end of a relation. `from` (here) and `to` (on the target) are the key's columns, by field name and in step. */
export interface RelationField extends FieldBase {
  readonly kind: 'relation'
  readonly relationName: string
  /** The Prisma name of the model at the other end. */
  readonly target: string
  readonly isList: boolean
  /** The foreign key is on this model. */
  readonly ownsKey: boolean
  /** An implicit many-to-many relation, held in a join table of Prisma's; `from` and `to` are the two primary keys. */
  readonly isManyToMany: boolean
  readonly from: readonly string[]
  readonly to: readonly string[]
  /** The Prisma name of the field at the other end. */
  readonly inverse: string
  readonly onDelete: string | null
}

/** A column of a type that Prisma cannot read: `Unsupported("…")`. `point` and `tsvector` are served, others are not. */
export interface UnsupportedField extends FieldBase {
  readonly kind: 'unsupported'
  readonly column: string
  readonly databaseType: string
  readonly hasDefault: boolean
}

export type Field = ScalarField | RelationField | UnsupportedField

/** A primary or unique key. */
export interface Key {
  /** The name of the compound in Prisma's `where` (`teamId_number`); the field's own name for a single column. */
  readonly name: string
  readonly graphqlName: string
  /** Prisma names, in the key's order. */
  readonly fields: readonly string[]
}

/** Full-text search over a `tsvector` column that has a GIN or GiST index. */
export interface SearchVector {
  readonly field: UnsupportedField
  /** The searchable texts by GraphQL name, with the weight label (A to D) they carry in the vector; empty: not said. */
  readonly sources: readonly { readonly graphqlName: string; readonly weight: string }[]
  /** The text search configuration, such as `english`; null: the database's default. */
  readonly language: string | null
}

export interface Model {
  /** The name in the Prisma schema: the key of everything. */
  readonly name: string
  /** The GraphQL object type, PascalCase. */
  readonly typeName: string
  /** Root field for one, and the payload's field: `issue`. */
  readonly singular: string
  /** Root field for many: `issues`. */
  readonly plural: string
  /** The model's property on the Prisma client. */
  readonly delegate: string
  readonly table: string
  /** The PostgreSQL schema, where the Prisma schema names it. */
  readonly databaseSchema: string | null
  readonly documentation: string | null
  /** `@hidden`: the API does not have it. */
  readonly isHidden: boolean
  /** Triggers record its changes: it is a table with a primary key, and neither `@hidden` nor `@unrecorded`. */
  readonly isRecorded: boolean
  readonly isView: boolean
  readonly fields: readonly Field[]
  readonly scalars: readonly ScalarField[]
  readonly relations: readonly RelationField[]
  readonly unsupported: readonly UnsupportedField[]
  /** The id, else the first unique key of required columns: what cursors and node ids hold. Null: the rows have no name. */
  readonly primaryKey: Key | null
  /** Every `@id`, `@@id`, `@unique` and `@@unique`, the primary key first. */
  readonly uniqueKeys: readonly Key[]
  /** The field that `ifVersion` compares: `version` if it is a number, else the `@updatedAt` field. */
  readonly versionField: ScalarField | null
  readonly searchVectors: readonly SearchVector[]
  /** Rows can be created: it is a table, and no required column is of a type that cannot be written. */
  readonly isCreatable: boolean
  /** It is a table with a primary key, so rows can be updated and deleted. */
  readonly isUpdatable: boolean
}

export interface Enum {
  readonly name: string
  /** The name of the type in the database. */
  readonly databaseName: string
  /** The PostgreSQL schema, where the Prisma schema names it. */
  readonly databaseSchema: string | null
  readonly typeName: string
  readonly documentation: string | null
  /** In PostgreSQL's order; `column` is the value as the database has it (`@map`). */
  readonly values: readonly { readonly name: string; readonly column: string; readonly graphqlName: string }[]
}

/** What could not be served as it stands, for the lines printed at start. */
export interface DatamodelNotice {
  readonly subject: string
  readonly reason: string
}

export interface Datamodel {
  readonly models: readonly Model[]
  readonly enums: readonly Enum[]
  readonly notices: readonly DatamodelNotice[]
  /** The database has no foreign keys, and Prisma does what they would (`relationMode = "prisma"`). */
  readonly emulatesRelations: boolean
  /** Throws for a name that is not a model of the schema. */
  model(name: string): Model
  /** Throws for a name that is not an enum of the schema. */
  enum(name: string): Enum
}
