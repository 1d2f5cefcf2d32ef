export const HOUR = 3_600_000 // milliseconds
export const DAY = 24 * HOUR

/** The moment at which the seeded world stands still: nothing in it is later. Due dates may lie ahead of it. */
export const SEED_NOW = new Date('2026-01-05T09:00:00Z')

/** The moment that lies so many milliseconds after `time` (before it, if negative). */
export function later(time: Date, milliseconds: number): Date {
  return new Date(time.getTime() + Math.round(milliseconds))
}

/** The calendar day (midnight in UTC) of `time`, `days` later. */
export function dayOf(time: Date, days = 0): Date {
  return new Date(Math.floor(time.getTime() / DAY + days) * DAY)
}

/** The earlier of two moments. */
export function earliest(one: Date, other: Date): Date {
  return one < other ? one : other
}

/** The later of two moments. */
export function latest(one: Date, other: Date): Date {
  return one > other ? one : other
}
