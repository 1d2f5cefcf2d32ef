import { Decimal } from '@prisma/client/runtime/client'
import type { Datamodel, ScalarField } from '../../datamodel/model.ts'
import type { Row } from '../client.ts'
import { type OrderTerm, orderValue } from './order.ts'
import type { Position } from './row-position.ts'

/**
 * Below 0 where a row comes before a position, 0 where it is at it, above 0 where it comes after, as PostgreSQL orders
 * them; texts in the order of their characters' codes, as the collation C has it.
 */
export function comparePosition(
  datamodel: Datamodel,
  terms: readonly OrderTerm[],
  row: Row,
  position: Position,
): number {
  for (const [index, term] of terms.entries()) {
    const compared = compareTerm(datamodel, term, orderValue(term, row), position[index] ?? null)
    if (compared !== 0) return compared
  }
  return 0
}

function compareTerm(datamodel: Datamodel, term: OrderTerm, value: unknown, other: unknown): number {
  if (value === null || other === null) {
    if (value === other) return 0
    return (value === null) === (term.nulls === 'first') ? -1 : 1
  }
  const compared =
    term.by.kind === 'relation'
      ? compareParts(Number(value), Number(other))
      : compareColumn(datamodel, term.by, value, other)
  return term.direction === 'asc' ? compared : -compared
}

function compareColumn(datamodel: Datamodel, field: ScalarField, value: unknown, other: unknown): number {
  if (field.enumName) {
    const names = datamodel.enum(field.enumName).values.map(item => item.name)
    return names.indexOf(String(value)) - names.indexOf(String(other))
  }
  switch (field.scalar) {
    case 'DateTime':
      return (value as Date).getTime() - (other as Date).getTime()
    case 'BigInt':
      return compareParts(BigInt(String(value)), BigInt(String(other)))
    case 'Decimal':
      return new Decimal(String(value)).comparedTo(String(other))
    case 'Int':
    case 'Float':
    case 'Boolean':
      return compareParts(Number(value), Number(other))
    case 'Bytes':
      return Buffer.compare(value as Uint8Array, other as Uint8Array)
    default:
      return Buffer.compare(Buffer.from(String(value)), Buffer.from(String(other)))
  }
}

function compareParts<Part extends number | bigint>(first: Part, second: Part): number {
  return first < second ? -1 : first > second ? 1 : 0
}
