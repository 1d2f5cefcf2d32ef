import { describe, expect, test } from 'vitest'
import { createChart } from '../../bench/compare/report/create-chart.ts'
import { createReadmeBlock } from '../../bench/compare/report/create-readme-block.ts'
import type { Report } from '../../bench/compare/report/create-report.ts'
import { createTables } from '../../bench/compare/report/create-tables.ts'
import { formatNumber, formatRatio, replaceBlock } from '../../bench/compare/report/markdown.ts'

const load = (query: string, contender: string, requestsPerSecond: number) => ({
  query,
  contender,
  round: 0,
  requests: 10,
  requestsPerSecond,
  medianMilliseconds: 1,
  p99Milliseconds: 1,
  serverCpu: 1.234,
  databaseCpu: undefined,
})

const contender = (id: string, title: string, isGuarded = false) => ({
  id,
  title,
  description: `${title} 1.0`,
  isGuarded,
})

const report: Report = {
  date: '2026-01-31',
  command: 'npm run bench',
  machine: '2 × processor',
  versions: 'Node v20',
  conditions: '1 round',
  queries: [
    { id: 'by-key', title: 'One row' },
    { id: 'typename', title: '`{ __typename }`' },
  ],
  contenders: [
    contender('refract', 'Refract'),
    contender('sql', 'SQL & <more>'),
    contender('refract-viewer', 'Refract', true),
  ],
  measurements: [
    load('by-key', 'refract', 250),
    load('by-key', 'sql', 10_000),
    load('typename', 'refract', 1_234),
    load('by-key', 'refract-viewer', 12.34),
  ],
  statements: { 'by-key': { refract: ['BEGIN', 'COMMIT'], sql: ['SELECT 1'] } },
  memory: { refract: { now: 250e6, peak: 300e6 } },
}

test('the tables have each query and contender, and a dash for what was not measured', () => {
  const lines = createTables(report).split('\n')
  for (const line of [
    '| Query | Refract | SQL & <more> |',
    '| One row | 250 | 10,000 |',
    '| `{ __typename }` | 1,234 | – |',
    '| One row | 0.025× (0.025× to 0.025×) |',
    '| One row | 1.23 + – | 1.23 + – |',
    '| One row | 2 | 1 |',
    '| One row | 12.3 |',
    '| Refract | 250 | 300 |',
    '| Refract, with a viewer | – | – |',
  ])
    expect(lines).toContain(line)
})

test('the README gets the contenders without a viewer', () => {
  expect(createReadmeBlock(report, 'chart.svg').split('\n\n')).toEqual([
    '| Requests a second | Refract | SQL & <more> |\n|---|---:|---:|\n' +
      '| One row | 250 | 10,000 (0.025×) |\n| `{ __typename }` | 1,234 | – |',
    'In brackets: Refract’s as a multiple of it, in the same round. `npm run bench`, 2026-01-31: 2 × processor; Node v20; 1 round.',
    '![Requests a second](chart.svg)',
  ])
})

test('the chart has a dot for each number, and no text that is markup', () => {
  const chart = createChart(report)
  expect(chart.match(/requests a second<\/title>/g)).toHaveLength(3)
  expect(chart).toContain('SQL &amp; &lt;more&gt;')
  // 10,000 at the right end of the axis, 250 at 2.4 − 2 of the 2 powers of ten
  expect(chart).toContain('cx="830.0"')
  expect(chart).toContain(`cx="${(330 + ((Math.log10(250) - 2) / 2) * 500).toFixed(1)}"`)
})

describe('A block of the README', () => {
  test('is replaced between its marks', () => {
    const text = 'before\n<!-- benchmark -->\nold\n<!-- /benchmark -->\nafter'
    expect(replaceBlock(text, 'benchmark', '\nnew\n')).toBe(
      'before\n<!-- benchmark -->\nnew\n<!-- /benchmark -->\nafter',
    )
  })

  test('has to have marks', () => {
    expect(() => replaceBlock('<!-- /benchmark --><!-- benchmark -->', 'benchmark', '')).toThrow('Expected')
  })
})

test('numbers have three digits or more, ratios two places', () => {
  expect([12_345.6, 123.4, 12.34, 1.234, 0.1234].map(formatNumber)).toEqual([
    '12,346',
    '123',
    '12.3',
    '1.23',
    '0.123',
  ])
  expect([0.0567, 0.567, 5.67, 56.7].map(formatRatio)).toEqual(['0.057×', '0.57×', '5.67×', '56.7×'])
})
