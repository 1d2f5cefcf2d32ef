import { describe, expect, test } from 'vitest'
import type { Measurement } from '../../bench/compare/measure/measure-load.ts'
import { median, ratioOf, summarize } from '../../bench/compare/report/summarize.ts'

const measured = (
  contender: string,
  round: number,
  requestsPerSecond: number,
  costs: Partial<Measurement> = {},
): Measurement => ({
  query: 'by-key',
  contender,
  round,
  requests: 100,
  requestsPerSecond,
  medianMilliseconds: 1,
  p99Milliseconds: 2,
  serverCpu: 0.5,
  databaseCpu: 0.1,
  ...costs,
})

test('the median is the middle one, or the mean of the middle two, by size', () => {
  expect(median([3, 100, 20])).toBe(20)
  expect(median([3, 100, 20, 4])).toBe(12)
  expect(median([7])).toBe(7)
})

describe('A ratio', () => {
  test('is worked out within each round, not of the medians', () => {
    const measurements = [
      measured('refract', 0, 100),
      measured('sql', 0, 1_000),
      // a slow machine slows both
      measured('refract', 1, 10),
      measured('sql', 1, 50),
      measured('refract', 2, 300),
      measured('sql', 2, 1_000),
    ]
    const ratio = ratioOf(measurements, 'by-key', 'refract', 'sql')
    expect(ratio).toEqual({ median: 0.2, least: 0.1, most: 0.3 })
  })

  test('leaves out rounds that only one of the two has, and other queries', () => {
    const measurements = [
      measured('refract', 0, 100),
      measured('refract', 1, 100),
      measured('sql', 1, 400),
      { ...measured('sql', 0, 1), query: 'list' },
    ]
    expect(ratioOf(measurements, 'by-key', 'refract', 'sql')).toEqual({
      median: 0.25,
      least: 0.25,
      most: 0.25,
    })
    expect(ratioOf(measurements, 'list', 'refract', 'sql')).toBeUndefined()
  })
})

describe('A summary', () => {
  test('has medians of the rounds', () => {
    const measurements = [
      measured('refract', 0, 100, { serverCpu: 2, databaseCpu: 0.2 }),
      measured('refract', 1, 300, { serverCpu: 4, databaseCpu: 0.6 }),
      measured('refract', 2, 250, { serverCpu: 3, databaseCpu: 0.1 }),
      measured('sql', 0, 1),
    ]
    expect(summarize(measurements, 'by-key', 'refract')).toMatchObject({
      requestsPerSecond: { median: 250, least: 100, most: 300 },
      serverCpu: 3,
      databaseCpu: 0.2,
    })
    expect(summarize(measurements, 'list', 'refract')).toBeUndefined()
  })

  test('has no cost where a round has none', () => {
    const measurements = [measured('refract', 0, 1, { databaseCpu: undefined }), measured('refract', 1, 1)]
    expect(summarize(measurements, 'by-key', 'refract')).toMatchObject({
      serverCpu: 0.5,
      databaseCpu: undefined,
    })
  })
})
