import type { ExpectedEvent } from './history.ts'
import type { ReceivedEvent } from './subscriber.ts'

/** How what came differs from what should have. */
export interface Comparison {
  readonly expected: number
  /** Of the expected ones those that came, however often. */
  readonly received: number
  readonly lost: number
  /** That are none of hers: other rows, or other people's. */
  readonly foreign: number
  /** That came after a later one. */
  readonly outOfOrder: number
  /** With another type, node, or fields. */
  readonly wrong: number
  /** That came once more, as the first ones of a connection: what a fault may do. */
  readonly repeatedAfterFault: number
  /** That came once more at any other time. */
  readonly repeated: number
  /** A few of the faults, in words. */
  readonly examples: readonly string[]
}

/** Events before the first that came are not expected: the subscription began with it. */
export function compareEvents(
  received: readonly ReceivedEvent[],
  history: readonly ExpectedEvent[],
): Comparison {
  const start = history.findIndex(({ cursor }) => cursor === received[0]?.cursor)
  const expected = start < 0 ? [] : history.slice(start)
  const places = new Map(expected.map(({ cursor }, place) => [cursor, place]))
  const counts = { foreign: 0, outOfOrder: 0, wrong: 0, repeatedAfterFault: 0, repeated: 0 }
  const examples: string[] = []
  const count = (fault: keyof typeof counts, event: ReceivedEvent) => {
    counts[fault] += 1
    if (examples.length < 3) examples.push(`${fault}: ${JSON.stringify(event)}`)
  }
  const seen = new Set<number>()
  let latest = -1
  // the events of a connection that repeat have none before them that does not
  let repeatingConnection = 0
  for (const event of received) {
    const place = places.get(event.cursor)
    const wanted = place === undefined ? undefined : expected[place]
    if (place === undefined || !wanted) {
      count('foreign', event)
      continue
    }
    if (!isSame(event, wanted)) count('wrong', event)
    if (event.place === 1) repeatingConnection = event.connection
    if (seen.has(place)) {
      count(repeatingConnection === event.connection ? 'repeatedAfterFault' : 'repeated', event)
      continue
    }
    repeatingConnection = 0
    if (place < latest) count('outOfOrder', event)
    seen.add(place)
    latest = Math.max(latest, place)
  }
  const lost = expected.filter((_, place) => !seen.has(place))
  for (const event of lost.slice(0, 3)) examples.push(`lost: ${JSON.stringify(event)}`)
  return { expected: expected.length, received: seen.size, lost: lost.length, ...counts, examples }
}

function isSame(event: ReceivedEvent, { type, nodeId, changedFields }: ExpectedEvent): boolean {
  return (
    event.type === type &&
    event.nodeId === nodeId &&
    JSON.stringify(event.changedFields.toSorted()) === JSON.stringify(changedFields)
  )
}

/** Repeated after a fault is all that may be. */
export function isFaultless(comparison: Comparison): boolean {
  const { expected, lost, foreign, outOfOrder, wrong, repeated } = comparison
  return expected > 0 && lost + foreign + outOfOrder + wrong + repeated === 0
}
