/** A mistake in a policy: the filter that a rule gave is not one that could be trusted. */
export class PolicyFault extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'PolicyFault'
  }
}

/** A condition on a value that is missing, so that the rule as a whole allows no row. */
export class MissingValue extends Error {
  readonly place: string

  constructor(place: string) {
    super(
      `${place} is compared with a value that is missing, so no row is allowed. For NULL itself, say isNull.`,
    )
    this.name = 'MissingValue'
    this.place = place
  }
}

/** @throws PolicyFault for undefined, which Prisma leaves out */
export function assertDefined(value: unknown, place: string): void {
  if (value === undefined) {
    throw new PolicyFault(`${place} is undefined, which Prisma would take for "every row". Expected a value.`)
  }
}

/** @throws MissingValue for null */
export function assertPresent(value: unknown, place: string): void {
  if (value === null) throw new MissingValue(place)
}

/** An object of conditions, as opposed to a value such as a Date, a Decimal or bytes. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

export function describe(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`
}
