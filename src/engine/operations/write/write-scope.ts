import type { Row, Select } from '../client.ts'
import type { Scope } from '../scope.ts'
import type { RowPlan } from './row-plan.ts'

/** What a mutation of many rows wrote. */
export interface WrittenRows {
  /** Those that exist for the caller. */
  readonly rows: readonly Row[]
  /** How many were written. */
  readonly count: number
}

/** A row to create. `preset` are the columns that its parent gives it, by Prisma field name. */
export interface RowCreation {
  readonly plan: RowPlan
  readonly preset: Row
}

/** The writers of single rows, which the nested verbs call and which run the nested verbs in turn. */
export interface RowWriters {
  /** Creates rows of one model, and all that is nested in them. Returns them in order, with their link columns. */
  createRows(scope: WriteScope, creations: readonly RowCreation[], select?: Select): Promise<Row[]>
  /** Changes a row that was read with its link columns, and all that is nested in the change; returns it anew. */
  updateRow(scope: WriteScope, current: Row, plan: RowPlan): Promise<Row>
}

/** The scope of one mutation, inside its transaction. */
export interface WriteScope extends Scope {
  /** A statement that wrote several rows failed before: this time one row a statement, so that the error names it. */
  readonly isRowByRow: boolean
  readonly writers: RowWriters
  /** Rows to connect that were looked up together for several rows of the input, by `knownKey`. */
  readonly known?: ReadonlyMap<string, Row>
}
