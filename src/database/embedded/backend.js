import { createMessage, createStartupMessage, messageType, withoutMessages } from './wire-messages.js'

/**
 * @typedef {import('@electric-sql/pglite').PGlite} PGlite
 * @typedef {import('./serve.js').Session} Session
 * @typedef {{
 *   readonly session: Session,
 *   readonly bytes: Uint8Array,
 *   readonly isComplete: boolean,
 *   readonly isCopy: boolean,
 * }} Work `isComplete`: ends with a Sync, or is a query of its own; `isCopy`: the client was told to send its data already
 * @typedef {{
 *   readonly greeting: Buffer,
 *   run(work: Work): void,
 *   forget(session: Session): void,
 * }} Backend `greeting`: the answer to a client's first message; `forget`: the client is gone
 */

/**
 * Runs the work of all sessions on the one backend, in the order of arrival; but whoever has opened a transaction, or
 * has not ended a pipeline of messages, keeps the backend until it has, or is gone.
 *
 * @param {PGlite} database
 * @param {(error: unknown) => void} onCrash
 * @returns {Promise<Backend>}
 */
export async function createBackend(database, onCrash) {
  const greeting = await greet(database)
  /** @type {Work[]} */
  let queue = []
  /** @type {Session | undefined} */
  let owner
  let isScheduled = false
  let needsReset = false

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
  const next = () => {
    const index = owner === undefined ? 0 : queue.findIndex(({ session }) => session === owner)
    return index === -1 ? undefined : queue.splice(index, 1)[0]
  }
  const step = () => {
    isScheduled = false
    if (needsReset && owner === undefined) {
      execute(createMessage(messageType.query, 'RESET ALL\0'))
      needsReset = false
    }
    const work = next()
    if (work === undefined) return
    const { session, bytes, isComplete, isCopy } = work
    const output = execute(bytes)
    session.socket.write(isCopy ? withoutMessages(output, messageType.copyInResponse) : output)
    owner = database.isInTransaction() || !isComplete ? session : undefined
    schedule()
  }
  const schedule = () => {
    if (isScheduled || queue.length === 0) return
    isScheduled = true
    // Lets the sockets read and write between two statements.
    setImmediate(step)
  }
  return {
    greeting,
    run(work) {
      queue.push(work)
      schedule()
    },
    forget(session) {
      queue = queue.filter(work => work.session !== session)
      // What it had SET holds for everybody, as there is one session; so it ends with it.
      needsReset = true
      if (owner !== session) return
      execute(createMessage(messageType.sync))
      if (database.isInTransaction()) execute(createMessage(messageType.query, 'ROLLBACK\0'))
      owner = undefined
      schedule()
    },
  }
}

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
