import type { Row, Where } from '../../client.ts'
import type { InputPath } from '../write-error.ts'

/** A row at the other end of a relation, read with its link columns, and where the input names it. */
export interface LinkTarget {
  readonly row: Row
  readonly path: InputPath
}

/** One relation of one row that is being written: how rows at the other end are linked with it. */
export interface Link {
  /** The columns that a new row at the other end has to be created with. */
  readonly preset: Row
  /** Matches the rows at the other end that are linked now; null where there are none for sure. */
  readonly filter: Where | null
  /** Links rows that were created with `preset`. */
  adopt(targets: readonly LinkTarget[]): Promise<void>
  /** Links rows that were there before. */
  attach(targets: readonly LinkTarget[]): Promise<void>
  /** Unlinks rows that are linked. */
  detach(targets: readonly LinkTarget[]): Promise<void>
  /** Makes a to-one relation free for another row, which `path` brings. */
  makeRoom(path: InputPath): Promise<void>
  /** Deletes linked rows. */
  remove(targets: readonly LinkTarget[]): Promise<void>
}
