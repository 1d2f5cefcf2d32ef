import type { Where } from './logic.ts'
import type { Viewer } from './viewer.ts'

/** Which rows: all, none, or those that a Prisma `where` matches. */
export type Allowance<ModelWhere> = boolean | ModelWhere

/** Says which rows a viewer may have: a constant, or a function of the viewer that answers at once. */
export type Rule<ModelWhere = Where, PolicyViewer = Viewer> =
  | boolean
  | ((viewer: PolicyViewer) => Allowance<ModelWhere>)

/** Says whether a viewer may: a constant, or a function of the viewer that answers at once. */
export type Permission<PolicyViewer = Viewer> = boolean | ((viewer: PolicyViewer) => boolean)

/** Who may do what with one field. What is left out goes with the row. */
export interface FieldPolicy<ModelWhere = Where, PolicyViewer = Viewer> {
  /** In which rows the field can be read. Elsewhere it is null; for whom it is in no row, the API does not have it. */
  readonly read?: Rule<ModelWhere, PolicyViewer>
  /** Rows in which the field can be given a value: the new row of a create, the row of an update as it was. */
  readonly write?: Rule<ModelWhere, PolicyViewer>
  /** In place of `write` for one of the two. */
  readonly create?: Rule<ModelWhere, PolicyViewer>
  readonly update?: Rule<ModelWhere, PolicyViewer>
  /** Rows can be filtered by it. Default: where it can be read. */
  readonly filter?: Permission<PolicyViewer>
  /** Rows can be ordered, grouped and aggregated by it. Default: where it can be read in every row. */
  readonly order?: Permission<PolicyViewer>
  /** For whom it can be read in no row: the API does not have it (`absent`, the default), or it is `null`. */
  readonly whenHidden?: 'absent' | 'null'
}

/** Values that a write gets without being asked. */
export type Preset<Values = Readonly<Record<string, unknown>>, PolicyViewer = Viewer> = (
  viewer: PolicyViewer,
) => Values

/**
 * Who may do what with the rows of a model. An operation that is left out is denied to all but administrators.
 *
 * The parameters are the model's `where`, the names of its fields, and the values of its columns.
 */
export interface ModelPolicy<
  ModelWhere = Where,
  FieldName extends string = string,
  Values = Readonly<Record<string, unknown>>,
  PolicyViewer = Viewer,
> {
  /** The rows that exist for the viewer: wherever they come up, others are as if they were not there. */
  readonly read?: Rule<ModelWhere, PolicyViewer>
  /** What a new row has to be like. */
  readonly create?: Rule<ModelWhere, PolicyViewer>
  /** The rows that can be changed, out of those that can be read. */
  readonly update?: Rule<ModelWhere, PolicyViewer>
  /** What a row has to be like after an update. Default: what `update` says. */
  readonly check?: Rule<ModelWhere, PolicyViewer>
  /** The rows that can be deleted, out of those that can be read. */
  readonly delete?: Rule<ModelWhere, PolicyViewer>
  /** Values that are not in the input: the viewer cannot give others. */
  readonly presets?: {
    readonly create?: Preset<Values, PolicyViewer>
    readonly update?: Preset<Values, PolicyViewer>
  }
  /** What holds for single fields; `false` stands for one that nobody may read or write. */
  readonly fields?: Readonly<Partial<Record<FieldName, FieldPolicy<ModelWhere, PolicyViewer> | false>>>
  /** What holds for the fields that `fields` does not name. Default: they go with the row. */
  readonly otherFields?: FieldPolicy<ModelWhere, PolicyViewer> | false
}

/** The policy of one model, as `definePolicy` makes it. */
export interface Policy {
  /** The name in the Prisma schema. */
  readonly model: string
  readonly rules: ModelPolicy
}
