import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A PostgreSQL client that sends single messages, to test what a server does between them. */
export type WireClient = {
  readonly socket: Socket
  send(...messages: readonly Buffer[]): void
  /** Everything received, as text, once a message of the type has come (`Z`: ready for the next query). */
  receive(type: string): Promise<string>
}

export async function connectWireClient(url: string): Promise<WireClient> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  let received = Buffer.alloc(0)
  socket.on('data', chunk => {
    received = Buffer.concat([received, chunk])
    socket.emit('received')
  })
  const client: WireClient = {
    socket,
    send: (...messages) => void socket.write(Buffer.concat(messages)),
    async receive(type) {
      while (!typesOf(received).includes(type)) await once(socket, 'received')
      const text = received.toString('latin1')
      received = Buffer.alloc(0)
      return text
    },
  }
  client.send(startup())
  await client.receive('Z')
  return client
}

/** A message of the type with these parts; texts are ended by a zero byte. */
export function message(type: string, ...parts: readonly (string | Buffer)[]): Buffer {
  const body = Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part)))
  const head = Buffer.alloc(5)
  head.write(type)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}

export const zeros = (count: number) => Buffer.alloc(count)

function startup(): Buffer {
  const body = Buffer.from('\0\x03\0\0user\0postgres\0database\0postgres\0\0')
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length + 4)
  return Buffer.concat([length, body])
}

function typesOf(received: Buffer): string[] {
  const types: string[] = []
  for (let start = 0; start + 5 <= received.length; ) {
    const end = start + 1 + received.readInt32BE(start + 1)
    if (end > received.length) break
    types.push(received.toString('latin1', start, start + 1))
    start = end
  }
  return types
}
