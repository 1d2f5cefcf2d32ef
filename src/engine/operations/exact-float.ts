import { Decimal } from '@prisma/client/runtime/client'

/**
 * A number for a Float column as Prisma takes it without loss. Its engine reads numbers inside of lists, and whole ones
 * past 2^53, with a parser that can miss the last digit; Decimals it hands through as text.
 */
export function exactFloat(value: unknown, isInList: boolean): unknown {
  if (typeof value !== 'number') return value
  const isLarge = Number.isInteger(value) && !Number.isSafeInteger(value)
  return isInList || isLarge ? new Decimal(value) : value
}
