import type { Model, RelationField, UnsupportedField } from '../../datamodel/model.ts'
import type { Where } from '../client.ts'
import type { InputPath } from './write-error.ts'

/** One row to create or to change, checked as far as its input and the schema tell. */
export interface RowPlan {
  readonly model: Model
  /** Where the row's input stands. */
  readonly path: InputPath
  /** Prisma `data` of the row's own columns, by Prisma field name. */
  readonly values: Readonly<Record<string, unknown>>
  /** Where the value of a column stands in the input, by Prisma field name. */
  readonly origins: ReadonlyMap<string, InputPath>
  readonly points: readonly PointValue[]
  readonly relations: readonly RelationPlan[]
  /** Everything that the input says something about, by Prisma field name. */
  readonly fields: readonly string[]
  /** What nesting sets without saying it: the foreign keys of the relations, and a new row's link to its parent. */
  readonly linked: readonly string[]
}

/** The value of a `point` column; null stores NULL. */
export interface PointValue {
  readonly field: UnsupportedField
  readonly point: { readonly x: number; readonly y: number } | null
}

/** What is to be done with the rows at the other end of one relation. */
export interface RelationPlan {
  readonly relation: RelationField
  readonly target: Model
  readonly path: InputPath
  /** In the order in which they are done. */
  readonly steps: readonly NestedStep[]
}

/** A row named by one of its unique keys. */
export interface TargetPlan {
  readonly path: InputPath
  readonly where: Where
  /** What the row has to be like to be looked up by this key: its fields can be read. */
  readonly condition: Where
}

/** A row at the other end: one named by a key, or, with null, the only one that a to-one relation has. */
export interface LinkedTargetPlan {
  readonly path: InputPath
  readonly where: Where | null
  readonly condition: Where
}

export interface ConnectOrCreatePlan extends TargetPlan {
  readonly create: RowPlan
}

export interface UpdatePlan extends LinkedTargetPlan {
  readonly data: RowPlan
}

export interface UpsertPlan extends LinkedTargetPlan {
  readonly create: RowPlan
  readonly update: RowPlan
}

/** `filter` is the GraphQL filter of the target. */
export interface FilterPlan {
  readonly path: InputPath
  readonly filter: Readonly<Record<string, unknown>>
}

export interface UpdateManyPlan extends FilterPlan {
  readonly data: RowPlan
}

export type NestedStep =
  | { readonly verb: 'create'; readonly rows: readonly RowPlan[] }
  | { readonly verb: 'connect'; readonly targets: readonly TargetPlan[] }
  | { readonly verb: 'connectOrCreate'; readonly targets: readonly ConnectOrCreatePlan[] }
  | { readonly verb: 'disconnect'; readonly targets: readonly LinkedTargetPlan[] }
  | { readonly verb: 'set'; readonly path: InputPath; readonly targets: readonly TargetPlan[] }
  | { readonly verb: 'update'; readonly targets: readonly UpdatePlan[] }
  | { readonly verb: 'upsert'; readonly targets: readonly UpsertPlan[] }
  | { readonly verb: 'delete'; readonly targets: readonly LinkedTargetPlan[] }
  | { readonly verb: 'updateMany'; readonly changes: readonly UpdateManyPlan[] }
  | { readonly verb: 'deleteMany'; readonly filters: readonly FilterPlan[] }

export type NestedVerb = NestedStep['verb']
