import type { Model, ScalarField } from '../../datamodel/model.ts'
import type { Row, Where } from '../client.ts'
import type { AggregateResult, AggregateWish } from './aggregate.ts'

/** One term of the order of groups. */
export interface GroupOrderTerm {
  /** `key`: the field is one of the grouping fields; otherwise the aggregate of the field; `count` has none. */
  readonly by: 'key' | 'count' | 'sum' | 'avg' | 'min' | 'max'
  readonly field: ScalarField | null
  readonly order: unknown
}

/** Groups of a model's rows, as data. `having` is Prisma's. */
export interface GroupRead {
  readonly model: Model
  readonly where: Where
  readonly by: readonly ScalarField[]
  readonly having: Where
  readonly order: readonly GroupOrderTerm[]
  readonly limit: number
  readonly wish: AggregateWish
}

/** A group: the values that its rows share, and its aggregates. */
export interface Group extends AggregateResult {
  readonly key: Row
}
