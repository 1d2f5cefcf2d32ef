import { createServer } from 'node:net'

/**
 * Serves one PGlite backend to many PostgreSQL clients over TCP.
 *
 * PGlite has a single session, and everything a client sends up to its Sync belongs together: were the Parse of one
 * connection followed by the Parse of another, the first one's Bind would meet the wrong statement. So a session's
 * messages are collected until they are complete and run as one call, and whoever has opened a transaction keeps the
 * backend until it ends or the client goes away.
 *
 * @typedef {import('@electric-sql/pglite').PGlite} PGlite
 * @typedef {import('node:net').Socket} Socket
 * @typedef {{
 *   readonly socket: Socket,
 *   received: Buffer,
 *   started: boolean,
 *   pending: Buffer[],
 *   isClosed: boolean,
 * }} Session
 * @typedef {{ readonly session: Session, readonly bytes: Uint8Array, readonly isComplete: boolean }} Work
 */

const protocolVersion3 = 196_608
const cancelRequest = 80_877_102
const sslRequest = 80_877_103
const gssEncryptionRequest = 80_877_104

const messageQuery = 'Q'.charCodeAt(0)
const messageSync = 'S'.charCodeAt(0)
const messageFlush = 'H'.charCodeAt(0)
const messageFunctionCall = 'F'.charCodeAt(0)
const messageTerminate = 'X'.charCodeAt(0)
const messageCopyDone = 'c'.charCodeAt(0)
const messageCopyFail = 'f'.charCodeAt(0)

/**
 * Starts listening on 127.0.0.1; rejects with the socket's error (`EADDRINUSE`) when the port is taken.
 *
 * @param {PGlite} database
 * @param {{ readonly port: number, readonly onCrash: (error: unknown) => void }} options `onCrash` hears of a backend
 *   that can no longer be used
 * @returns {Promise<{ readonly port: number, close(): Promise<void> }>}
 */
export async function servePostgres(database, { port, onCrash }) {
  const backend = await createBackend(database, onCrash)
  /** @type {Set<Session>} */
  const sessions = new Set()
  const server = createServer({ noDelay: true }, socket => {
    /** @type {Session} */
    const session = { socket, received: Buffer.alloc(0), started: false, pending: [], isClosed: false }
    sessions.add(session)
    socket.on('data', chunk => receive(backend, session, chunk))
    // 'close' follows every 'error', and does the work.
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      session.isClosed = true
      sessions.delete(session)
      backend.forget(session)
    })
  })
  await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(undefined))
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async close() {
      const closed = new Promise(resolve => server.close(resolve))
      for (const session of sessions) session.socket.destroy()
      await closed
    },
  }
}

/**
 * @param {Backend} backend
 * @param {Session} session
 * @param {Buffer} chunk
 */
function receive(backend, session, chunk) {
  session.received = session.received.length === 0 ? chunk : Buffer.concat([session.received, chunk])
  while (!session.isClosed && takeMessage(backend, session)) {
    // takeMessage does the work, one message a turn.
  }
}

/**
 * Handles the first complete message of what was received, if there is one.
 *
 * @param {Backend} backend
 * @param {Session} session
 * @returns {boolean} whether there was one
 */
function takeMessage(backend, session) {
  const { received } = session
  if (!session.started) return takeStartup(backend, session)
  if (received.length < 5) return false
  const length = 1 + received.readInt32BE(1)
  if (received.length < length) return false
  const type = received[0]
  const message = received.subarray(0, length)
  session.received = received.subarray(length)
  if (type === messageTerminate) {
    session.socket.end()
    return false
  }
  session.pending.push(message)
  if (type === messageQuery || type === messageSync || type === messageFunctionCall)
    submit(backend, session, true)
  else if (type === messageCopyDone || type === messageCopyFail) submit(backend, session, true)
  else if (type === messageFlush) submit(backend, session, false)
  return true
}

/**
 * @param {Backend} backend
 * @param {Session} session
 * @param {boolean} isComplete
 */
function submit(backend, session, isComplete) {
  const bytes = Uint8Array.from(Buffer.concat(session.pending))
  session.pending = []
  backend.run({ session, bytes, isComplete })
}

/**
 * @param {Backend} backend
 * @param {Session} session
 * @returns {boolean}
 */
function takeStartup(backend, session) {
  const { received, socket } = session
  if (received.length < 8) return false
  const length = received.readInt32BE(0)
  if (received.length < length) return false
  const code = received.readInt32BE(4)
  session.received = received.subarray(length)
  if (code === sslRequest || code === gssEncryptionRequest) {
    socket.write('N')
    return true
  }
  if (code === cancelRequest || code !== protocolVersion3) {
    // There is no second thread that could interrupt the backend.
    socket.end()
    return false
  }
  session.started = true
  socket.write(backend.greeting)
  return true
}

/**
 * @typedef {{
 *   readonly greeting: Buffer,
 *   run(work: Work): void,
 *   forget(session: Session): void,
 * }} Backend
 *
 * @param {PGlite} database
 * @param {(error: unknown) => void} onCrash
 * @returns {Promise<Backend>}
 */
async function createBackend(database, onCrash) {
  const greeting = await greet(database)
  /** @type {Work[]} */
  let queue = []
  /** @type {Session | undefined} whose transaction or unfinished pipeline holds the backend */
  let owner
  let isScheduled = false

  /** @param {Uint8Array} bytes @param {(output: Uint8Array) => void} onRawData */
  const execute = (bytes, onRawData) => {
    // Runs to its end before it returns; only the flush to the file system is asynchronous, and the folder needs none.
    database.execProtocolRawStream(bytes, { syncToFs: false, onRawData }).catch(onCrash)
  }
  const next = () => {
    const index = owner === undefined ? 0 : queue.findIndex(({ session }) => session === owner)
    return index === -1 ? undefined : queue.splice(index, 1)[0]
  }
  const step = () => {
    isScheduled = false
    const work = next()
    if (work === undefined) return
    const { session, bytes, isComplete } = work
    execute(bytes, output => {
      // The output is a view of the backend's memory, which the next statement overwrites.
      if (!session.isClosed) session.socket.write(Buffer.from(output))
    })
    owner = database.isInTransaction() || !isComplete ? session : undefined
    schedule()
  }
  const schedule = () => {
    if (isScheduled || queue.length === 0) return
    isScheduled = true
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
      if (owner !== session) return
      execute(simpleMessage(messageSync), () => undefined)
      if (database.isInTransaction()) execute(simpleMessage(messageQuery, 'ROLLBACK\0'), () => undefined)
      owner = undefined
      schedule()
    },
  }
}

/**
 * What the backend says to a new client: the same to all of them, so it is asked once and nobody waits for it.
 *
 * @param {PGlite} database
 * @returns {Promise<Buffer>}
 */
async function greet(database) {
  const parameters = Buffer.from('user\0postgres\0database\0postgres\0\0')
  const message = Buffer.alloc(8 + parameters.length)
  message.writeInt32BE(message.length, 0)
  message.writeInt32BE(protocolVersion3, 4)
  parameters.copy(message, 8)
  /** @type {Buffer[]} */
  const output = []
  await database.execProtocolRawStream(new Uint8Array(message), {
    onRawData: data => output.push(Buffer.from(data)),
  })
  return Buffer.concat(output)
}

/**
 * @param {number} type
 * @param {string} body
 */
function simpleMessage(type, body = '') {
  const message = Buffer.alloc(5 + Buffer.byteLength(body))
  message[0] = type
  message.writeInt32BE(4 + Buffer.byteLength(body), 1)
  message.write(body, 5)
  return new Uint8Array(message)
}
