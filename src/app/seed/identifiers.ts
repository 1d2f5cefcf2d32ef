import { createHash } from 'node:crypto'

/**
 * The id of a seeded row: a UUID of version 7 (RFC 9562, section 5.7), as Prisma's `uuid(7)` makes them, with the
 * random bits taken from the row's name. So ids sort by time and are the same in every run.
 *
 * @param time when the row was made
 * @param name tells the row from all others, as `issue:42`
 */
export function createSeedId(time: Date, name: string): string {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16)
  bytes.writeUIntBE(time.getTime(), 0, 6)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
