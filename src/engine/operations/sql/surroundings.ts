import type { SqlContext } from './sql-context.ts'

/** What surrounds a condition. */
export interface Surroundings {
  readonly context: SqlContext
  /**
   * The condition is negated before it decides about a row of its FROM. What is undecided there (SQL's NULL) then keeps
   * the row out just as true does, and otherwise just as false does; so a condition need not tell the one from the other.
   */
  readonly isNegated: boolean
  /**
   * The condition is within an odd number of negations, lists or not. Prisma turns conditions on JSON lists round by it.
   */
  readonly isReversed: boolean
}

/** Within a negation. */
export function negated({ context, isNegated, isReversed }: Surroundings): Surroundings {
  return { context, isNegated: !isNegated, isReversed: !isReversed }
}
