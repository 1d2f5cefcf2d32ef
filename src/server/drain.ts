import type { Server, ServerResponse } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** Closes a server without failing a request. */
export interface Drain {
  readonly isClosing: boolean
  /** To be awaited, where there is one, before a request is answered. */
  readonly gate: Promise<void> | undefined
  /** Resolves when the last connection is closed. May be called again. */
  close(): Promise<void>
}

/** Connections that would not end by themselves. */
export interface LongLived {
  /** Ends them in their own way, so that their clients come back elsewhere; takes no new ones. */
  end(): void
  /** Ends at once what is left. */
  cutOff(): void
}

export interface DrainOptions {
  readonly longLived: LongLived
  /** What still runs after this is cut off. */
  readonly closeMilliseconds: number
  /**
   * How long a kept-alive connection without a request stays open: a client may just be sending one, and a connection
   * closed under it is a failed request. One that comes is answered with `Connection: close`. 0 closes everything idle
   * at once.
   */
  readonly lingerMilliseconds: number
}

const sweepMilliseconds = 50

/**
 * Follows a server's connections from now on. Closing it ends those that are long-lived, stops accepting, ends each other
 * connection with its running request, and cuts off what is left at the deadline.
 */
export function createDrain(
  server: Server,
  { longLived, closeMilliseconds, lingerMilliseconds }: DrainOptions,
): Drain {
  const connections = followConnections(server)
  let gate: Promise<void> | undefined
  let closed: Promise<void> | undefined

  async function closeServer(): Promise<void> {
    longLived.end()
    const lingerEnd = performance.now() + lingerMilliseconds
    const sweep = () => {
      if (performance.now() >= lingerEnd) {
        connections.closeIdle()
      }
    }
    if (lingerMilliseconds > 0) {
      gate = untilQuiet(() => connections.accepted)
      await gate
      gate = undefined
    }
    const stopped = stopAccepting(server)
    connections.endEach()
    sweep()
    const sweeps = setInterval(sweep, sweepMilliseconds)
    const deadline = setTimeout(() => {
      server.closeAllConnections()
      longLived.cutOff()
    }, closeMilliseconds)
    await stopped
    clearInterval(sweeps)
    clearTimeout(deadline)
    server.close() // ends the checks of http.Server
  }

  return {
    get isClosing() {
      return closed !== undefined
    },
    get gate() {
      return gate
    },
    close() {
      closed ??= closeServer()
      return closed
    },
  }
}

/** Resolves when every connection is closed. Not http.Server's own close: it ends the kept-alive ones at once. */
function stopAccepting(server: Server): Promise<void> {
  return new Promise(resolve => {
    NetServer.prototype.close.call(server, () => resolve())
  })
}

const stepMilliseconds = 5
const quietSteps = 4
const mostSteps = 40

/**
 * Resolves when no connection came for a moment, at most 200 ms. The system takes connections before the process does
 * and resets them when the process stops listening; while no request is answered, few clients make new ones.
 */
async function untilQuiet(accepted: () => number): Promise<void> {
  let quiet = 0
  for (let step = 0; step < mostSteps && quiet < quietSteps; step++) {
    const before = accepted()
    await wait(stepMilliseconds)
    quiet = accepted() === before ? quiet + 1 : 0
  }
}

interface Connections {
  /** How many there were so far. */
  readonly accepted: number
  /** Closes those without a request. */
  closeIdle(): void
  /** Makes each one close after its running request, and after the next one that comes. */
  endEach(): void
}

function followConnections(server: Server): Connections {
  const sockets = new Set<Socket>()
  const running = new Set<ServerResponse>()
  let accepted = 0
  let isEnding = false

  server.on('connection', socket => {
    // announced once more by serveWithoutUpgrade
    if (sockets.has(socket)) return
    accepted++
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('request', (_request, response) => {
    running.add(response)
    response.on('close', () => running.delete(response))
    if (isEnding) {
      endConnection(response)
    }
  })

  return {
    get accepted() {
      return accepted
    },
    closeIdle() {
      server.closeIdleConnections()
      for (const socket of sockets) {
        // Browsers open connections ahead of need; Node does not count one that never sent a byte as idle.
        if (socket.bytesRead === 0) {
          socket.destroy()
        }
      }
    },
    endEach() {
      isEnding = true
      for (const response of running) {
        endConnection(response)
      }
    },
  }
}

function endConnection(response: ServerResponse): void {
  if (!response.headersSent) {
    response.setHeader('Connection', 'close')
  }
}
