/**
 * Text inside a `String` object. Prisma's runtime makes a `Date`, which ends at milliseconds, of every text that it
 * meets where a moment belongs, but leaves objects alone; our database adapter takes the text out again.
 */
export class ExactText extends String {}

/**
 * A moment with digits past the milliseconds. To JavaScript it is a Date that was cut; Prisma, which asks a Date for
 * `toISOString()`, passes the whole text on to PostgreSQL.
 */
export class ExactMoment extends Date {
  readonly #text: string

  /** `text` is what PostgreSQL reads: RFC 3339, or as PostgreSQL itself writes a timestamp or a time. */
  constructor(text: string) {
    super(toMilliseconds(text))
    this.#text = text
  }

  override toISOString(): string {
    return new ExactText(this.#text) as unknown as string
  }
}

/** 0 for what JavaScript has no Date for (years BC, infinity): Prisma refuses an invalid Date. */
function toMilliseconds(text: string): number {
  const milliseconds = parseMoment(text)
  return Number.isNaN(milliseconds) ? 0 : milliseconds
}

/**
 * The milliseconds of a moment as PostgreSQL (in UTC) or RFC 3339 writes it; a time without a day is on the first of
 * January 1970, its offset ignored, as Prisma does. NaN for what JavaScript has no Date for.
 */
export function parseMoment(text: string): number {
  const time = /^\d{2}:\d{2}(:\d{2}(\.\d+)?)?/.exec(text)?.[0]
  if (time !== undefined) return Date.parse(`1970-01-01T${time}Z`)
  const moment = text.replace(' ', 'T').replace(/\+00$/, '')
  return Date.parse(/(Z|[+-]\d{2}:\d{2})$/i.test(moment) ? moment : `${moment}Z`)
}
