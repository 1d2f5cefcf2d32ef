import { parseSortOrder } from './order.ts'

/** The direction and null placement of a group's order: Prisma's `'asc'` or `{ sort, nulls }`. */
export function parseGroupSort(order: unknown): { direction: 'asc' | 'desc'; nulls: 'first' | 'last' } {
  if (typeof order === 'string') return parseSortOrder(order.toUpperCase())
  const { sort, nulls } = order as { sort: 'asc' | 'desc'; nulls: 'first' | 'last' }
  return { direction: sort, nulls }
}
