import type { ChangeBatch, ChangeLog } from './change-log.ts'
import type { ChangeSource } from './change-source.ts'
import { comparePositions, type Position } from './position.ts'

export interface ReaderSettings {
  /** How long at most a change waits to be looked for where nobody has told of it. */
  readonly pollMilliseconds: number
  /** Changes that one statement reads. */
  readonly batchSize: number
}

/** Follows the log of changes. */
export interface ChangeReader {
  /** Up to where the log has been read: what comes after it is still to be handed on. */
  readonly position: Position
  /** Ends when the batch that is being handed on has been, or could not be; from then on `position` says which. */
  readonly handingOn: Promise<void> | undefined
  /** Looks for changes again, soon. */
  wake(): void
  close(): Promise<void>
}

/** How long to wait until changes that are held up are looked for again; after failures, each time longer. */
const heldUpMilliseconds = 20
const [firstRetryMilliseconds, lastRetryMilliseconds] = [100, 5_000]

/**
 * Reads the log from a position on and hands on each batch, in order: the next one is read when `take` has ended. One for an
 * instance, not one for each subscriber.
 */
export function createChangeReader(
  log: ChangeLog,
  source: ChangeSource,
  start: Position,
  { pollMilliseconds, batchSize }: ReaderSettings,
  take: (batch: ChangeBatch) => Promise<void>,
): ChangeReader {
  let position = start
  let isClosed = false
  let isWoken = false
  let handingOn: Promise<void> | undefined
  let endPause: (() => void) | undefined

  const pause = (milliseconds: number) =>
    new Promise<void>(resolve => {
      const timer = setTimeout(resolve, milliseconds)
      endPause = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  /** Both at once: who looked in between would take for read what was not, or the other way round. */
  async function handOn(batch: ChangeBatch): Promise<void> {
    try {
      await take(batch)
      position = batch.until
    } finally {
      handingOn = undefined
    }
  }

  /** Returns how long to wait for the next look. */
  async function look(): Promise<number> {
    const batch = await log.read(position, batchSize)
    if (isClosed) return 0
    if (comparePositions(batch.until, position) > 0) {
      handingOn = handOn(batch)
      await handingOn
    }
    if (batch.isFull) return 0
    return batch.isHeldUp ? Math.min(heldUpMilliseconds, pollMilliseconds) : pollMilliseconds
  }

  async function run(): Promise<void> {
    let retry = firstRetryMilliseconds
    while (!isClosed) {
      isWoken = false
      let wait: number
      try {
        wait = await look()
        retry = firstRetryMilliseconds
      } catch (error) {
        // the database is away, or changes could not be matched: nothing is lost, since the position stays
        source.onError(error)
        wait = retry
        retry = Math.min(retry * 2, lastRetryMilliseconds)
        isWoken = false
      }
      if (!isClosed && !isWoken && wait > 0) await pause(wait)
    }
  }

  const stopListening = source.listen(() => reader.wake())
  const reader: ChangeReader = {
    get position() {
      return position
    },
    get handingOn() {
      return handingOn
    },
    wake() {
      isWoken = true
      endPause?.()
    },
    async close() {
      isClosed = true
      stopListening()
      endPause?.()
      await running
    },
  }
  const running = run()
  return reader
}
