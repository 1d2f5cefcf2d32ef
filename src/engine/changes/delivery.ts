import { exactText } from '../../lib/exact-text.ts'
import type { Datamodel } from '../datamodel/model.ts'
import type { Change } from './change.ts'
import type { ChangeEvent } from './change-event.ts'
import type { ChangeRequest } from './change-feed.ts'
import type { ChangeBatch } from './change-log.ts'
import type { ChangeSource } from './change-source.ts'
import type { InterestOf } from './interest.ts'
import { type Interest, matchChanges, type SeenChange } from './match-changes.ts'
import { encodePosition } from './position.ts'

/** Somebody who gets events. */
export interface Subscriber {
  readonly request: ChangeRequest
  /** False for a change that is not to be had although it matches. */
  readonly isNew: (change: Change) => boolean
  receive(events: readonly ChangeEvent[]): void
  /** No more comes, for a reason where there is one. */
  end(error?: Error): void
}

/**
 * Finds out what the changes of a batch are to each subscriber, and then hands them on, all at once.
 *
 * Throws, with nothing handed on, where the database cannot be asked.
 */
export type Deliver = (batch: ChangeBatch, subscribers: readonly Subscriber[]) => Promise<void>

/** Those who may see the same and want the same. */
interface Audience {
  readonly interest: Interest
  readonly subscribers: readonly Subscriber[]
}

export function createDelivery(datamodel: Datamodel, source: ChangeSource, interestOf: InterestOf): Deliver {
  return async ({ changes }, subscribers) => {
    const models = new Set(changes.map(({ model }) => model))
    const concerned = subscribers.filter(({ request }) => models.has(request.model))
    const audiences = await findAudiences(concerned, interestOf)
    const deliveries = await Promise.all(
      audiences.map(async ({ interest, subscribers: members }) => ({
        members,
        found: await matchOrFail(() => matchChanges(datamodel, source, interest, changes)),
      })),
    )
    for (const { members, found } of deliveries) {
      if (found instanceof Error) for (const member of members) member.end(found)
      else handOn(found, members)
    }
  }
}

/** One audience for all whose conditions are the same; asked once for those of one viewer and filter. */
async function findAudiences(
  subscribers: readonly Subscriber[],
  interestOf: InterestOf,
): Promise<readonly Audience[]> {
  const audiences = new Map<string, { readonly interest: Interest; readonly subscribers: Subscriber[] }>()
  for (const [{ request }, alike] of groupByRequest(subscribers)) {
    const interest = await matchOrFail(() => interestOf(request))
    if (interest instanceof Error) {
      for (const subscriber of alike) subscriber.end(interest)
      continue
    }
    const key = exactText({ ...interest, model: request.model.name })
    const audience = audiences.get(key) ?? { interest, subscribers: [] }
    audiences.set(key, audience)
    for (const subscriber of alike) audience.subscribers.push(subscriber)
  }
  return [...audiences.values()]
}

/** Those who ask for the same, each with one of them. */
function groupByRequest(
  subscribers: readonly Subscriber[],
): Iterable<readonly [Subscriber, readonly Subscriber[]]> {
  const groups = new Map<string, [Subscriber, Subscriber[]]>()
  for (const subscriber of subscribers) {
    const key = keyOf(subscriber.request)
    const group = groups.get(key)
    if (group) group[1].push(subscriber)
    else groups.set(key, [subscriber, [subscriber]])
  }
  return groups.values()
}

const keys = new WeakMap<ChangeRequest, string>()

/** Equal for requests of one viewer, model and filter. */
function keyOf(request: ChangeRequest): string {
  const known = keys.get(request)
  if (known !== undefined) return known
  const { viewer, model, filter } = request
  const key = exactText({ viewer, model: model.name, filter })
  keys.set(request, key)
  return key
}

/** A fault of the rules or of the filter is its subscribers' own; one of the connection is tried again, for all. */
async function matchOrFail<Result>(work: () => Promise<Result>): Promise<Result | Error> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Error) || isConnectionFault(error)) throw error
    return error
  }
}

/** An SQLSTATE of a class that says nothing of the statement, or none from the database at all. */
function isConnectionFault(error: Error): boolean {
  const code = (error as { readonly code?: unknown }).code
  if (typeof code !== 'string') return /connect|terminat|timeout/i.test(error.message)
  return /^(08|53|57|58|XX)/.test(code) || /^E[A-Z]+$/.test(code)
}

function handOn(seen: readonly SeenChange[], members: readonly Subscriber[]): void {
  const delivery = new Map<string, unknown>()
  const events = seen.map(({ change, type, changedFields }) => ({
    change,
    event: {
      type,
      cursor: encodePosition(change.position),
      at: change.at,
      // only changes of models have been matched
      model: change.model as NonNullable<Change['model']>,
      key: change.key,
      changedFields,
      results: new Map<string, unknown>(),
      delivery,
    },
  }))
  for (const { request, isNew, receive } of members) {
    const { types } = request
    const own = events.filter(({ change, event }) => (types?.includes(event.type) ?? true) && isNew(change))
    if (own.length > 0) receive(own.map(({ event }) => event))
  }
}
