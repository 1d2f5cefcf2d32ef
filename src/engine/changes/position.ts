/**
 * A place in the log of changes. Changes are ordered by the transaction that made them and, inside of it, by when they
 * were written: an order in which nothing can turn up before what was read already.
 */
export interface Position {
  /** PostgreSQL's `xid8`: 64 bits. */
  readonly transaction: bigint
  readonly sequence: bigint
}

/** Before every change. */
export const origin: Position = Object.freeze({ transaction: 0n, sequence: 0n })

/** Negative where the first comes first. */
export function comparePositions(one: Position, other: Position): number {
  const difference = one.transaction - other.transaction || one.sequence - other.sequence
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** An opaque token of a position: base64url of its two numbers, 8 bytes each. */
export function encodePosition({ transaction, sequence }: Position): string {
  const bytes = Buffer.alloc(16)
  bytes.writeBigUInt64BE(transaction, 0)
  bytes.writeBigUInt64BE(sequence, 8)
  return bytes.toString('base64url')
}

/** The position of a token; null where it is none. */
export function decodePosition(token: string): Position | null {
  if (!/^[\w-]{22}$/.test(token)) return null
  const bytes = Buffer.from(token, 'base64url')
  const position = { transaction: bytes.readBigUInt64BE(0), sequence: bytes.readBigUInt64BE(8) }
  return encodePosition(position) === token ? position : null
}
