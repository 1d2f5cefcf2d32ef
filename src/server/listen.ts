import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StartError } from '../errors.ts'

export interface Address {
  readonly port: number
  readonly host: string
  /** The variable that the port comes from, to name it where it cannot be had. Default: `PORT`, or the flag `--port`. */
  readonly setting?: string
}

/** Binds a server. Returns the port that it got and the URL for a browser on this machine; throws a StartError. */
export async function listen(
  server: Server,
  { port, host, setting }: Address,
): Promise<{ url: string; port: number }> {
  await new Promise<void>((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(explain(error, port, host, setting))
    server.once('error', fail)
    server.listen({ port, host }, () => {
      server.off('error', fail)
      resolve()
    })
  })
  // A TCP server that listens has an address with a port.
  const bound = server.address() as AddressInfo
  return { url: `http://${browserHost(host)}:${bound.port}`, port: bound.port }
}

function browserHost(host: string): string {
  if (['0.0.0.0', '127.0.0.1', '::', '::1', ''].includes(host)) {
    return 'localhost'
  }
  return host.includes(':') ? `[${host}]` : host
}

function explain(
  error: NodeJS.ErrnoException,
  port: number,
  host: string,
  setting: string | undefined,
): Error {
  const choose = (other: number) => (setting ? `${setting}=${other}` : `--port ${other} or PORT=${other}`)
  switch (error.code) {
    case 'EADDRINUSE':
      return new StartError(
        `Port ${port} is already taken by another process (perhaps another Refract). Stop that process, or choose another port with ${choose(nextPort(port))}.`,
        { cause: error },
      )
    case 'EACCES':
      return new StartError(
        `Port ${port} may not be used by this user: ports below 1024 need more rights. Choose another one with ${choose(4_000)}.`,
        { cause: error },
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartError(
        `The host "${host}" is not an address of this machine. Give one that is with --host or HOST: 127.0.0.1 for this machine only, 0.0.0.0 for every network it is on.`,
        { cause: error },
      )
    default:
      return error
  }
}

function nextPort(port: number): number {
  return port < 65_535 ? port + 1 : 4_000
}
