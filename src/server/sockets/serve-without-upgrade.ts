import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * Serves a request that offers another protocol than WebSocket, such as Java's HTTP client does with `Upgrade: h2c`, as
 * if it offered none: a server may ignore it (RFC 9110, section 7.8). Node 20 takes every such request for an upgrade as
 * soon as one kind is served, so the request is put back in front of its connection, without the offer.
 */
export function serveWithoutUpgrade(
  server: Server,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`]
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? ''
    if (!isOffer(name)) lines.push(`${name}: ${request.rawHeaders[index + 1]}`)
  }
  const text = `${lines.join('\r\n')}\r\n\r\n`
  socket.unshift(Buffer.concat([Buffer.from(text, 'latin1'), head]))
  server.emit('connection', socket)
}

/** `Connection` may ask for the connection to be kept, which is HTTP/1.1's way anyhow, or to be closed after. */
function isOffer(name: string): boolean {
  return ['upgrade', 'connection', 'http2-settings'].includes(name.toLowerCase())
}
