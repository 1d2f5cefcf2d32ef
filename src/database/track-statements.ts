import pg from 'pg'
import { createCancellation } from './cancel-statement.ts'
import { currentContext } from './statement-context.ts'
import { type RunningWork, WorkCancelled } from './work.ts'

export type Callback<Result> = (error: Error | null | undefined, result?: Result) => void

type Send = (query: unknown, values?: unknown, callback?: Callback<unknown>) => Promise<unknown> | undefined

/**
 * Makes a connection of a pool tell the work that a statement belongs to while it runs, so that it can be ended.
 *
 * - A transaction belongs to the work that began it. Other statements belong to the work that is current where they are
 *   sent; Prisma may send those of two operations together that look for a row by its key in the very same moment.
 * - The answer to a statement that is being cancelled is held back until the cancelling is over: only then the
 *   connection goes on to the next statement, and perhaps to somebody else, whom the cancelling must not meet.
 * - COMMIT and ROLLBACK are never cancelled. A COMMIT for work that is cancelled becomes a ROLLBACK.
 */
export function trackStatements(client: pg.ClientBase, canCancel: boolean): void {
  const send: Send = (...parameters) => (pg.Client.prototype.query as Send).apply(client, parameters)
  let transaction: { readonly work: RunningWork | undefined } | undefined

  const track: Send = (query, values, callback) => {
    const text = textOf(query)
    if (isBegin(text)) transaction = { work: currentContext().work }
    const { work } = transaction ?? currentContext()
    const isEnd = isCommit(text) || isRollback(text)
    if (isEnd) transaction = undefined
    if (work === undefined || typeof values === 'function' || isRollback(text))
      return send(query, values, callback)
    if (work.isCancelled) return refuse(isCommit(text) ? send : undefined, callback)
    if (isEnd) return send(query, values, callback)
    return sendFor(work, query, values, callback)
  }

  function sendFor(
    work: RunningWork,
    query: unknown,
    values: unknown,
    callback: Callback<unknown> | undefined,
  ): Promise<unknown> | undefined {
    if (callback === undefined) {
      return new Promise((resolve, reject) => {
        sendFor(work, query, values, (error, result) => (error ? reject(error) : resolve(result)))
      })
    }
    const cancellation = createCancellation(client, canCancel)
    work.add(cancellation)
    send(query, values, (error, result) => {
      work.remove(cancellation)
      const over = cancellation.end()
      if (over === undefined) callback(error, result)
      else void over.then(() => callback(error, result))
    })
    return undefined
  }

  client.query = track as typeof client.query
  const sendKnown: SendFor = (work, query, callback) => {
    if (work === undefined) send(query, undefined, callback)
    else if (work.isCancelled) refuse(undefined, callback)
    else sendFor(work, query, undefined, callback)
  }
  senders.set(client, {
    send: sendKnown,
    begin: (work, callback) => {
      if (!work?.isCancelled) transaction = { work }
      sendKnown(work, 'BEGIN', callback)
    },
  })
}

type SendFor = (work: RunningWork | undefined, query: unknown, callback: Callback<unknown>) => void

interface Sender {
  readonly send: SendFor
  begin(work: RunningWork | undefined, callback: Callback<unknown>): void
}

const senders = new WeakMap<pg.ClientBase, Sender>()

function senderOf(client: pg.ClientBase): Sender {
  const sender = senders.get(client)
  if (!sender) throw new Error('The statements of this connection are not tracked.')
  return sender
}

/**
 * Sends a statement for work that whoever sends it knows, on a connection that is tracked and has no transaction.
 *
 * @param query what `pg` calls a Submittable; calls back with what it does
 */
export function sendFor<Result>(
  client: pg.ClientBase,
  work: RunningWork | undefined,
  query: SubmittableFor<Result>,
  callback: Callback<Result>,
): void {
  senderOf(client).send(work, query, callback as Callback<unknown>)
}

/** Begins a transaction for work that whoever begins it knows: what is sent in it belongs to the same. */
export function beginFor(client: pg.ClientBase, work: RunningWork | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    senderOf(client).begin(work, error => (error ? reject(error) : resolve()))
  })
}

/** A query that calls back with a result of its own. */
export interface SubmittableFor<Result> extends pg.Submittable {
  callback: Callback<Result> | undefined
}

/** Fails in place of a statement; first rolls back in place of a COMMIT, where `send` is given. */
function refuse(
  send: Send | undefined,
  callback: Callback<unknown> | undefined,
): Promise<unknown> | undefined {
  const failure = new WorkCancelled()
  if (callback === undefined) {
    return new Promise((_, reject) => {
      refuse(send, reject)
    })
  }
  if (send) send('ROLLBACK', undefined, error => callback(error ?? failure))
  else process.nextTick(callback, failure)
  return undefined
}

function textOf(query: unknown): string {
  if (typeof query === 'string') return query
  const text = typeof query === 'object' && query !== null && 'text' in query ? query.text : undefined
  return typeof text === 'string' ? text : ''
}

const isBegin = (text: string) => text === 'BEGIN'
const isCommit = (text: string) => text === 'COMMIT'
const isRollback = (text: string) => text === 'ROLLBACK'
