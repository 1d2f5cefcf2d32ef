import { inspect } from 'node:util'

/** A text that two plain values, with moments and instances of classes in them, share if and only if they are the same. */
export function exactText(value: unknown): string {
  return inspect(value, {
    depth: Number.POSITIVE_INFINITY,
    maxArrayLength: Number.POSITIVE_INFINITY,
    maxStringLength: Number.POSITIVE_INFINITY,
    breakLength: Number.POSITIVE_INFINITY,
  })
}
