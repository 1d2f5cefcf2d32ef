import type { Datamodel, Model } from '../datamodel/model.ts'
import type { Viewer } from '../policy/viewer.ts'
import type { Change, ChangeType } from './change.ts'
import type { ChangeEvent } from './change-event.ts'
import { createChangeLog, loggedTable } from './change-log.ts'
import { type ChangeReader, createChangeReader } from './change-reader.ts'
import type { ChangeSource } from './change-source.ts'
import { createDelivery, type Subscriber } from './delivery.ts'
import { createEventIterator } from './event-iterator.ts'
import type { InterestOf } from './interest.ts'
import { createRowJudge } from './judge-rows.ts'
import { decodePosition } from './position.ts'
import { createReadColumns } from './read-columns.ts'
import { badCursor, notRecorded } from './subscription-errors.ts'

/** What a subscription is about. */
export interface ChangeRequest {
  readonly viewer: Viewer
  readonly model: Model
  /** The rows, as a GraphQL filter: GraphQL names, parsed values. */
  readonly filter: Readonly<Record<string, unknown>> | null
  /** Which changes; null for all. */
  readonly types: readonly ChangeType[] | null
  /** The cursor of the last event that is known; null to begin now. */
  readonly after: string | null
}

export interface ChangeSettings {
  /** How long at most a change waits to be looked for where nobody has told of it. */
  readonly pollMilliseconds: number
  /** Changes that one statement reads. */
  readonly batchSize: number
  /** Events that are held for a subscriber who does not take them. */
  readonly maximumHeld: number
}

export const defaultChangeSettings: ChangeSettings = Object.freeze({
  pollMilliseconds: 1_000, // 1 second
  batchSize: 500,
  maximumHeld: 5_000,
})

/** Everybody's changes, to everybody who may see them. */
export interface ChangeFeed {
  /**
   * The events of a request, in the order of the log, in lists as they came together: none is left out, none comes twice.
   *
   * @throws RefractError BAD_USER_INPUT for a cursor or a filter that is none, CHANGES_NOT_RECORDED where the database does
   *   not record the model's changes; the iterator throws CURSOR_EXPIRED where changes after the cursor are no longer
   *   kept, and SUBSCRIBER_TOO_SLOW after what it still holds
   */
  subscribe(request: ChangeRequest): Promise<AsyncIterableIterator<readonly ChangeEvent[]>>
  /**
   * Tells which models have changes, from now on.
   *
   * @returns ends it
   */
  watch(onChanged: (models: ReadonlySet<string>) => void): Promise<() => void>
  /** The tables whose changes are recorded, by the names of their models. */
  recordedModels(): Promise<ReadonlySet<string>>
  /**
   * Milliseconds since the oldest change was written that is still to be handed to the subscribers; 0 where there is none.
   * Undefined while nobody subscribes.
   */
  lag(): Promise<number | undefined>
  /** Whether there is a log of changes at all. */
  isRecorded(): Promise<boolean>
  /** Deletes changes that are older than so many milliseconds. Returns how many. */
  prune(maximumAge: number): Promise<number>
  /** Ends all subscriptions after what they hold. */
  close(): Promise<void>
}

/** Changes that one statement deletes: little enough for others not to wait. */
const pruneSize = 1_000

/**
 * @param datamodel the models of the API
 * @param everything all models, which policies can look at
 */
export function createChangeFeed(
  datamodel: Datamodel,
  everything: Datamodel,
  source: ChangeSource,
  interestOf: InterestOf,
  settings: ChangeSettings = defaultChangeSettings,
): ChangeFeed {
  const columns = createReadColumns(everything)
  const log = createChangeLog(datamodel, source, columns)
  const subscribers = new Set<Subscriber>()
  const deliver = createDelivery(everything, source, interestOf)
  const watchers = new Set<(models: ReadonlySet<string>) => void>()
  let reading: Promise<ChangeReader> | undefined
  let users = 0

  const startReader = async () =>
    createChangeReader(log, source, await log.latest(), settings, async batch => {
      const models = new Set(batch.changes.flatMap(({ model }) => (model ? [model.name] : [])))
      for (const onChanged of watchers) onChanged(models)
      await deliver(batch, [...subscribers])
      for (const { at } of batch.changes) source.onDelivered?.(Date.now() - at.getTime())
    })
  const leave = async () => {
    users -= 1
    if (users > 0) return
    const ending = reading
    reading = undefined
    await (await ending)?.close()
  }
  /** What failed after the reader was taken gives it back. */
  const leaving = async (error: unknown): Promise<never> => {
    await leave()
    throw error
  }
  const useReader = (): Promise<ChangeReader> => {
    users += 1
    reading ??= startReader()
    return reading.catch(async error => {
      users -= 1
      reading = undefined
      throw error
    })
  }

  return {
    async subscribe(request) {
      const after = request.after === null ? null : decodePosition(request.after)
      if (request.after !== null && !after) throw badCursor(request.after)
      // says at once what is wrong with the filter
      const interest = await interestOf(request)
      columns.add(request.model, createRowJudge(everything, interest)?.columns ?? [])
      const tables = await source.recordedTables()
      if (!tables.has(loggedTable(request.model, source.schema))) throw notRecorded(request.model)
      const reader = await useReader()
      // Read before it is known what had been committed: what the reader passes meanwhile is read again from here.
      const start = after ?? reader.position
      const known = after ? null : await log.snapshot().catch(leaving)
      return createEventIterator({
        request,
        settings,
        log,
        start,
        isResumed: after !== null,
        isNew: ({ position }: Change) => !known?.includes(position.transaction),
        position: () => reader.position,
        handingOn: () => reader.handingOn,
        deliver,
        subscribers,
        onEnd: () => {
          leave().catch(source.onError)
        },
      })
    },
    async watch(onChanged) {
      await useReader()
      watchers.add(onChanged)
      return () => {
        if (watchers.delete(onChanged)) leave().catch(source.onError)
      }
    },
    async recordedModels() {
      const tables = await source.recordedTables()
      const models = datamodel.models.filter(model => tables.has(loggedTable(model, source.schema)))
      return new Set(models.map(({ name }) => name))
    },
    async lag() {
      const reader = await reading
      return reader && (await log.waiting(reader.position))
    },
    isRecorded: async () => (await source.recordedTables()).size > 0,
    async prune(maximumAge) {
      let count = 0
      for (let deleted = pruneSize; deleted === pruneSize; count += deleted)
        deleted = await log.prune(maximumAge, pruneSize)
      return count
    },
    async close() {
      for (const subscriber of [...subscribers]) subscriber.end()
      await (await reading)?.close()
    },
  }
}
