import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import type { CancellableStatement } from './work.ts'

/** A statement that is running on a connection. */
export interface Cancellation extends CancellableStatement {
  /** Says that the statement has ended. Returns what to wait for before anything else is sent on its connection. */
  end(): Promise<void> | undefined
}

/** How long to wait before asking once more: a request that comes before its statement does is lost. */
const repeatMilliseconds = 100

/** When a server that does not end a statement is taken for dead. */
const abandonMilliseconds = 5_000

/** How long one request may take. */
const requestMilliseconds = 2_000

/**
 * Follows one statement. Cancelling it asks the server on another connection, until the statement has ended; after five
 * seconds its own connection is cut, so that a server that hangs does not keep the pool's places.
 */
export function createCancellation(client: pg.ClientBase, canCancel: boolean): Cancellation {
  return new FollowedStatement(client, canCancel)
}

/** A class, since its functions are made once and not for each statement. */
class FollowedStatement implements Cancellation {
  readonly #client: pg.ClientBase
  readonly #canCancel: boolean
  #hasEnded = false
  #wake: (() => void) | undefined
  #cancelling: Promise<void> | undefined

  constructor(client: pg.ClientBase, canCancel: boolean) {
    this.#client = client
    this.#canCancel = canCancel
  }

  cancel(): void {
    if (this.#canCancel) this.#cancelling ??= this.#cancelUntilEnded()
  }

  end(): Promise<void> | undefined {
    this.#hasEnded = true
    this.#wake?.()
    return this.#cancelling
  }

  async #cancelUntilEnded(): Promise<void> {
    const start = performance.now()
    while (!this.#hasEnded) {
      if (performance.now() - start > abandonMilliseconds) {
        connectionOf(this.#client).connection.stream.destroy()
        return
      }
      await requestCancel(connectionOf(this.#client))
      if (this.#hasEnded) return
      const ended = new Promise<void>(resolve => {
        this.#wake = resolve
      })
      await Promise.race([ended, wait(repeatMilliseconds)])
    }
  }
}

/** What a connected client knows beyond its published type: the key to its backend, as the server sent it. */
interface ConnectedClient extends pg.Client {
  readonly processID: number
  readonly secretKey: number
}

function connectionOf(client: pg.ClientBase): ConnectedClient {
  return client as ConnectedClient
}

/** The part of `pg`'s connection that is left out of its published type. */
interface CancelConnection extends pg.Connection {
  connect(port: number | string, host?: string): void
  requestSsl(): void
  cancel(processID: number, secretKey: number): void
}

/**
 * Sends a CancelRequest of PostgreSQL's protocol: needs no sign-in, no free connection and no right, reaches the right
 * server through a proxy, and names the backend by a secret. Resolves when the server has passed it on, or cannot be
 * reached; never rejects.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
function requestCancel({ host, port, ssl, processID, secretKey }: ConnectedClient): Promise<void> {
  return new Promise(resolve => {
    const connection = new pg.Connection({ ssl }) as CancelConnection
    const timer = setTimeout(() => connection.stream.destroy(), requestMilliseconds)
    const end = () => {
      clearTimeout(timer)
      connection.stream.destroy()
      resolve()
    }
    const send = () => connection.cancel(processID, secretKey)
    connection.on('connect', () => (ssl ? connection.requestSsl() : send()))
    connection.on('sslconnect', send)
    // the server closes the connection when it has done what it was asked
    connection.on('end', end)
    connection.on('error', end)
    if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`)
    else connection.connect(port, host)
  })
}
