import type { Model } from '../datamodel/model.ts'
import type { Row } from '../operations/client.ts'
import type { ChangeType } from './change.ts'

/** A change as a subscription gets it. All subscriptions that it is the same for get the same object. */
export interface ChangeEvent {
  readonly type: ChangeType
  /** An opaque token: a subscription that begins after it gets what comes next. */
  readonly cursor: string
  readonly at: Date
  readonly model: Model
  /** By Prisma field name, as Prisma reads it. */
  readonly key: Row
  /** Prisma names. */
  readonly changedFields: readonly string[]
  /** What those who get it make of it is kept here, to be made once. */
  readonly results: Map<string, unknown>
  /** The same, for all events that were delivered together. */
  readonly delivery: Map<string, unknown>
}
