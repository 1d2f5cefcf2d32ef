import type { Model } from '../../datamodel/model.ts'
import { isNoRow } from '../../policy/logic.ts'
import { delegateOf, type Row, type Select } from '../client.ts'
import { readAlong } from '../read/read-along.ts'
import { readerOf } from '../read/reader.ts'
import { visible } from '../scope.ts'
import { translateFilter } from '../where/translate-filter.ts'
import type { Input, Planning } from './planning.ts'
import { WriteFailure } from './write-error.ts'
import type { WriteScope } from './write-scope.ts'

/** Notes an `atMost` that is no number of rows, or more of them than a batch may have. */
export function checkAtMost(planning: Planning, atMost: number): void {
  if (atMost < 0) planning.refuse(['atMost'], `atMost: expected 0 or more; ${atMost} came.`)
  if (atMost > planning.maximumItems) planning.refuseLength(['atMost'], atMost)
}

/**
 * The rows that a GraphQL filter matches, out of those that exist for the caller, in the order of their keys.
 *
 * @throws WriteFailure (LimitError) where there are more than `atMost`; RefractError BAD_USER_INPUT for a filter's value
 *   that cannot be one of its column's type
 */
export async function findMatches(
  scope: WriteScope,
  model: Model,
  filter: Input,
  atMost: number,
  select: Select,
): Promise<readonly Row[]> {
  const where = visible(scope, model, await translateFilter(scope, model, filter))
  if (isNoRow(where)) return []
  const orderBy = (model.primaryKey?.fields ?? []).map(name => ({ [name]: 'asc' }))
  const take = atMost + 1
  const along = readAlong(scope, model, select)
  const rows = await readerOf(scope)
    .of(model)
    .findMany({ where, select: along.select, orderBy, take, relationLoadStrategy: along.strategy })
  along.finish(rows)
  if (rows.length <= atMost) return rows
  const actual = await delegateOf(scope.database, model).count({ where })
  const message = `Expected the filter to match at most ${atMost} rows, as atMost says; it matches ${actual}, and nothing was done.`
  throw new WriteFailure([{ type: 'LimitError', path: ['atMost'], message, limit: atMost, actual }])
}
