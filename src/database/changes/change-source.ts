import { listen } from '../listen.ts'
import type { Database } from '../open-database.ts'
import { changesChannel } from './outbox-sql.ts'
import { readRecordedTables } from './read-recording.ts'

/** What reads the changes that a database records: statements past Prisma, and a signal that there are new ones. */
export interface DatabaseChanges {
  /** The PostgreSQL schema that the connections work in. */
  readonly schema: string
  query(sql: string, values: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>
  recordedTables(): Promise<ReadonlySet<string>>
  listen(onChange: () => void): () => void
  onDelivered?(milliseconds: number): void
  onError(error: unknown): void
}

/** How long it is remembered which tables are recorded. */
const rememberedMilliseconds = 10_000 // 10 seconds

/** Longer than any of the statements takes: a connection that is dead must not end the following of changes. */
const longestMilliseconds = 30_000 // 30 seconds

/** @param onError hears of connections that broke and statements that failed; they are tried again */
export function createDatabaseChanges(
  database: Database,
  onError: (error: unknown) => void,
): DatabaseChanges {
  let tables: Promise<ReadonlySet<string>> | undefined
  let readAt = 0
  return {
    schema: database.settings.schema ?? 'public',
    query: (sql, values) => database.query(sql, values, longestMilliseconds),
    recordedTables() {
      const now = performance.now()
      if (!tables || now - readAt > rememberedMilliseconds) {
        readAt = now
        const reading = readRecordedTables(sql => database.query(sql))
        tables = reading
        reading.catch(() => {
          if (tables === reading) tables = undefined
        })
      }
      return tables
    },
    listen: onChange =>
      listen(database, changesChannel, { onNotification: onChange, onConnect: onChange, onError }).end,
    onError,
  }
}
