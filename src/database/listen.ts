import pg from 'pg'
import type { Database } from './open-database.ts'

/** How long to wait until a connection that was lost is made again; each time longer. */
const [firstRetryMilliseconds, lastRetryMilliseconds] = [200, 5_000]

export interface Listening {
  /** Resolves when it has begun. */
  readonly ready: Promise<void>
  end(): void
}

export interface NotificationListener {
  /** Hears the payload of each notification. */
  onNotification(payload: string): void
  /** The connection has been made, or made anew: nothing is kept for who is away. */
  onConnect?(): void
  onError(error: unknown): void
}

/**
 * Listens to a channel of PostgreSQL on a connection of its own, which is made anew whenever it is lost.
 */
export function listen(
  { poolConfig }: Pick<Database, 'poolConfig'>,
  channel: string,
  { onNotification, onConnect, onError }: NotificationListener,
): Listening {
  let client: pg.Client | undefined
  let begin: () => void = () => undefined
  const ready = new Promise<void>(resolve => {
    begin = resolve
  })
  let timer: NodeJS.Timeout | undefined
  let isEnded = false
  let retry = firstRetryMilliseconds

  const again = () => {
    client = undefined
    if (isEnded) return
    timer = setTimeout(connect, retry)
    timer.unref()
    retry = Math.min(retry * 2, lastRetryMilliseconds)
  }
  const connect = () => {
    const connecting = new pg.Client({ ...poolConfig, keepAlive: true })
    client = connecting
    connecting.on('notification', ({ payload = '' }) => onNotification(payload))
    connecting.on('error', onError)
    connecting.once('end', again)
    connecting
      .connect()
      .then(() => connecting.query(`LISTEN ${pg.escapeIdentifier(channel)}`))
      .then(() => {
        retry = firstRetryMilliseconds
        begin()
        onConnect?.()
      })
      .catch(error => {
        if (!isEnded) onError(error)
        // a connection that never was does not end
        connecting.off('end', again)
        connecting.end().catch(onError)
        again()
      })
  }
  connect()
  return {
    ready,
    end() {
      isEnded = true
      clearTimeout(timer)
      client?.end().catch(onError)
    },
  }
}
