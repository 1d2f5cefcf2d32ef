import { expect, it } from 'vitest'
import { findSimilar } from '../../src/lib/find-similar.ts'

const names = ['port', 'host', 'project', 'verbose']

it.each([
  ['prot', 'port'],
  ['PORT', 'port'],
  ['hots', 'host'],
  ['projcet', 'project'],
  ['verbos', 'verbose'],
  ['verbsoee', 'verbose'],
])('takes %s for %s', (text, name) => {
  expect(findSimilar(text, names)).toBe(name)
})

it.each(['', 'x', 'seed', 'pp', 'ports-of-call'])('takes %j for none', text => {
  expect(findSimilar(text, names)).toBeUndefined()
})
