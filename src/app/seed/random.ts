import { createHash } from 'node:crypto'

/** A source of numbers that look random and are the same in every run. */
export interface Random {
  /** A fraction from 0 (included) to 1 (excluded). */
  fraction(): number
  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number
  /** True in `probability` of all cases; a probability goes from 0 to 1. */
  chance(probability: number): boolean
  /** One of the items. Throws a RangeError for an empty list. */
  pick<Item>(items: readonly Item[]): Item
  /** `count` different items, or all if there are fewer, in the order of the list. */
  sample<Item>(items: readonly Item[], count: number): Item[]
  /** One of the keys, each as often as its weight says. */
  weighted<Key extends string>(weights: Readonly<Record<Key, number>>): Key
}

/**
 * A generator for one part of the data (sfc32 by Chris Doty-Humphrey). Every part has a name and so a sequence
 * of its own: a change in one part leaves the others as they were.
 */
export function createRandom(name: string): Random {
  const digest = createHash('sha256').update(name).digest()
  let [a, b, c, counter] = [digest.readInt32LE(0), digest.readInt32LE(4), digest.readInt32LE(8), 1]

  const fraction = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }
  return { fraction, ...createChoices(fraction) }
}

function createChoices(fraction: () => number): Omit<Random, 'fraction'> {
  const integer = (low: number, high: number) => low + Math.floor(fraction() * (high - low + 1))
  return {
    integer,
    chance: probability => fraction() < probability,
    pick: items => {
      const item = items[integer(0, items.length - 1)]
      if (item === undefined) throw new RangeError('Expected at least one item to pick from, got none.')
      return item
    },
    sample: (items, count) => {
      let open = Math.min(count, items.length)
      // Knuth's selection sampling: keeps the order and needs one pass.
      return items.filter((_, position) => {
        const isChosen = fraction() * (items.length - position) < open
        if (isChosen) open -= 1
        return isChosen
      })
    },
    weighted: <Key extends string>(weights: Readonly<Record<Key, number>>): Key => {
      const entries = Object.entries(weights) as [Key, number][]
      let rest = fraction() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [key, weight] of entries) {
        rest -= weight
        if (rest < 0) return key
      }
      throw new RangeError('Expected at least one weight above 0, got none.')
    },
  }
}
