import { inspect } from 'node:util'

/**
 * A text that two values share only if they are the same: of plain objects, lists, maps, moments with all of their digits,
 * numbers of 64 bits, bytes, and instances of classes that have nothing but their class to tell.
 */
export function exactText(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => {
    if (typeof item === 'bigint') return { bigint: String(item) }
    if (typeof item === 'number' && !Number.isFinite(item)) return { number: String(item) }
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item
    if (item instanceof Map) return { map: [...item] }
    if (item instanceof Uint8Array) return { bytes: Buffer.from(item).toString('hex') }
    const prototype: unknown = Object.getPrototypeOf(item)
    return prototype === Object.prototype || prototype === null ? item : { instance: inspect(item) }
  })
}
