import { once } from 'node:events'
import { type AddressInfo, createServer, connect as openSocket, type Socket } from 'node:net'

/** A PostgreSQL address whose traffic is passed on, and whose statements are noted. */
export interface StatementCounter {
  readonly url: string
  /** The texts of the statements that were sent since the last call, BEGIN and COMMIT among them. */
  readonly take: () => readonly string[]
  readonly close: () => Promise<void>
}

/** Starts a proxy on this machine that knows enough of PostgreSQL's protocol to see what is run. */
export async function startStatementCounter(databaseUrl: string): Promise<StatementCounter> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let statements: string[] = []
  const server = createServer(client => {
    const database = openSocket(Number(target.port || 5432), target.hostname)
    const reader = createMessageReader(text => statements.push(text))
    client.on('data', reader)
    client.pipe(database).pipe(client)
    for (const socket of [client, database]) {
      sockets.add(socket.setNoDelay(true))
      // Whoever goes away first takes the other side along.
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    take: () => {
      const taken = statements
      statements = []
      return taken
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/**
 * Reads what one client sends, in pieces of any size, and calls `onStatement` with each statement that is run: a Query, or
 * the text of what an Execute runs. Parsing a statement, or describing it, is not running it.
 */
export function createMessageReader(onStatement: (text: string) => void): (chunk: Buffer) => void {
  let buffer = Buffer.alloc(0)
  let hasStarted = false
  const texts = new Map<string, string>() // by the name of a prepared statement
  const portals = new Map<string, string>() // the names of the statements that they run
  const handlers: Readonly<Record<string, (strings: StringReader) => void>> = {
    Q: strings => onStatement(strings()),
    P: strings => texts.set(strings(), strings()),
    B: strings => portals.set(strings(), strings()),
    E: strings => onStatement(texts.get(portals.get(strings()) ?? '') ?? '?'),
  }
  return chunk => {
    buffer = Buffer.concat([buffer, chunk])
    for (;;) {
      // The first message has no letter; nor has a request for TLS or to cancel, which is as long as this.
      const header = hasStarted ? 1 : 0
      if (buffer.length < header + 4) return
      const end = header + buffer.readUInt32BE(header)
      if (buffer.length < end) return
      const body = buffer.subarray(header + 4, end)
      if (hasStarted) handlers[String.fromCharCode(buffer[0] ?? 0)]?.(createStringReader(body))
      else hasStarted = body.length > 4
      buffer = buffer.subarray(end)
    }
  }
}

type StringReader = () => string

/** Texts that end with a zero byte, one after the other. */
function createStringReader(body: Buffer): StringReader {
  let position = 0
  return () => {
    const end = body.indexOf(0, position)
    const text = body.toString('utf8', position, end)
    position = end + 1
    return text
  }
}
