import { expect, test } from 'vitest'
import { normalize } from '../../bench/compare/check-answers.ts'

test('the same value is the same, however an API writes it', () => {
  const refract = { nodes: [{ total: '8.90', at: '2026-01-31T00:00:00.000Z', lines: { nodes: [] } }] }
  const others = [
    [{ total: 8.9, at: '2026-01-31T00:00:00', lines: [] }],
    { nodes: [{ total: '8.9', at: '2026-01-31T00:00:00.000000', lines: [] }] },
  ]
  for (const other of others) expect(normalize(other)).toEqual(normalize(refract))
})

test('what is another value stays another one', () => {
  expect(normalize({ nodes: [], totalCount: 0 })).toEqual({ nodes: [], totalCount: 0 })
  expect(normalize(['1', '-2.50', '1-2', 'City 1', null, '2026-01-31T09:30:01Z'])).toEqual([
    1,
    -2.5,
    '1-2',
    'City 1',
    null,
    '2026-01-31T09:30:01',
  ])
})
