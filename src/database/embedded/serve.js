import { createServer } from 'node:net'
import { createBackend } from './backend.js'
import { mentionsListening } from './listeners.js'
import {
  copyInResponse,
  gssEncryptionRequest,
  isCopyFromClient,
  messageType,
  protocolVersion3,
  sslRequest,
  withoutCopyFromClient,
} from './wire-messages.js'

/**
 * @typedef {import('@electric-sql/pglite').PGlite} PGlite
 * @typedef {import('./backend.js').Backend} Backend
 * @typedef {{
 *   readonly socket: import('node:net').Socket,
 *   chunks: Buffer[],
 *   size: number,
 *   needed: number,
 *   isStarted: boolean,
 *   isCopying: boolean,
 *   pending: Buffer[],
 *   mentionsListening: boolean,
 * }} Session `chunks`: received and not yet taken, `size` bytes, of which the next message has at least `needed`;
 *   `pending`: messages that wait for the rest of their pipeline; `mentionsListening`: one of them may be about LISTEN
 */

/**
 * Serves one PGlite backend to many PostgreSQL clients on 127.0.0.1; rejects with the socket's error (`EADDRINUSE`)
 * when the port is taken. `onCrash` hears of a backend that can no longer be used.
 *
 * PGlite has a single session, and everything that a client sends up to its Sync belongs together: were the Parse of
 * one connection followed by the Parse of another, the first one's Bind would meet the wrong statement. So messages are
 * collected until they are complete and run in one go (backend.js). That is why this is not `pglite-socket`, which runs
 * them one by one.
 *
 * @param {PGlite} database
 * @param {{
 *   readonly port: number,
 *   readonly idleTransactionMilliseconds?: number,
 *   readonly onCrash: (error: unknown) => void,
 * }} options
 * @returns {Promise<{ readonly port: number, close(): Promise<void> }>}
 */
export async function servePostgres(
  database,
  {
    port,
    idleTransactionMilliseconds = 60_000, // 1 minute
    onCrash,
  },
) {
  const backend = await createBackend(database, { idleTransactionMilliseconds, onCrash })
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set()
  const server = createServer({ noDelay: true }, socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    accept(backend, socket)
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
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/**
 * @param {Backend} backend
 * @param {import('node:net').Socket} socket
 */
function accept(backend, socket) {
  /** @type {Session} */
  const session = {
    socket,
    chunks: [],
    size: 0,
    needed: 8,
    isStarted: false,
    isCopying: false,
    pending: [],
    mentionsListening: false,
  }
  socket.on('data', chunk => receive(backend, session, chunk))
  // 'close' follows every 'error', and does the work.
  socket.on('error', () => socket.destroy())
  socket.on('close', () => backend.forget(session))
}

/**
 * @param {Backend} backend
 * @param {Session} session
 * @param {Buffer} chunk
 */
function receive(backend, session, chunk) {
  session.chunks.push(chunk)
  session.size += chunk.length
  while (!session.socket.writableEnded && session.size >= session.needed) {
    const received = session.chunks.length === 1 ? session.chunks[0] : Buffer.concat(session.chunks)
    const start = session.isStarted ? 1 : 0
    const length = start + (received?.readInt32BE(start) ?? 0)
    session.chunks = received === undefined ? [] : [received]
    session.needed = Math.max(length, 5)
    if (received === undefined || received.length < length) return
    session.chunks = [received.subarray(length)]
    session.size -= length
    const message = received.subarray(0, length)
    if (session.isStarted) takeMessage(backend, session, message)
    else takeStartup(backend, session, message)
    session.needed = session.isStarted ? 5 : 8
  }
}

/**
 * @param {Backend} backend
 * @param {Session} session
 * @param {Buffer} message
 */
function takeStartup(backend, session, message) {
  const { socket } = session
  const code = message.readInt32BE(4)
  if (code === sslRequest || code === gssEncryptionRequest) return void socket.write('N')
  // The other is a request to cancel a statement, but there is no second thread that could interrupt the backend.
  if (code !== protocolVersion3) return void socket.end()
  session.isStarted = true
  socket.write(backend.greeting)
}

/**
 * @param {Backend} backend
 * @param {Session} session
 * @param {Buffer} message
 */
function takeMessage(backend, session, message) {
  const type = message[0]
  const sql = type === messageType.query || type === messageType.parse ? message.toString('utf8', 5) : ''
  session.mentionsListening ||= mentionsListening(sql)
  if (type === messageType.terminate) backend.closeWhenDone(session)
  else if (session.isCopying) takeCopyMessage(backend, session, message)
  else if (type === messageType.query && isCopyFromClient(sql)) startCopy(session, message)
  else {
    session.pending.push(type === messageType.parse ? withoutCopyFromClient(message) : message)
    const isEnd = type === messageType.query || type === messageType.sync || type === messageType.functionCall
    if (isEnd || type === messageType.flush) submit(backend, session, { isComplete: isEnd, isCopy: false })
  }
}

/**
 * The backend cannot wait for a client's data, only read what it was given: so the client is told to begin, and the
 * statement runs when all the data is here.
 *
 * @param {Session} session
 * @param {Buffer} message
 */
function startCopy(session, message) {
  session.isCopying = true
  session.pending.push(message)
  session.socket.write(copyInResponse)
}

/**
 * @param {Backend} backend
 * @param {Session} session
 * @param {Buffer} message
 */
function takeCopyMessage(backend, session, message) {
  const type = message[0]
  const isEnd = type === messageType.copyDone || type === messageType.copyFail
  // Flush and Sync mean nothing in the middle of a copy.
  if (type === messageType.copyData || isEnd) session.pending.push(message)
  if (!isEnd) return
  session.isCopying = false
  submit(backend, session, { isComplete: true, isCopy: true })
}

/**
 * @param {Backend} backend
 * @param {Session} session
 * @param {{ readonly isComplete: boolean, readonly isCopy: boolean }} kind
 */
function submit(backend, session, kind) {
  const bytes = Uint8Array.from(Buffer.concat(session.pending))
  const work = { session, bytes, mentionsListening: session.mentionsListening, ...kind }
  session.pending = []
  session.mentionsListening = false
  backend.run(work)
}
