import { messageType, readMessages, readText } from './wire-messages.js'

/**
 * @typedef {import('./backend.js').Work} Work
 * @typedef {import('./serve.js').Session} Session
 * @typedef {{ readonly command: string, readonly channel: string }} Request `command`: the tag that PostgreSQL answers with
 * @typedef {{
 *   take(session: Session, output: Buffer): Buffer,
 *   note(work: Work, output: Buffer, isInTransaction: boolean): void,
 *   forget(session: Session): void,
 *   takeCorrection(): string | undefined,
 * }} Listeners `take`: passes the notifications of an output on, and returns what is left for `session`; `note`: reads
 *   from some work and its output what the session listens to; `takeCorrection`: SQL to run before anything else, outside
 *   of any transaction, where the backend does not listen to what the sessions do
 */

/**
 * Who listens to what. The backend has a single session, so it listens to what any client does, tells of notifications
 * in the output of whichever statement has committed them, and forgets everything when one client says UNLISTEN *.
 *
 * @returns {Listeners}
 */
export function createListeners() {
  /** @type {Map<Session, Set<string>>} */
  const channels = new Map()
  /** What a session has asked for in a transaction that is still open. @type {Map<Session, Request[]>} */
  const pending = new Map()
  let needsCorrection = false

  const commit = (/** @type {Session} */ session) => {
    const own = channels.get(session) ?? new Set()
    for (const { command, channel } of pending.get(session) ?? []) {
      if (command === 'LISTEN') own.add(channel)
      else if (channel === '*') own.clear()
      else own.delete(channel)
      needsCorrection ||= command !== 'LISTEN'
    }
    pending.delete(session)
    channels.set(session, own)
    if (own.size === 0) channels.delete(session)
  }
  return {
    take(session, output) {
      if (channels.size === 0) return output
      const messages = readMessages(output)
      const notifications = messages.filter(message => message[0] === messageType.notification)
      if (notifications.length === 0) return output
      for (const notification of notifications) {
        // Behind the length and the process that notified.
        const channel = readText(notification, 9)
        for (const [listener, own] of channels)
          if (listener !== session && own.has(channel)) listener.socket.write(notification)
      }
      const own = channels.get(session)
      const isForSession = (/** @type {Buffer} */ message) =>
        message[0] !== messageType.notification || own?.has(readText(message, 9))
      return Buffer.concat(messages.filter(isForSession))
    },
    note({ session, bytes, mentionsListening: isRequest }, output, isInTransaction) {
      // Reading every output would cost more than most statements do.
      if (!isRequest && !pending.has(session)) return
      const requests = isRequest ? readRequests(Buffer.from(bytes)) : []
      for (const message of readMessages(output)) {
        const tag = message[0] === messageType.commandComplete ? readText(message, 5) : ''
        if (message[0] === messageType.error || tag === 'ROLLBACK') pending.delete(session)
        else if (tag === 'COMMIT') commit(session)
        else if (tag === requests[0]?.command) {
          pending.set(session, [...(pending.get(session) ?? []), ...requests.splice(0, 1)])
        }
      }
      if (!isInTransaction) commit(session)
    },
    forget(session) {
      pending.delete(session)
      needsCorrection = channels.delete(session) || needsCorrection
    },
    takeCorrection() {
      if (!needsCorrection) return undefined
      needsCorrection = false
      const names = new Set([...channels.values()].flatMap(own => [...own]))
      return ['UNLISTEN *', ...[...names].map(name => `LISTEN "${name.replaceAll('"', '""')}"`)].join('; ')
    },
  }
}

const request =
  /(?:^|;)\s*(?:((?:un)?listen)\s+("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*|\*)|(discard\s+all))\s*(?=;|$)/giu

/**
 * Whether a Query or Parse message could be about listening, or end it.
 *
 * @param {string} sql
 */
export function mentionsListening(sql) {
  return /listen|discard\s+all/i.test(sql)
}

/**
 * What a client's messages ask for, in their order. A statement that is prepared now and run later is not known then:
 * no client does that with LISTEN.
 *
 * @param {Buffer} work
 * @returns {Request[]}
 */
function readRequests(work) {
  return readMessages(work).flatMap(message => {
    if (message[0] === messageType.query) return readStatements(readText(message, 5))
    if (message[0] === messageType.parse) return readStatements(readText(message, message.indexOf(0, 5) + 1))
    return []
  })
}

/**
 * @param {string} sql
 * @returns {Request[]}
 */
function readStatements(sql) {
  const bare = sql.replaceAll(/--.*$|\/\*[\s\S]*?\*\//gm, ' ')
  return [...bare.matchAll(request)].map(([, command, name = '', discard]) =>
    discard === undefined
      ? { command: (command ?? '').toUpperCase(), channel: foldName(name) }
      : { command: 'DISCARD ALL', channel: '*' },
  )
}

/** @param {string} name */
function foldName(name) {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase()
}
