import type { Model } from '../datamodel/model.ts'
import type { Row } from '../operations/client.ts'
import { encodeCursor } from '../operations/read/cursor.ts'
import type { OrderTerm } from '../operations/read/order.ts'
import { findPositions, needsExactRead, type Position, positionOf } from '../operations/read/row-position.ts'
import type { Scope } from '../operations/scope.ts'
import { createLoader } from './loaders.ts'

/**
 * Makes the cursors of a list's rows. Where the order has moments with microseconds, those of all rows that a cursor
 * is asked for are read together.
 */
export function cursorsOf(
  scope: Scope,
  model: Model,
  order: readonly OrderTerm[],
): (row: Row) => Promise<string> {
  if (!needsExactRead(order)) return async row => encodeCursor(order, positionOf(order, row))
  const positions = createLoader<Row, Position>(rows => findPositions(scope, model, order, rows))
  return async row => encodeCursor(order, await positions.load(row))
}
