/** What `isNull` is at run time. */
class NullMarker {
  readonly kind = 'isNull'
}

const marker = new NullMarker()

/**
 * NULL in the filter of a policy: `{ deletedAt: isNull }`, `{ publishedAt: { not: isNull } }`. A plain `null` there is
 * taken for a claim that is missing, and then no row is allowed.
 */
export const isNull: null = marker as unknown as null

export function isNullMarker(value: unknown): boolean {
  return value === marker
}
