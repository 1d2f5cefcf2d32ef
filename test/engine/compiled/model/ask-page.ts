import type { Model } from '../../../../src/engine/datamodel/model.ts'
import { type Asking, chance } from './asking.ts'
import type { Input } from './input.ts'
import type { KnownPage } from './knowledge.ts'

type Given = readonly (readonly [name: string, value: Input])[]

const one = (name: string, value: unknown) => [name, { kind: 'value', value }] as const

/**
 * The arguments of a list that say which page, with the `orderBy` that they belong to.
 *
 * @param lists how many lists the list is in
 */
export function askPage(asking: Asking, model: Model, lists: number): Given {
  if (chance(asking, 3)) return wrongPage(asking)
  const known = asking.knowledge.pagesOf(model)
  if (known.length > 0 && chance(asking, 22)) return pageBehind(asking, asking.random.one(known))
  const isLarge = lists === 0 ? chance(asking, 45) : lists === 1 && chance(asking, 15)
  if (isLarge) return chance(asking, 60) ? [] : [one(asking.random.one(['first', 'last']), 100)]
  const size = asking.random.below(lists > 1 ? 3 : 5)
  if (chance(asking, 25)) return [one('last', size)]
  return [one('first', size), ...(chance(asking, 25) ? [one('offset', asking.random.below(4))] : [])]
}

function pageBehind(asking: Asking, page: KnownPage): Given {
  const { random } = asking
  const size = random.below(5)
  const [cursor, other] = [askCursor(asking, page), askCursor(asking, page)]
  const variants: readonly Given[] = [
    [one('first', size), one('after', cursor)],
    [one('last', size), one('before', cursor)],
    [one('first', size), one('before', cursor)],
    [one('last', size), one('after', cursor)],
    [one('first', size), one('after', cursor), one('before', other)],
    [one('last', size), one('after', cursor), one('before', other)],
    [one('first', size), one('after', cursor), one('offset', random.below(3))],
    [one('after', cursor)],
    [one('before', cursor)],
  ]
  return [...(page.orderBy ? [['orderBy', page.orderBy] as const] : []), ...random.one(variants)]
}

/** Mostly as it was seen; else with one of its values changed. */
function askCursor(asking: Asking, { cursors }: KnownPage): string {
  const { random } = asking
  const cursor = random.one(cursors)
  if (!chance(asking, 15)) return cursor
  const entries: unknown[] = JSON.parse(Buffer.from(cursor, 'base64url').toString())
  const other: unknown[] = JSON.parse(Buffer.from(random.one(cursors), 'base64url').toString())
  const at = 1 + random.below(Math.max(entries.length - 1, 1))
  entries[at] = random.one([
    other[at],
    other[at],
    null,
    0,
    -1,
    '',
    'x',
    1.5,
    true,
    [],
    '2024-01-01T00:00:00Z',
  ])
  return Buffer.from(JSON.stringify(entries)).toString('base64url')
}

function wrongPage(asking: Asking): Given {
  const { random, knowledge, datamodel } = asking
  const pages = knowledge.pagesOf(random.one(datamodel.models))
  const foreign = pages.length > 0 ? random.one(random.one(pages).cursors) : 'W10'
  return random.one<Given>([
    [one('first', -1)],
    [one('first', 101)],
    [one('last', 1000)],
    [one('first', 1), one('last', 1)],
    [one('last', 1), one('offset', 1)],
    [one('offset', -1)],
    [one('offset', 1_000_001)],
    [one('after', 'x')],
    [one('before', '')],
    [one('after', foreign)],
    [one('first', null), one('last', 2)],
    [one('first', null), one('after', null), one('offset', null)],
  ])
}
