/**
 * The datamodel as it stands in a project's `datamodel.json`: Prisma's own names only, no lookups.
 * `createDatamodel` makes the `Datamodel` of it.
 */
export interface DatamodelDescription {
  readonly formatVersion: 1
  readonly models: readonly ModelDescription[]
  readonly enums: readonly EnumDescription[]
  /** `relationMode = "prisma"`: the database has no foreign keys, and Prisma does what they would. */
  readonly emulatesRelations: boolean
}

export interface ModelDescription {
  readonly name: string
  readonly table: string
  readonly databaseSchema: string | null
  readonly documentation: string | null
  readonly isView: boolean
  readonly fields: readonly FieldDescription[]
  readonly primaryKey: KeyDescription | null
  readonly uniqueKeys: readonly KeyDescription[]
  /** Names of the columns that have a GIN or GiST index of their own. */
  readonly indexedForSearch: readonly string[]
}

export interface KeyDescription {
  readonly name: string | null
  readonly fields: readonly string[]
}

export interface FieldDescription {
  readonly kind: 'scalar' | 'enum' | 'relation' | 'unsupported'
  readonly name: string
  readonly column: string
  /** The Prisma scalar, the enum, the target model, or the database type of an unsupported column. */
  readonly type: string
  readonly documentation: string | null
  readonly isList: boolean
  readonly isRequired: boolean
  readonly isId: boolean
  readonly isUnique: boolean
  readonly hasDefault: boolean
  readonly defaultValue: unknown
  /** `now()`, `uuid(7)`, `autoincrement()`, `dbgenerated("…")`. */
  readonly defaultFunction: { readonly name: string; readonly args: readonly unknown[] } | null
  readonly isUpdatedAt: boolean
  readonly nativeType: { readonly name: string; readonly args: readonly string[] } | null
  readonly relation: {
    readonly name: string
    readonly from: readonly string[]
    readonly to: readonly string[]
    readonly onDelete: string | null
  } | null
}

export interface EnumDescription {
  readonly name: string
  /** The name of the type in the database (`@@map`). */
  readonly databaseName: string
  /** The PostgreSQL schema (`@@schema`), where the Prisma schema names it. */
  readonly databaseSchema: string | null
  readonly documentation: string | null
  /** `column` is the value as the database has it (`@map`). */
  readonly values: readonly { readonly name: string; readonly column: string }[]
}
