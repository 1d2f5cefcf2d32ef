import { createListeners } from './listeners.js'
import {
  createFatalError,
  createMessage,
  createStartupMessage,
  messageType,
  withoutMessages,
} from './wire-messages.js'

/**
 * @typedef {import('@electric-sql/pglite').PGlite} PGlite
 * @typedef {import('./serve.js').Session} Session
 * @typedef {{
 *   readonly session: Session,
 *   readonly bytes: Uint8Array,
 *   readonly isComplete: boolean,
 *   readonly isCopy: boolean,
 *   readonly mentionsListening: boolean,
 * }} Work `isComplete`: ends with a Sync, or is a query of its own; `isCopy`: the client was told to send its data already;
 *   `mentionsListening`: has a word in it that has to do with LISTEN
 * @typedef {{
 *   readonly greeting: Buffer,
 *   run(work: Work): void,
 *   forget(session: Session): void,
 *   closeWhenDone(session: Session): void,
 * }} Backend `greeting`: the answer to a client's first message; `forget`: the client is gone; `closeWhenDone`: it wants
 *   to go
 */

/**
 * Runs the work of all sessions on the one backend, in the order of arrival; but whoever has opened a transaction, or
 * has not ended a pipeline of messages, keeps the backend until it has, or is gone. One that says nothing for
 * `idleTransactionMilliseconds` while others wait is thrown out.
 *
 * @param {PGlite} database
 * @param {{ readonly idleTransactionMilliseconds: number, readonly onCrash: (error: unknown) => void }} options
 * @returns {Promise<Backend>}
 */
export async function createBackend(database, { idleTransactionMilliseconds, onCrash }) {
  const greeting = await greet(database)
  /** @type {Work[]} */
  let queue = []
  /** @type {Session | undefined} */
  let owner
  /** @type {Set<Session>} */
  const leaving = new Set()
  const listeners = createListeners()
  let isScheduled = false
  let needsReset = false
  /** @type {NodeJS.Timeout | undefined} */
  let patience

  /** @param {Uint8Array} bytes */
  const execute = bytes => {
    /** @type {Buffer[]} */
    const output = []
    // What comes is a view of the backend's memory, which the next statement overwrites.
    const onRawData = (/** @type {Uint8Array} */ data) => void output.push(Buffer.from(data))
    // Runs to its end before it returns; only the flush to the file system is asynchronous, and a folder needs none.
    database.execProtocolRawStream(bytes, { syncToFs: false, onRawData }).catch(onCrash)
    return Buffer.concat(output)
  }
  /** What concerns the one session of all clients, and may not happen within somebody's transaction. */
  const tidyUp = () => {
    if (needsReset) execute(createMessage(messageType.query, 'RESET ALL\0'))
    needsReset = false
    const correction = listeners.takeCorrection()
    if (correction !== undefined) execute(createMessage(messageType.query, `${correction}\0`))
  }
  const next = () => {
    const index = owner === undefined ? 0 : queue.findIndex(({ session }) => session === owner)
    return index === -1 ? undefined : queue.splice(index, 1)[0]
  }
  const step = () => {
    isScheduled = false
    if (owner === undefined) tidyUp()
    const work = next()
    if (work === undefined) return waitForOwner()
    clearTimeout(patience)
    patience = undefined
    const { session, bytes, isComplete, isCopy } = work
    const raw = execute(bytes)
    listeners.note(work, raw, database.isInTransaction() || !isComplete)
    const output = listeners.take(session, raw)
    session.socket.write(isCopy ? withoutMessages(output, messageType.copyInResponse) : output)
    owner = database.isInTransaction() || !isComplete ? session : undefined
    if (leaving.has(session)) closeWhenDone(session)
    schedule()
  }
  // PostgreSQL's own idle_in_transaction_session_timeout does nothing in here.
  const waitForOwner = () => {
    const session = owner
    if (session === undefined || queue.length === 0) return
    patience ??= setTimeout(
      () => close(session, createFatalError('25P03', idleMessage)),
      idleTransactionMilliseconds,
    )
  }
  const schedule = () => {
    if (isScheduled || queue.length === 0) return
    isScheduled = true
    // Lets the sockets read and write between two statements.
    setImmediate(step)
  }
  const forget = (/** @type {Session} */ session) => {
    queue = queue.filter(work => work.session !== session)
    leaving.delete(session)
    listeners.forget(session)
    // What it had SET holds for everybody, as there is one session; so it ends with it.
    needsReset = true
    if (owner !== session) return
    clearTimeout(patience)
    patience = undefined
    // Ends the pipeline, and with it perhaps a transaction that notifies.
    listeners.take(session, execute(createMessage(messageType.sync)))
    if (database.isInTransaction()) execute(createMessage(messageType.query, 'ROLLBACK\0'))
    owner = undefined
    schedule()
  }
  /** Also a client that does not read any more is rid of. */
  const close = (/** @type {Session} */ session, farewell = Buffer.alloc(0)) => {
    forget(session)
    session.socket.end(farewell, () => session.socket.destroy())
  }
  const closeWhenDone = (/** @type {Session} */ session) => {
    if (queue.some(work => work.session === session)) leaving.add(session)
    else close(session)
  }
  return {
    greeting,
    run(work) {
      queue.push(work)
      schedule()
    },
    forget,
    closeWhenDone,
  }
}

const idleMessage = 'terminating connection due to idle-in-transaction timeout: others were waiting'

/**
 * What the backend says to a new client: the same to all of them, so it is asked once and nobody has to wait.
 *
 * @param {PGlite} database
 * @returns {Promise<Buffer>}
 */
async function greet(database) {
  /** @type {Buffer[]} */
  const output = []
  await database.execProtocolRawStream(createStartupMessage(), {
    onRawData: data => void output.push(Buffer.from(data)),
  })
  return Buffer.concat(output)
}
