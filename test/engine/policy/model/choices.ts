import fc from 'fast-check'

/** Answers of one list of numbers to the question which of several possibilities to take: a short list makes few choices. */
export interface Choices {
  /** One of 0 to `count` - 1; 0 when the numbers have run out. */
  below(count: number): number
  /** Once in so many times, and never when the numbers have run out. */
  onceIn(times: number): boolean
  /** The first when the numbers have run out. */
  one<Item>(items: readonly Item[]): Item
}

export function arbitraryTape(length: number): fc.Arbitrary<readonly number[]> {
  return fc.array(fc.nat({ max: 1_000_000 }), { minLength: length, maxLength: length })
}

export function createChoices(tape: readonly number[]): Choices {
  let position = 0
  const below = (count: number) => (tape[position++] ?? 0) % count
  return {
    below,
    onceIn: times => below(times) === times - 1,
    one: items => {
      const item = items[below(items.length)]
      if (item === undefined) throw new Error('There is nothing to choose from.')
      return item
    },
  }
}
