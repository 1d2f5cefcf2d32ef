import pg from 'pg'
import type { Database } from '../open-database.ts'
import { changesChannel } from './outbox-sql.ts'

/** How long to wait until a connection that was lost is made again; each time longer. */
const [firstRetryMilliseconds, lastRetryMilliseconds] = [200, 5_000]

/**
 * Calls back when a transaction that recorded changes was committed, and whenever the connection has been made anew, since
 * nothing is kept for who is away.
 *
 * @returns ends it
 */
export function listenToChanges(
  { poolConfig }: Pick<Database, 'poolConfig'>,
  onChange: () => void,
  onError: (error: unknown) => void,
): () => void {
  let client: pg.Client | undefined
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
    connecting.on('notification', onChange)
    connecting.on('error', onError)
    connecting.once('end', again)
    connecting
      .connect()
      .then(() => connecting.query(`LISTEN ${changesChannel}`))
      .then(() => {
        retry = firstRetryMilliseconds
        onChange()
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
  return () => {
    isEnded = true
    clearTimeout(timer)
    client?.end().catch(onError)
  }
}
