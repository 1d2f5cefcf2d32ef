import type { Model } from '../datamodel/model.ts'
import type { Row } from '../operations/client.ts'
import type { Position } from './position.ts'

/** What somebody wrote: one row of one statement that was committed. */
export interface Change {
  readonly position: Position
  readonly at: Date
  /** Null where no subscription can be about the table. */
  readonly model: Model | null
  readonly operation: 'INSERT' | 'UPDATE' | 'DELETE'
  /** The key of the row, by Prisma field name, as Prisma reads it. */
  readonly key: Row
  /** Of the row before the change the columns that are read, in the same way; null of an insert. */
  readonly before: Row | null
  /** Null of a delete. */
  readonly after: Row | null
  /** Of an update: the Prisma names of the columns that have other values now. */
  readonly changed: readonly string[]
}

/** What a change is to somebody who has asked for the rows that match a filter. */
export const changeTypes = ['CREATED', 'UPDATED', 'DELETED', 'ENTERED', 'LEFT'] as const
export type ChangeType = (typeof changeTypes)[number]
