import type { Measurement } from '../measure/measure-load.ts'

/** A number seen in each round: its median, and the least and most. */
export interface Spread {
  readonly median: number
  readonly least: number
  readonly most: number
}

/** What the rounds of one query to one contender come to: medians. */
export interface Summary {
  readonly requestsPerSecond: Spread
  readonly medianMilliseconds: number
  readonly p99Milliseconds: number
  /** Milliseconds of the processor for a request; undefined where it was not measured. */
  readonly serverCpu: number | undefined
  readonly databaseCpu: number | undefined
}

/** The median of a list with at least one number: of an even count, the mean of the middle two. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** The rounds of a query to a contender; undefined where it was not asked. */
export function summarize(
  measurements: readonly Measurement[],
  query: string,
  contender: string,
): Summary | undefined {
  const own = select(measurements, query, contender)
  if (own.length === 0) return undefined
  return {
    requestsPerSecond: spreadOf(own.map(one => one.requestsPerSecond)),
    medianMilliseconds: median(own.map(one => one.medianMilliseconds)),
    p99Milliseconds: median(own.map(one => one.p99Milliseconds)),
    serverCpu: medianOfAll(own.map(one => one.serverCpu)),
    databaseCpu: medianOfAll(own.map(one => one.databaseCpu)),
  }
}

/**
 * How many requests a second `contender` answered for each one of `other`: worked out within each round, so that what
 * slows the machine for a while slows both. Undefined where no round has both.
 */
export function ratioOf(
  measurements: readonly Measurement[],
  query: string,
  contender: string,
  other: string,
): Spread | undefined {
  const others = new Map(select(measurements, query, other).map(one => [one.round, one]))
  const ratios = select(measurements, query, contender).flatMap(one => {
    const reference = others.get(one.round)
    return reference ? [one.requestsPerSecond / reference.requestsPerSecond] : []
  })
  return ratios.length === 0 ? undefined : spreadOf(ratios)
}

function medianOfAll(numbers: readonly (number | undefined)[]): number | undefined {
  const known = numbers.filter(value => value !== undefined)
  return known.length === numbers.length ? median(known) : undefined
}

function select(measurements: readonly Measurement[], query: string, contender: string) {
  return measurements.filter(one => one.query === query && one.contender === contender)
}

function spreadOf(numbers: readonly number[]): Spread {
  return { median: median(numbers), least: Math.min(...numbers), most: Math.max(...numbers) }
}
