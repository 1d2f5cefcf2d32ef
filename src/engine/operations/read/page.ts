import { RefractError } from '../../../errors.ts'
import type { EngineSettings, Scope } from '../scope.ts'
import { decodeCursor } from './cursor.ts'
import type { OrderTerm } from './order.ts'

export interface PageArguments {
  readonly first?: number | null
  readonly after?: string | null
  readonly last?: number | null
  readonly before?: string | null
  readonly offset?: number | null
}

/** One page of a list, as data. Backward pages are read in the reverse order, from `from` on. */
export interface Page {
  readonly isBackward: boolean
  readonly limit: number
  readonly offset: number
  /** Order values of the row that the page starts behind (`after`, or `before` of a backward page). */
  readonly from: readonly unknown[] | null
  /** Order values of the row that the page ends before (`before` of a forward page, `after` of a backward one). */
  readonly until: readonly unknown[] | null
}

const maximumOffset = 1_000_000

/**
 * The paging arguments to a page.
 *
 * @throws RefractError BAD_USER_INPUT that names the limit for too many rows, negative numbers, both directions at
 *   once, and for cursors that are none
 */
export function createPage(
  { datamodel, settings }: Pick<Scope, 'datamodel' | 'settings'>,
  terms: readonly OrderTerm[],
  args: PageArguments,
): Page {
  const first = args.first ?? null
  const last = args.last ?? null
  if (first !== null && last !== null) {
    throw new RefractError('BAD_USER_INPUT', 'Give `first` or `last`, not both: a page has one direction.')
  }
  const isBackward = last !== null
  const limit = first ?? last ?? settings.defaultPageSize
  assertLimit(settings, isBackward ? 'last' : 'first', limit)
  const offset = args.offset ?? 0
  assertOffset(offset, isBackward)
  const after = typeof args.after === 'string' ? decodeCursor(datamodel, terms, 'after', args.after) : null
  const before =
    typeof args.before === 'string' ? decodeCursor(datamodel, terms, 'before', args.before) : null
  return {
    isBackward,
    limit,
    offset,
    from: isBackward ? before : after,
    until: isBackward ? after : before,
  }
}

function assertLimit(settings: EngineSettings, name: string, limit: number): void {
  if (limit >= 0 && limit <= settings.maximumPageSize) return
  throw new RefractError(
    'BAD_USER_INPUT',
    `\`${name}\` is ${limit}; a page can have 0 to ${settings.maximumPageSize} rows.`,
  )
}

function assertOffset(offset: number, isBackward: boolean): void {
  if (offset < 0 || offset > maximumOffset) {
    throw new RefractError('BAD_USER_INPUT', `\`offset\` is ${offset}; it can be 0 to ${maximumOffset}.`)
  }
  if (offset > 0 && isBackward) {
    throw new RefractError('BAD_USER_INPUT', '`offset` goes with `first`, not with `last`.')
  }
}
