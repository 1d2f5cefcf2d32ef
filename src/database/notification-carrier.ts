import { type Listening, listen } from './listen.ts'
import type { Database } from './open-database.ts'

/** Carries messages between everybody who is connected to the database. */
export interface NotificationCarrier {
  /** Rejects for a message of more than 7,900 bytes: PostgreSQL takes 8,000 at most. */
  send(message: string): Promise<void>
  listen(onMessage: (message: string) => void): Listening
}

const channel = 'refract_events'
const maximumBytes = 7_900

/** @param onError hears of connections that broke; they are made anew, and what was sent meanwhile is lost */
export function createNotificationCarrier(
  database: Database,
  onError: (error: unknown) => void,
): NotificationCarrier {
  return {
    async send(message) {
      const bytes = Buffer.byteLength(message)
      if (bytes > maximumBytes) {
        throw new Error(
          `An event of ${bytes} bytes was published; PostgreSQL carries ${maximumBytes} at most. Set REDIS_URL, or publish an id.`,
        )
      }
      await database.query('SELECT pg_notify($1, $2)', [channel, message])
    },
    listen: onMessage => listen(database, channel, { onNotification: onMessage, onError }),
  }
}
