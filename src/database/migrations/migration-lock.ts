import { join } from 'node:path'
import pg from 'pg'
import { waitForLock } from '../file-lock.ts'
import type { Database } from '../open-database.ts'

// Two numbers of our own: the advisory locks of a database have one name space for everybody.
const advisoryKey = [0x72656672, 0x6d696772] as const

/**
 * Runs `work` while no other process migrates the same database; waits for one that does. The lock of a process that
 * dies is free at once. `onWait` is called when there is a wait.
 */
export async function withMigrationLock<Result>(
  database: Database,
  work: () => Promise<Result>,
  onWait: () => void = () => undefined,
): Promise<Result> {
  return database.kind === 'server'
    ? withAdvisoryLock(database, work, onWait)
    : withFileLock(database, work, onWait)
}

/** On a connection of its own, because the lock is the session's. */
async function withAdvisoryLock<Result>(
  database: Database,
  work: () => Promise<Result>,
  onWait: () => void,
): Promise<Result> {
  const client = new pg.Client(database.poolConfig)
  await client.connect()
  try {
    const { rows } = await client.query('SELECT pg_try_advisory_lock($1, $2) AS is_locked', [...advisoryKey])
    if (rows[0]?.is_locked !== true) {
      onWait()
      await client.query('SELECT pg_advisory_lock($1, $2)', [...advisoryKey])
    }
    return await work()
  } finally {
    await client.end()
  }
}

/** All connections of the embedded database share one session, which already has every lock that it asks for. */
async function withFileLock<Result>(
  database: Database,
  work: () => Promise<Result>,
  onWait: () => void,
): Promise<Result> {
  const lock = await waitForLock(join(database.projectDir, '.refract', 'migrate.lock'), { onWait })
  try {
    return await work()
  } finally {
    lock.release()
  }
}
