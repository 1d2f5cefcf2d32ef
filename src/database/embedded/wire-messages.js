/** The parts of PostgreSQL's wire protocol 3.0 that the embedded database's server has to understand. */

export const protocolVersion3 = 196_608
export const sslRequest = 80_877_103
export const gssEncryptionRequest = 80_877_104

/** The first byte of a message. */
export const messageType = {
  parse: code('P'),
  query: code('Q'),
  sync: code('S'),
  flush: code('H'),
  functionCall: code('F'),
  terminate: code('X'),
  copyData: code('d'),
  copyDone: code('c'),
  copyFail: code('f'),
  copyInResponse: code('G'),
  error: code('E'),
  commandComplete: code('C'),
  notification: code('A'),
}

/** Tells a client to send its data; no column is described, since clients do not look. */
export const copyInResponse = Buffer.from([messageType.copyInResponse, 0, 0, 0, 7, 0, 0, 0])

/**
 * @param {number} type
 * @param {string} body
 */
export function createMessage(type, body = '') {
  const length = Buffer.byteLength(body)
  const message = Buffer.alloc(5 + length)
  message[0] = type
  message.writeInt32BE(4 + length, 1)
  message.write(body, 5)
  return message
}

/**
 * The error after which a connection is closed.
 *
 * @param {string} sqlState
 * @param {string} text
 */
export function createFatalError(sqlState, text) {
  const fields = ['SFATAL', 'VFATAL', `C${sqlState}`, `M${text}`, '']
  return createMessage(messageType.error, fields.map(field => `${field}\0`).join(''))
}

/** What a client says first. */
export function createStartupMessage() {
  const parameters = Buffer.from('user\0postgres\0database\0postgres\0\0')
  const message = Buffer.alloc(8 + parameters.length)
  message.writeInt32BE(message.length, 0)
  message.writeInt32BE(protocolVersion3, 4)
  parameters.copy(message, 8)
  return message
}

/** @param {string} sql */
export function isCopyFromClient(sql) {
  return /^(?:\s|--.*\n|\/\*[\s\S]*?\*\/)*copy\b[\s\S]*\bfrom\s+stdin\b/i.test(sql)
}

/**
 * With the extended protocol, which no common client uses for this, COPY FROM STDIN would wait for data for ever: it is
 * cut to a statement that fails.
 *
 * @param {Buffer} message a Parse message
 */
export function withoutCopyFromClient(message) {
  const endOfName = message.indexOf(0, 5) + 1
  const sql = message.toString('utf8', endOfName, message.indexOf(0, endOfName))
  if (!isCopyFromClient(sql)) return message
  const name = message.toString('utf8', 5, endOfName)
  return createMessage(messageType.parse, `${name}COPY FROM STDIN needs a simple query\0\0\0`)
}

/**
 * @param {Buffer} messages
 * @param {number} type
 */
export function withoutMessages(messages, type) {
  return Buffer.concat(readMessages(messages).filter(message => message[0] !== type))
}

/**
 * Cuts what was sent or received into its messages.
 *
 * @param {Buffer} bytes
 */
export function readMessages(bytes) {
  const messages = []
  for (let start = 0; start < bytes.length; ) {
    const end = start + 1 + bytes.readInt32BE(start + 1)
    messages.push(bytes.subarray(start, end))
    start = end
  }
  return messages
}

/**
 * The text that begins there in a message and ends with a NUL.
 *
 * @param {Buffer} message
 * @param {number} start
 */
export function readText(message, start) {
  return message.toString('utf8', start, message.indexOf(0, start))
}

/** @param {string} letter */
function code(letter) {
  return letter.charCodeAt(0)
}
