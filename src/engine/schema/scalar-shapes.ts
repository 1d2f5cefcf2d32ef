/** A PostgreSQL `point`. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** What resolvers get and give for each scalar, as Pothos wants to know it. */
export type ScalarShapes = {
  ID: { Input: string; Output: string | number | bigint }
  BigInt: { Input: bigint; Output: bigint | number | string }
  Decimal: { Input: string; Output: { toFixed(): string } | string | number }
  DateTime: { Input: Date; Output: Date | string }
  Date: { Input: Date; Output: Date }
  Time: { Input: Date; Output: Date }
  JSON: { Input: unknown; Output: unknown }
  Bytes: { Input: Uint8Array; Output: Uint8Array }
  UUID: { Input: string; Output: string }
  Point: { Input: Point; Output: Point }
}
