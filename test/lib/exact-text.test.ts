import { AnyNull, DbNull, JsonNull } from '@prisma/client/runtime/client'
import { expect, test } from 'vitest'
import { ExactMoment } from '../../src/lib/exact-moment.ts'
import { exactText } from '../../src/lib/exact-text.ts'

test('the same text is of the same values only', () => {
  const values = [
    1,
    1n,
    '1',
    Number.NaN,
    null,
    [1],
    ['1'],
    { a: 1 },
    { a: undefined },
    { a: new ExactMoment('2020-01-01 00:00:00.123456+00') },
    { a: new ExactMoment('2020-01-01 00:00:00.123457+00') },
    new Uint8Array([1]),
    new Uint8Array([2]),
    new Map([['a', 1]]),
    new Map([['a', 2]]),
    AnyNull,
    DbNull,
    JsonNull,
    { a: 'x'.repeat(20_000) },
    { a: `${'x'.repeat(19_999)}y` },
    Array.from({ length: 200 }, (_, index) => index),
    Array.from({ length: 200 }, (_, index) => (index === 199 ? -1 : index)),
  ]
  expect(new Set(values.map(exactText)).size).toBe(values.length)
  expect(exactText({ a: [1n, new Date(0)] })).toBe(exactText({ a: [1n, new Date(0)] }))
})
