import type { Row } from '../operations/client.ts'

/** Where the log of changes is: the database, past Prisma. */
export interface ChangeSource {
  /** The PostgreSQL schema of models that name none. */
  readonly schema: string
  /** Runs one statement; texts and numbers of 64 bits come as texts. */
  query(sql: string, values: readonly unknown[]): Promise<readonly Row[]>
  /** The tables whose changes the database records, as `schema.table`. */
  recordedTables(): Promise<ReadonlySet<string>>
  /**
   * Calls back when there may be new changes, and after it was away. It only hurries: what it misses is found by looking.
   *
   * @returns ends it
   */
  listen(onChange: () => void): () => void
  /** Hears of each change that was handed to its subscribers how many milliseconds before it was written, by the clocks. */
  onDelivered?(milliseconds: number): void
  /** Hears of failures, which are tried again. */
  onError(error: unknown): void
}
